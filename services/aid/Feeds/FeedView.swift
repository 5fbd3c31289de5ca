import ServiceKit

/// Files and what became of their rows, in words.
struct FeedView {
    let files: [ImportedFile]
    let run: RunSummary?
    let rules: PublishedRules
    let words: Words

    func fields() -> Fields {
        let current = files.filter { $0.replacedAt == nil }
        let replaced = files.filter { $0.replacedAt != nil }
        let register = current.filter { $0.kind == "register" }
        var fields: Fields = [
            "register": registerTable(register).fields(),
            "extracts": extractTable(current.filter { $0.kind == "feed" }).fields(),
            "kinds": rules.feeds.map { ["kindName": $0.name, "kindTitle": words[$0.title]] as Fields },
            "canRun": !register.isEmpty && current.contains { $0.kind == "feed" },
        ]
        if let run {
            fields["countsOf"] = words(
                "feeds.countsOf",
                ["run": words("run.name", ["n": "\(run.id)"]), "date": Figures.date(run.asOf, in: words.language)])
        }
        let problems = register.reduce(0) { $0 + $1.problems }
        if problems > 0 { fields["problemsText"] = words("feeds.problems", ["n": Figures.grouped(problems)]) }
        if !replaced.isEmpty { fields["replaced"] = replacedTable(replaced).fields() }
        let removable = current.filter { $0.kind == "feed" }
        if !removable.isEmpty {
            fields["removable"] = ["names": removable.map { ["fileName": $0.file] as Fields }] as Fields
        }
        return fields
    }

    private func registerTable(_ files: [ImportedFile]) -> Table {
        Table(
            caption: words["feeds.register"],
            columns: [
                .init(words["file.column.file"]), .init(words["file.column.rows"], isFigure: true),
                .init(words["file.column.problems"], isFigure: true), .init(words["file.column.size"], isFigure: true),
                .init(words["file.column.time"], isFigure: true),
            ],
            rows: files.map { file in
                [
                    .init(file.file), .init(file.rows.map(Figures.grouped) ?? "–"), .figure(file.problems),
                    .init(Figures.bytes(file.bytes)), .init(Figures.moment(file.importedAt, in: words.language)),
                ]
            },
            emptiness: words["feeds.register.empty"])
    }

    private func extractTable(_ files: [ImportedFile]) -> Table {
        Table(
            caption: words["feeds.extracts"],
            columns: [
                .init(words["file.column.file"]), .init(words["file.column.rows"], isFigure: true),
                .init(words["file.column.matched"], isFigure: true),
                .init(words["file.column.unmatched"], isFigure: true),
                .init(words["file.column.duplicate"], isFigure: true),
                .init(words["file.column.conflict"], isFigure: true),
                .init(words["file.column.rejected"], isFigure: true), .init(words["file.column.time"], isFigure: true),
            ],
            rows: files.map { file in
                let counts = file.counts
                func figure(_ number: Int?) -> Table.Cell { .init(number.map(Figures.grouped) ?? "–") }
                return [
                    .init(file.file, note: file.feed.map { words[rules.feedTitle($0)] }),
                    figure(counts?.rows ?? file.rows), figure(counts?.matched), figure(counts?.unmatched),
                    figure(counts?.duplicate), figure(counts?.conflict), figure(counts?.rejected),
                    .init(Figures.moment(file.importedAt, in: words.language)),
                ]
            },
            emptiness: words["feeds.extracts.empty"])
    }

    private func replacedTable(_ files: [ImportedFile]) -> Table {
        Table(
            caption: words["feeds.replaced"],
            columns: [
                .init(words["file.column.file"]), .init(words["file.column.size"], isFigure: true),
                .init(words["file.column.time"], isFigure: true), .init(words["file.column.replaced"], isFigure: true),
            ],
            rows: files.map { file in
                [
                    .init(file.file), .init(Figures.bytes(file.bytes)),
                    .init(Figures.moment(file.importedAt, in: words.language)),
                    .init(file.replacedAt.map { Figures.moment($0, in: words.language) } ?? ""),
                ]
            })
    }
}
