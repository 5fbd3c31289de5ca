import Contracts
import ServiceKit
import SocialDomain

/// Lists, states and differences as pages show them.
struct EditingView {
    let words: Words
    /// ISO 8601.
    let today: String
    let departments: [Department]

    func options(_ values: [(value: String, name: String)], chosen: String?) -> [Fields] {
        values.map { ["value": $0.value, "name": $0.name, "isChosen": $0.value == chosen] }
    }

    private func department(_ id: String) -> String { LiveCatalogue.Snapshot.name(of: id, in: departments) }
    private func day(_ text: String?) -> String { text.map { Figures.date($0, in: words.language) } ?? "–" }

    // MARK: - Lists

    func table(_ lines: [EditingStore.Line], work: EditingStore.Work) -> Table {
        Table(
            caption: words["editing.list.\(work.rawValue)"],
            columns: [
                .init(words["editing.column.item"]), .init(words["editing.column.department"], isMinor: true),
                .init(words["editing.column.state"], isShort: true),
                .init(words["editing.column.score"], isFigure: true), .init(words["editing.column.reviewBy"]),
                .init(words["editing.column.claimed"]),
            ],
            rows: lines.map { line in
                [
                    .init(line.name, href: EditingPages.address(line.code), note: line.code),
                    .init(department(line.department)), .init(state(line)), .init("\(line.score)"),
                    .init(day(line.reviewBy), note: isOverdue(line) ? words["editing.overdue"] : nil),
                    .init(line.isClaimed ? claimant(line.claimedName) : "–"),
                ]
            },
            emptiness: words["editing.empty.\(work.rawValue)"])
    }

    private func claimant(_ name: String?) -> String {
        name.flatMap { $0.isEmpty ? nil : $0 } ?? words["audit.kind.system"]
    }

    private func isOverdue(_ line: EditingStore.Line) -> Bool {
        line.isPublished && !line.isWithdrawn && (line.reviewBy.map { $0 < today } ?? false)
    }

    private func state(_ line: EditingStore.Line) -> String {
        if line.isWithdrawn { return words["edition.withdrawn"] }
        if line.state == .approved, let on = line.publishOn { return words("edition.scheduled", ["day": day(on)]) }
        return words["edition.\(line.state.rawValue)"]
    }

    func freshness(_ lines: [EditingStore.Freshness]) -> Table {
        Table(
            caption: words["freshness.caption"],
            columns: [
                .init(words["editing.column.department"]), .init(words["freshness.overdue"], isFigure: true),
                .init(words["freshness.published"], isFigure: true), .init(words["freshness.oldest"]),
                .init(words["editing.column.score"], isFigure: true),
            ],
            rows: lines.map { line in
                [
                    .init(line.name),
                    .figure(
                        line.overdue,
                        href: "\(EditingPages.path)?list=overdue&department=\(QueryItems.encoded(line.department))"),
                    .figure(line.published), .init(day(line.oldest)), .init("\(line.score)"),
                ]
            },
            emptiness: words["freshness.empty"])
    }

    // MARK: - One item

    func item(_ item: EditedItem, editions: [Edition], caller: Caller, hasWritten: Bool) -> Fields {
        let completeness = Completeness(item.head.content)
        var fields: Fields = [
            "address": EditingPages.address(item.code), "tag": "\(item.head.tag)",
            "facts": facts(item), "score": "\(completeness.score)", "today": today,
        ]
        fields["missing"] =
            completeness.missing.isEmpty
            ? nil : completeness.missing.map { words[$0.title] }.joined(separator: words["list.comma"])
        fields["note"] = item.head.note.isEmpty ? nil : item.head.note
        fields["publicHref"] = item.isPublished ? "/guide/items/\(QueryItems.encoded(item.code))" : nil
        for name in actions(item, caller: caller, hasWritten: hasWritten) { fields[name] = true }
        fields["editions"] = editions.enumerated().map { index, edition -> Fields in
            self.edition(edition, older: editions.indices.contains(index + 1) ? editions[index + 1] : nil, of: item)
        }
        return fields
    }

