import Security
import ServiceKit
import SocialDomain
import Storage

/// What a reader said is wrong on an item's page.
struct FeedbackEntry: Hashable, Sendable {
    let id: Int64
    let itemCode: String
    let itemName: String
    let edition: Int64
    let note: String
    /// Beijing's day; the hour is not kept.
    let saidOn: String
    let isDone: Bool
    let answer: String
    let answeredName: String?
    let answeredAt: String?
}

enum FeedbackRefusal: ExplainedFault, Hashable {
    case unknown
    case answerMissing

    var explanation: LocalizedText {
        switch self {
        case .unknown: LocalizedText(zh: "没有这条反馈，或已经办结。", en: "There is no such entry, or it is done.")
        case .answerMissing:
            LocalizedText(zh: "请写明怎么处理的，最多 500 字。", en: "Say what was done, in at most 500 characters.")
        }
    }
}

/// Readers' feedback in the database.
struct FeedbackStore: Sendable {
    let database: Database
    static let longestNote = 500

    /// Keeps what a reader wrote about a published item.
    func say(_ note: String, about item: PublishedItem, on day: CalendarDate) async throws {
        let note = Self.masked(String(note.prefix(Self.longestNote)))
        let code = item.content.code
        try await database.write { db in
            let last = try db.first("SELECT MAX(feedback_id) AS last FROM feedback")?.get("last", as: Int64?.self) ?? 0
            try db.execute(
                """
                INSERT INTO feedback (feedback_id, item_code, item_name, edition, department_id, division, note,
                    said_on, state)
                SELECT \(last + 1), code, \(item.content.name), \(item.number), department_id, division, \(note),
                    \(day.description), 'open'
                FROM item WHERE code = \(code)
                """)
        }
    }

    /// Runs of seven and more digits, spaces and hyphens between them let through, become stars: people write their
    /// phone or identity number although nobody asks for it.
    static func masked(_ note: String) -> String {
        var result: [Character] = []
        var run: [Character] = []
        func end() {
            let digits = run.filter(\.isNumber).count
            result += digits >= 7 ? run.map { $0.isNumber ? "*" : $0 } : run
            run = []
        }
        for character in note {
            // The last place of an identity number may be an X.
            let isDigit = character.isNumber
            let joins = !run.isEmpty && (character == " " || character == "-")
            if isDigit || joins || (!run.isEmpty && (character == "X" || character == "x")) {
                run.append(character)
            } else {
                end()
                result.append(character)
            }
        }
        end()
        return String(result)
    }

    /// Item by item, those with most open entries first; within an item the newest first.
    func list(
        isDone: Bool, item: String?, within scope: Scope, after: Int, limit: Int
    ) async throws -> [FeedbackEntry] {
        let state = isDone ? "done" : "open"
        let inside = SQL.within(scope.division, "f.division")
        let narrowed: SQL = item.map { "f.item_code = \($0)" } ?? "1 = 1"
        return try await database.read { db in
            try db.rows(
                """
                SELECT f.* FROM feedback f
                JOIN (SELECT item_code, COUNT(*) AS entries FROM feedback WHERE state = \(state) GROUP BY item_code) n
                    ON n.item_code = f.item_code
                WHERE f.state = \(state) AND \(inside) AND \(narrowed)
                ORDER BY n.entries DESC, f.item_code, f.feedback_id DESC LIMIT \(limit) OFFSET \(after)
                """
            ).map(Self.entry)
        }
    }

    func openCount(within scope: Scope) async throws -> Int {
        let inside = SQL.within(scope.division, "division")
        return try await database.read { db in
            try db.first("SELECT COUNT(*) AS entries FROM feedback WHERE state = 'open' AND \(inside)")?.get("entries")
                ?? 0
        }
    }

    /// Ends an entry with what was done about it.
    func answer(
        _ id: Int64, _ answer: String, by caller: Caller, at time: String, request: String
    ) async throws {
        guard !answer.isEmpty, answer.count <= Self.longestNote else { throw FeedbackRefusal.answerMissing }
        let inside = SQL.within(caller.scope.division, "division")
        try await database.write { db in
            guard
                let row = try db.first(
                    """
                    SELECT item_code, division FROM feedback
                    WHERE feedback_id = \(id) AND state = 'open' AND \(inside)
                    """)
            else { throw FeedbackRefusal.unknown }
            try db.execute(
                """
                UPDATE feedback SET state = 'done', answer = \(answer), answered_by = \(caller.id),
                    answered_name = \(caller.name), answered_at = \(time) WHERE feedback_id = \(id)
                """)
            try AuditLog.append(
                [
                    AuditEvent(
                        "feedback.answer", subject: try row.get("item_code"), division: try row.get("division"),
                        by: caller, request: request)
                ], in: db)
        }
    }

    private static func entry(_ row: Row) throws -> FeedbackEntry {
        FeedbackEntry(
            id: try row.get("feedback_id"), itemCode: try row.get("item_code"), itemName: try row.get("item_name"),
            edition: try row.get("edition"), note: try row.get("note"), saidOn: try row.get("said_on"),
            isDone: try row.get("state", as: String.self) == "done", answer: try row.get("answer"),
            answeredName: try row.get("answered_name"), answeredAt: try row.get("answered_at"))
    }
}
