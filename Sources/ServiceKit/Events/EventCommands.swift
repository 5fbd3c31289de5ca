package import ArgumentParser
package import Storage

/// Which deliveries `event list` shows.
package struct EventFilterOptions: ParsableArguments {
    @Option(help: "Those of one state: queued, dead or delivered; all, if it is not given.")
    package var state: Delivery.State?

    @Option(help: "At most so many of a state, the latest change first.")
    package var limit = 100

    package init() {}

    package func validate() throws {
        guard (1...100_000).contains(limit) else { throw ValidationError("--limit is a number from 1 to 100000") }
    }
}

/// The event that `event resend` sends.
package struct NamedEventOptions: ParsableArguments {
    @Argument(help: "The event's id, as `event list` shows it.")
    package var event: String

    @Option(help: "To this receiver only; to all that did not get it, if it is not given.")
    package var receiver: String?

    package init() {}
}

extension Delivery.State: ExpressibleByArgument {}

/// What `event list` and `event resend` of a service do.
package enum EventWork {
    /// A line a delivery, with tabs: state, event, receiver, type, subject, sequence, attempts, reason.
    package static func list(_ database: Database, state: Delivery.State?, limit: Int) async throws {
        let outbox = Outbox(database: database)
        print(
            ["state", "event", "receiver", "type", "subject", "sequence", "attempts", "reason"].joined(separator: "\t"))
        for state in state.map({ [$0] }) ?? Delivery.State.allCases {
            for delivery in try await outbox.list(state, limit: limit) {
                print(
                    [
                        state.rawValue, delivery.event, delivery.receiver, delivery.type, delivery.subject,
                        "\(delivery.sequence)", "\(delivery.attempts)", delivery.reason,
                    ].joined(separator: "\t"))
            }
        }
    }

    /// The running service sends it with its next look at the outbox.
    package static func resend(_ database: Database, event: String, to receiver: String?) async throws {
        try await Outbox(database: database).resend(event, to: receiver, by: .machine)
        print("queued again 已重新排队")
    }
}
