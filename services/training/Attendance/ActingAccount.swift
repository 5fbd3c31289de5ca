import ServiceKit

/// Who changes something, and when; makes the entry that the log gets.
struct ActingAccount: Sendable {
    let caller: Caller
    let request: String
    /// Since 1970.
    let second: Int64

    var account: String { caller.id }
    /// ISO 8601 in UTC.
    var moment: String { BeijingTime.iso8601(second) }
    var minute: Int64 { AttendanceMinutes.minute(second) }

    func event(_ action: String, subject: String, division: String, reason: String = "") -> AuditEvent {
        AuditEvent(
            action, subject: subject, division: division, reason: reason, by: caller, request: request)
    }
}

extension TrainingApplication {
    /// Seconds since 1970.
    var second: Int64 { BeijingTime.seconds(iso8601: now()) ?? 0 }

    func acting(_ context: KitContext) throws -> ActingAccount {
        ActingAccount(caller: try context.requireCaller(), request: context.requestID, second: second)
    }
}
