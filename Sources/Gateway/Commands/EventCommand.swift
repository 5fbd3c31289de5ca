import ArgumentParser
import ServiceKit

/// `minsheng event`: the events on their way to the services.
struct EventCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "event", abstract: "See what other services are told, and tell it again. 服务间事件。",
        subcommands: [EventListCommand.self, EventResendCommand.self])
}

struct EventListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List deliveries: what waits, dead letters, what arrived. 列出事件。",
        discussion: "Exit codes: 0 listed, 64 usage, 74 the data cannot be read.")
    @OptionGroup var options: GatewayOptions
    @OptionGroup var filter: EventFilterOptions

    func run() async throws {
        try await Told.run {
            try await EventWork.list(try options.open().database, state: filter.state, limit: filter.limit)
        }
    }
}

struct EventResendCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resend", abstract: "Put a dead letter back into the queue. 重新发送死信。",
        discussion: "Exit codes: 0 queued, 64 usage, 65 no such dead letter, 74 the data cannot be read.")
    @OptionGroup var options: GatewayOptions
    @OptionGroup var named: NamedEventOptions

    func run() async throws {
        try await Told.run {
            try await EventWork.resend(try options.open().database, event: named.event, to: named.receiver)
        }
    }
}
