import Security
import ServiceKit
import SocialDomain
import Storage

/// One change to schools or classes within the caller's transaction and division: its rule, its statement and its entry in the
/// log stand or fall together.
struct ChangeDesk {
    let db: Connection
    let caller: Caller
    /// ISO 8601 in UTC.
    let time: String
    /// For the log.
    let request: String

    var scope: Scope { caller.scope }
    var today: CalendarDate { BeijingTime.day(iso8601: time) }
    /// Minutes since 1970-01-01 00:00 in Beijing.
    var minuteNow: Int64 { TimetableMinute.of(BeijingTime.seconds(iso8601: time) ?? 0) }

    func note(_ action: String, _ subject: String, division: String, _ reason: String = "") throws {
        let event = AuditEvent(
            action, subject: subject, division: division, reason: reason, by: caller, request: request)
        try AuditLog.append([event], in: db)
    }

    /// Whether the account has had a hand in what another one is to decide on.
    func hasPrepared(_ subject: String, actions: [String]) throws -> Bool {
        try db.first(
            """
            SELECT 1 AS one FROM audit_entry
            WHERE subject = \(subject) AND actor = \(caller.id) AND action IN \(list: actions) LIMIT 1
            """) != nil
    }

    /// A row that was put in, whose id the database gave.
    func newID(_ row: Row?, _ column: String) throws -> Int64 {
        guard let row else { throw DatabaseFault.damaged }
        return try row.get(column)
    }
}

extension TrainingApplication {
    /// One change in one transaction.
    func change<Value: Sendable>(
        _ context: KitContext, _ work: @escaping @Sendable (ChangeDesk) throws -> Value
    ) async throws -> Value {
        let (caller, time, request) = (try context.requireCaller(), now(), context.requestID)
        return try await database.write { db in
            try work(ChangeDesk(db: db, caller: caller, time: time, request: request))
        }
    }
}

/// Why a step is refused that the page's state does not allow.
enum StepRefusal: ExplainedFault, Hashable {
    case unknown
    /// The page is older than the last change.
    case stale
    case samePerson
    case noteMissing
    case wrongState(LocalizedText)
    /// What is still missing, by field.
    case faults([FieldFault])

    var explanation: LocalizedText {
        switch self {
        case .unknown: LocalizedText(zh: "没有找到，或不在您的区划以内。", en: "There is none, or it lies outside your division.")
        case .stale:
            LocalizedText(
                zh: "您打开页面以后，别人改过这里。没有改动；请核对现在的内容，再操作一次。",
                en: "Somebody else has changed this since you opened it. Nothing was done: look at it as it is now, "
                    + "then do it again.")
        case .samePerson:
            LocalizedText(
                zh: "这是您自己经手准备的，须由另一位审核人员决定。", en: "You had a hand in preparing this: another reviewer decides.")
        case .noteMissing: LocalizedText(zh: "请写明原因，最多 500 字。", en: "Say why, in at most 500 characters.")
        case .wrongState(let text): text
        case .faults(let faults):
            LocalizedText(
                zh: faults.map(\.message.zh).joined(separator: " "), en: faults.map(\.message.en).joined(separator: " ")
            )
        }
    }

    /// For programs.
    var problem: Problem {
        switch self {
        case .unknown: .notFound
        case .stale: .stale
        case .faults(let faults): .invalid(faults)
        default: Problem(self)
        }
    }
}

/// Minutes of the timetable: since 1970-01-01 00:00 in Beijing.
enum TimetableMinute {
    static let day: Int64 = 24 * 60

    static func of(_ seconds: Int64) -> Int64 {
        Int64(BeijingTime.day(seconds).dayNumber) * day + Int64(BeijingTime.minute(seconds))
    }

    static func of(_ date: CalendarDate, _ minute: Int64 = 0) -> Int64 { Int64(date.dayNumber) * day + minute }

    static func date(_ minute: Int64) -> CalendarDate {
        CalendarDate(dayNumber: Int32((Double(minute) / Double(day)).rounded(.down)))
    }

    /// `09:30`; the end of a day is `24:00`.
    static func clock(_ minute: Int64, endOf start: Int64? = nil) -> String {
        var rest = minute - Int64(date(start ?? minute).dayNumber) * day
        if rest > day { rest -= day }
        return "\(rest / 600)\(rest / 60 % 10):\(rest % 60 / 10)\(rest % 10)"
    }
}
