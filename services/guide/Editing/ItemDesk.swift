import Security
import ServiceKit
import SocialDomain
import Storage

/// The steps of an item's life (动态调整), each with its rule, its change and its entry in the log, within the caller's
/// transaction and division. A step that is refused changes nothing.
struct ItemDesk {
    let db: Connection
    let caller: Caller
    /// ISO 8601 in UTC.
    let time: String
    /// For the log.
    let request: String

    static let longestNote = 500
    private static let reviewer = "reviewer"

    var today: CalendarDate { PublishItem.day(of: time) }

    func find(_ code: String) throws -> EditedItem {
        guard let item = try EditingStore.item(code: code, within: caller.scope, in: db) else {
            throw Problem.notFound
        }
        return item
    }

    func note(_ action: String, _ item: EditedItem, _ reason: String = "") throws {
        let event = AuditEvent(
            "item.\(action)", subject: item.code, division: item.division, reason: reason, by: caller, request: request)
        try AuditLog.append([event], in: db)
    }

    func requireTag(_ tag: Int64, _ item: EditedItem) throws {
        guard item.head.tag == tag else { throw Problem.stale }
    }

    func requireNote(_ note: String) throws {
        guard !TextForm.trimmed(note).isEmpty else { throw EditingRefusal.noteMissing }
        try checkNote(note)
    }

    func checkNote(_ note: String) throws {
        guard note.unicodeScalars.count <= Self.longestNote else { throw EditingRefusal.noteTooLong(Self.longestNote) }
    }

    private func requireClaim(_ item: EditedItem) throws {
        guard let claimant = item.claimedBy else { throw EditingRefusal.notClaimed }
        guard claimant == caller.id else { throw EditingRefusal.claimedBy(item.claimedName ?? "") }
    }

    // MARK: - Claiming

    func claim(_ code: String) throws {
        let item = try find(code)
        if item.claimedBy == caller.id { return }
        guard item.claimedBy == nil else { throw EditingRefusal.claimedBy(item.claimedName ?? "") }
        try db.execute(
            """
            UPDATE item SET claimed_by = \(caller.id), claimed_name = \(caller.name)
            WHERE item_id = \(item.id) AND claimed_by IS NULL
            """)
        try note("claim", item)
    }

    func release(_ code: String) throws {
        let item = try find(code)
        guard item.claimedBy != nil else { return }
        guard item.claimedBy == caller.id || caller.kind == .system || caller.scope.has(Self.reviewer, in: "guide")
        else { throw EditingRefusal.notYours }
        try db.execute("UPDATE item SET claimed_by = NULL, claimed_name = NULL WHERE item_id = \(item.id)")
        try note("release", item)
    }

    // MARK: - Writing

    /// A new item with its first draft, claimed by the one who begins it.
    func begin(code: String, name: String, department: String) throws {
        let content = ItemText.normalised(.bare(code: code, baseCode: "", name: name, department: department))
        let place = try check(content)
        guard try db.first("SELECT 1 AS one FROM item WHERE code = \(content.code)") == nil else {
            throw EditingRefusal.codeTaken
        }
        let id = try EditingStore.nextItemID(in: db)
        try db.execute(
            """
            INSERT INTO item (item_id, code, base_code, department_id, division, name, score, claimed_by, claimed_name)
            VALUES (\(id), \(content.code), '', \(content.department), \(place), \(content.name),
                \(Int64(Completeness(content).score)), \(caller.id), \(caller.name))
            """)
        try insertDraft(content, number: 1, of: id)
        try note("begin", try find(content.code))
    }

