import ServiceKit

/// Runs and their files as tables and words.
struct RunTable {
    let words: Words

    func table(_ runs: [RunSummary]) -> Table {
        Table(
            caption: words["runs.caption"],
            columns: [
                .init(words["run.column.run"]), .init(words["run.column.state"]), .init(words["run.column.asOf"]),
                .init(words["run.column.rules"], isMinor: true), .init(words["run.column.opened"], isFigure: true),
                .init(words["run.column.updated"], isFigure: true, isMinor: true),
                .init(words["run.column.cleared"], isFigure: true),
                .init(words["run.column.time"], isFigure: true),
            ],
            rows: runs.map { run in
                [
                    .init(words("run.name", ["n": "\(run.id)"]), href: "/aid/runs/\(run.id)"),
                    .init(words["run.state.\(run.state)"]), .init(Figures.date(run.asOf, in: words.language)),
                    .init(run.rulesVersion), .figure(run.opened), .figure(run.updated), .figure(run.cleared),
                    .init(Figures.moment(run.requestedAt, in: words.language)),
                ]
            },
            emptiness: words["runs.empty"])
    }

    func files(_ files: [RunFileCounts]) -> Table {
        Table(
            caption: words["run.files"],
            columns: [
                .init(words["file.column.file"]), .init(words["file.column.rows"], isFigure: true),
                .init(words["file.column.matched"], isFigure: true),
                .init(words["file.column.unmatched"], isFigure: true),
                .init(words["file.column.duplicate"], isFigure: true),
                .init(words["file.column.conflict"], isFigure: true),
                .init(words["file.column.rejected"], isFigure: true),
            ],
            rows: files.map { file in
                [
                    .init(file.file), .figure(file.rows), .figure(file.matched), .figure(file.unmatched),
                    .figure(file.duplicate), .figure(file.conflict), .figure(file.rejected),
                ]
            },
            emptiness: words["run.files.empty"])
    }

    /// What the template `run` shows.
    func summary(_ run: RunSummary) -> Fields {
        var fields: Fields = [
            "runID": "\(run.id)",
            "state": words["run.state.\(run.state)"],
            "asOf": Figures.date(run.asOf, in: words.language),
            "rulesVersion": run.rulesVersion,
            "requestedAt": Figures.moment(run.requestedAt, in: words.language),
        ]
        fields["finishedAt"] = run.finishedAt.map { Figures.moment($0, in: words.language) }
        fields["failure"] = run.failure.map { words[$0] }
        if run.isUnderWay {
            let total = max(run.totalUnits, 1)
            fields["progress"] =
                [
                    "phase": run.phase.isEmpty ? words["run.state.\(run.state)"] : phase(run.phase),
                    "done": "\(min(run.doneUnits, total))", "total": "\(total)",
                    "share": Figures.share(min(run.doneUnits, total), of: total),
                ] as Fields
        }
        if run.state == "done" {
            fields["result"] =
                [
                    "households": Figures.grouped(run.households), "persons": Figures.grouped(run.persons),
                    "opened": Figures.grouped(run.opened), "updated": Figures.grouped(run.updated),
                    "cleared": Figures.grouped(run.cleared), "reopened": Figures.grouped(run.reopened),
                    "unchanged": Figures.grouped(run.unchanged),
                ] as Fields
        }
        return fields
    }

    /// A phase's name in words; one that the catalogue does not know, as the run says it.
    private func phase(_ name: String) -> String {
        words.catalogue["run.phase.\(name)"]?[words.language] ?? name
    }
}

/// Files that were not used at all, each with its reason and how to mend it.
struct RefusedFiles {
    let words: Words

    func list(_ refused: [RunReport.Refused]) -> [Fields] {
        refused.map { one in
            let key = "refused.\(one.reason)"
            let reason = words.catalogue[key] == nil ? one.reason : words(key, ["field": one.field])
            return ["file": one.file, "reason": reason]
        }
    }
}