    private func actions(_ item: EditedItem, caller: Caller, hasWritten: Bool) -> [String] {
        let isReviewer = GuideContract.reviewing.allows(caller)
        guard GuideContract.editing.allows(caller) else { return [] }
        var names: [String] = []
        let isMine = item.claimedBy == caller.id
        if item.claimedBy == nil { names.append("canClaim") }
        if item.claimedBy != nil, isMine || isReviewer { names.append("canRelease") }
        if isMine, item.isOpenToEditing { names.append("canEdit") }
        if isMine, item.head.state == .draft || item.head.state == .returned { names.append("canSubmit") }
        if isMine, !item.isOpenToEditing { names.append("canTakeBack") }
        if isReviewer, item.head.state == .submitted {
            names.append(hasWritten || item.head.editedBy == caller.id ? "isOwnEdition" : "canReview")
        }
        if isReviewer, item.head.state == .approved, item.withdrawnAt == nil { names.append("canPublish") }
        if item.isPublished { names.append("canConfirm") }
        if isReviewer, item.isPublished { names.append("canWithdraw") }
        if isReviewer, item.withdrawnAt != nil { names.append("canRestore") }
        return names
    }

    private func facts(_ item: EditedItem) -> [Fields] {
        var facts: [(String, String)] = [
            (words["editing.column.department"], department(item.department)),
            (
                words["editing.column.state"],
                words(
                    "editing.edition",
                    ["n": "\(item.head.number)", "state": words["edition.\(item.head.state.rawValue)"]])
            ),
            (
                words["editing.column.claimed"],
                item.claimedBy == nil ? words["editing.nobody"] : claimant(item.claimedName)
            ),
        ]
        if let on = item.head.publishOn, item.head.state == .approved {
            facts.append((words["editing.publishOn"], day(on)))
        }
        if let number = item.publishedNumber {
            facts.append((words["editing.published"], words("editing.number", ["n": "\(number)"])))
            facts.append((words["editing.confirmed"], day(item.confirmedOn)))
            let late = item.reviewBy.map { $0 < today } ?? false
            facts.append(
                (words["editing.column.reviewBy"], day(item.reviewBy) + (late ? "（\(words["editing.overdue"])）" : "")))
        }
        if let at = item.withdrawnAt {
            facts.append(
                (words["edition.withdrawn"], Figures.day(at, in: words.language) + " · " + (item.withdrawnWhy ?? "")))
        }
        return facts.map { ["term": $0.0, "meaning": $0.1] }
    }

    private func edition(_ edition: Edition, older: Edition?, of item: EditedItem) -> Fields {
        let address = EditingPages.address(item.code)
        var lines = [words("edition.edited", ["day": moment(edition.editedAt), "who": writer(edition)])]
        if let at = edition.reviewedAt {
            lines.append(words("edition.reviewed", ["day": moment(at), "who": claimant(edition.reviewedName)]))
        }
        if let at = edition.publishedAt { lines.append(words("edition.publishedAt", ["day": moment(at)])) }
        var fields: Fields = [
            "number": words("editing.number", ["n": "\(edition.number)"]),
            "state": words["edition.\(edition.state.rawValue)"], "lines": lines.map { ["text": $0] as Fields },
            "previewHref": "\(address)/preview?edition=\(edition.number)",
        ]
        if let older { fields["changesHref"] = "\(address)/changes?from=\(older.number)&to=\(edition.number)" }
        return fields
    }

    private func writer(_ edition: Edition) -> String {
        edition.editedBy == "import" ? words["edition.import"] : claimant(edition.editedName)
    }

    private func moment(_ text: String) -> String { Figures.moment(text, in: words.language) }

    // MARK: - Differences

    /// Element by element, in words.
    func changes(_ diff: ItemDiff) -> Fields {
        guard !diff.changes.isEmpty else { return ["nothing": words["changes.none"]] }
        return [
            "list": diff.changes.map { change -> Fields in
                [
                    "name": words["element.\(change.element.rawValue)"], "summary": summary(change),
                    "removed": change.removed.map { ["text": shown($0, change.element)] as Fields },
                    "added": change.added.map { ["text": shown($0, change.element)] as Fields },
                ]
            }
        ]
    }

    private func shown(_ text: String, _ element: ItemElement) -> String {
        element == .department ? department(text) : text
    }

    private func summary(_ change: ItemDiff.Change) -> String {
        if change.isReordered { return words["changes.reordered"] }
        guard change.element.isList else {
            return words[
                change.removed.isEmpty ? "changes.filled" : change.added.isEmpty ? "changes.emptied" : "changes.other"]
        }
        let (added, removed) = ("\(change.added.count)", "\(change.removed.count)")
        if change.removed.isEmpty { return words("changes.added", ["n": added]) }
        if change.added.isEmpty { return words("changes.removed", ["n": removed]) }
        return words("changes.both", ["added": added, "removed": removed])
    }
}
