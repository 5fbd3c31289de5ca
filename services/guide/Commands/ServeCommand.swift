import ArgumentParser
import Foundation
import ServiceKit

/// `serve`: the pages and the API.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Serve the signboard. 启动网页服务。",
        discussion:
            "Stops on Ctrl-C or SIGTERM when the requests under way have ended. Exit codes: 0 stopped, 64 usage, 65 data or "
            + "keys refused, 69 the address or port cannot be had, 74 the data cannot be read.")
    static let port = 8104

    @OptionGroup var data: GuideFolder
    @OptionGroup var listen: ListenOptions
    @OptionGroup var sessions: SessionOptions

    @Option(help: "The address that citizens reach, https://hall.example: door plates and exports carry it.")
    var publicAddress: String?

    func validate() throws { try PublicAddressOption.check(publicAddress) }

    func run() async throws {
        try await Told.run {
            let logger = listen.log.logger("guide")
            let store = try data.open()
            var application = try await GuideApplication(
                store: store, signIn: try await listen.signIn.open(keys: "\(store.folder)/keys", service: "guide"))
            application.hosts = listen.hosts
            application.publicAddress = publicAddress
            application.limits = listen.limits.middleware
            application.proxies = Set(listen.limits.proxies)
            application.helpSettings = sessions.settings
            let follower = Task { [application] in await application.catalogue.follow() }
            let counter = Task { [application] in await application.tally.follow() }
            let popularity = Task { [application] in await application.followPopularity() }
            let upkeep = Task { [application] in
                await SessionUpkeep(desk: application.helpDesk).follow(logger)
            }
            let publications = Task { [application] in
                await PublicationLoop(database: application.database, now: application.now).run(logger: logger)
            }
            defer { for task in [follower, counter, popularity, upkeep, publications] { task.cancel() } }
            var launch = listen.launch(port: Self.port, logger: logger)
            launch.background = try await KitWork.services(
                signIn: application.signIn, database: store.database, logger: logger)
            try await launch.run(application.buildRouter()) { [listen] port in
                print("guide-service: \(listen.address(port: port, service: "guide"))")
                fflush(nil)
            }
            // What was counted in the last seconds.
            try await application.tally.flush()
        }
    }
}
