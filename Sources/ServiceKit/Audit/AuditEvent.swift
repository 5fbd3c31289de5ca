package import Foundation
import Security

/// Something that someone did or looked at, before it has its place in the chain.
package struct AuditEvent: Hashable, Sendable {
    /// Stable and dotted, `household.look`; the words stand in the catalogue as `audit.ACTION`.
    package let action: String
    /// An id, never an identity number or a name.
    package var subject: String
    /// The digits of the subject's division; empty where it has none.
    package var division: String
    package let reason: String
    package let actor: String
    package let name: String
    package let kind: String
    package let requestID: String
    /// Since 1970.
    package let unixMilliseconds: Int64

    package init(
        _ action: String, subject: String = "", division: String = "", reason: String = "", by caller: Caller,
        request: String = "", at time: Date = Date()
    ) {
        self.action = action
        self.subject = subject
        self.division = division
        self.reason = reason
        actor = caller.id
        name = caller.name
        kind = caller.kind.rawValue
        requestID = request
        unixMilliseconds = Int64(time.timeIntervalSince1970 * 1000)
    }

    /// By whoever sent the request.
    package init(
        _ action: String, subject: String = "", division: String = "", reason: String = "", in context: KitContext
    ) throws(Problem) {
        self.init(
            action, subject: subject, division: division, reason: reason, by: try context.requireCaller(),
            request: context.requestID)
    }

    func entry(_ sequence: UInt64) -> AuditEntry {
        AuditEntry(
            sequence: sequence, actor: actor, name: name, role: kind, action: action, subject: subject,
            division: division, reason: reason, unixMilliseconds: unixMilliseconds, requestID: requestID)
    }
}
