import Foundation

/// Something that has happened here and that other services may want to know.
package struct OutgoingEvent: Hashable, Sendable {
    /// `cn.minsheng.account.changed`
    package let type: String
    /// An id, never a name or an identity number; events of one subject arrive in their order.
    package let subject: String
    let id: String
    /// JSON.
    let data: String

    package init(_ type: String, subject: String, data: some Encodable) throws {
        self.type = type
        self.subject = subject
        id = UUID().uuidString.lowercased()
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        self.data = String(decoding: try encoder.encode(data), as: UTF8.self)
    }
}

/// Who is told of events.
package struct EventReceiver: Hashable, Sendable {
    /// The service's name.
    package let name: String
    /// `http://127.0.0.1:8101/aid`; events go to `/v1/events` below it.
    package let address: String
    package let types: Set<String>

    package init(name: String, address: String, types: Set<String>) {
        self.name = name
        self.address = address
        self.types = types
    }
}

/// How events are sent and kept. The defaults suit a service.
package struct EventOptions: Hashable, Sendable {
    /// Lanes (a receiver's queue of one subject) that are sent at the same time by one copy of the service.
    package var lanes = 16
    /// Events of a lane that are sent under one lease.
    package var batch = 100
    /// How long a copy has a lane to itself; what was not told of by then another copy sends again.
    package var lease: Duration = .seconds(60)
    /// The wait before the second attempt; it doubles with every further one.
    package var firstWait: Duration = .seconds(1)
    package var longestWait: Duration = .seconds(300)
    /// A receiver's `Retry-After` counts up to this.
    package var longestRetryAfter: Duration = .seconds(3600)
    /// After so many attempts, or so long after the first, an event becomes a dead letter.
    /// A day has at most 585 attempts, where every wait is the shortest.
    package var attempts = 600
    package var patience: Duration = .seconds(24 * 3600)
    /// How often is looked for what other processes have added.
    package var poll: Duration = .seconds(2)
    /// How long delivered events are kept. Dead letters stay.
    package var keepsDelivered: Duration = .seconds(30 * 86_400)
    /// How long what came in is remembered; what is sent again after that is handled again.
    package var remembers: Duration = .seconds(400 * 86_400)

    package init() {}
}

extension Duration {
    var milliseconds: Int64 { components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000 }
}

extension Date {
    var unixMilliseconds: Int64 { Int64((timeIntervalSince1970 * 1000).rounded()) }
}