    /// Saves a draft, or begins the next edition of a published item.
    ///
    /// - Parameter tag: the state that the change is made on.
    /// - Returns: whether anything changed.
    @discardableResult
    func save(_ content: ItemContent, of code: String, tag: Int64) throws -> Bool {
        let item = try find(code)
        try requireClaim(item)
        try requireTag(tag, item)
        guard item.isOpenToEditing else { throw EditingRefusal.underReview }
        let content = ItemText.normalised(content)
        try check(content, of: item)
        guard content != item.head.content else { return false }
        if item.head.state == .published {
            try insertDraft(content, number: item.head.number + 1, of: item.id)
            try noteNewest(content, of: item)
            try note("edit", item, "edition \(item.head.number + 1)")
        } else {
            try db.execute(
                """
                UPDATE edition SET state = 'draft', version = version + 1, content = \(CatalogueStore.json(content)),
                    edited_by = \(caller.id), edited_name = \(caller.name), edited_at = \(time), submitted_at = NULL,
                    reviewed_by = NULL, reviewed_name = NULL, reviewed_at = NULL
                WHERE item_id = \(item.id) AND number = \(item.head.number)
                """)
            try EditingStore.noteWriter(caller.id, at: item.head.number, of: item.id, in: db)
            try noteNewest(content, of: item)
            try note("edit", item, "edition \(item.head.number)")
        }
        return true
    }

    /// What the content may not be; the department's division where it may.
    @discardableResult
    func check(_ content: ItemContent, of item: EditedItem? = nil) throws -> String {
        var faults = ContentCheck.faults(in: content)
        if let item, content.code != item.code {
            faults.append(ElementFault(.code, "事项编码不能改；编码变了请新建事项。", "The code stays: begin a new item for a new code."))
        }
        let department = try EditingStore.department(content.department, within: caller.scope, in: db)
        if department == nil, !content.department.isEmpty {
            faults.append(
                ElementFault(.department, "没有这个部门，或不在本区划以内。", "There is no such department in your division."))
        }
        guard faults.isEmpty, let department else {
            throw Problem.invalid(faults.map { FieldFault(field: $0.element.rawValue, message: $0.sentence) })
        }
        return department.division
    }

    private func insertDraft(_ content: ItemContent, number: Int64, of item: Int64) throws {
        try db.execute(
            """
            INSERT INTO edition (item_id, number, state, content, edited_by, edited_name, edited_at)
            VALUES (\(item), \(number), 'draft', \(CatalogueStore.json(content)), \(caller.id), \(caller.name), \(time))
            """)
        try EditingStore.noteWriter(caller.id, at: number, of: item, in: db)
    }

    private func noteNewest(_ content: ItemContent, of item: EditedItem) throws {
        try db.execute(
            """
            UPDATE item SET name = \(content.name), score = \(Int64(Completeness(content).score))
            WHERE item_id = \(item.id)
            """)
    }

    // MARK: - Handing in

    func submit(_ code: String, tag: Int64) throws {
        let item = try find(code)
        try requireClaim(item)
        try requireTag(tag, item)
        guard item.head.state == .draft || item.head.state == .returned else { throw EditingRefusal.notDraft }
        let missing = Completeness(item.head.content).missing.filter { Completeness.Element.essential.contains($0) }
        guard missing.isEmpty else { throw EditingRefusal.incomplete(missing) }
        if let number = item.publishedNumber,
            try EditingStore.edition(number, of: item.id, in: db)?.content == item.head.content
        {
            throw EditingRefusal.unchanged
        }
        try EditingStore.noteWriter(caller.id, at: item.head.number, of: item.id, in: db)
        try db.execute(
            """
            UPDATE edition SET state = 'submitted', version = version + 1, submitted_at = \(time), reviewed_by = NULL,
                reviewed_name = NULL, reviewed_at = NULL, note = ''
            WHERE item_id = \(item.id) AND number = \(item.head.number)
            """)
        try note("submit", item, "edition \(item.head.number)")
    }

    /// A handed-in or approved edition becomes a draft again, as long as it is not published.
    func takeBack(_ code: String, tag: Int64) throws {
        let item = try find(code)
        try requireClaim(item)
        try requireTag(tag, item)
        guard !item.isOpenToEditing else { throw EditingRefusal.notSubmitted }
        try db.execute(
            """
            UPDATE edition SET state = 'draft', version = version + 1, submitted_at = NULL, reviewed_by = NULL,
                reviewed_name = NULL, reviewed_at = NULL, publish_on = NULL
            WHERE item_id = \(item.id) AND number = \(item.head.number)
            """)
        try note("takeBack", item, "edition \(item.head.number)")
    }
}
