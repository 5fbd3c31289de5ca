import ArgumentParser
import Foundation
import ServiceKit

/// `serve`: the pages and the API.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Serve the training pages. 启动网页服务。",
        discussion:
            "Stops on Ctrl-C or SIGTERM when the requests under way have ended. Exit codes: 0 stopped, 64 usage, 65 data or "
            + "keys refused, 69 the address or port cannot be had, 74 the data cannot be read.")
    static let port = 8102

    @OptionGroup var data: TrainingFolder
    @OptionGroup var listen: ListenOptions
    @OptionGroup var subsidies: SubsidyOptions
    @OptionGroup var enrollment: EnrollmentOptions

    @Option(help: "The address that citizens reach, https://hall.example: certificates carry it.")
    var publicAddress: String?

    @Option(help: "Where the aid service is, http://127.0.0.1:8101: people who need training come from there.")
    var aid: String?

    func run() async throws {
        try await Told.run {
            let logger = listen.log.logger("training")
            let store = try data.open()
            var application = try TrainingApplication(
                store: store, signIn: try await listen.signIn.open(keys: "\(store.folder)/keys", service: "training"))
            application.hosts = listen.hosts
            application.publicAddress = publicAddress
            application.subsidies = subsidies.settings
            application.enrollment = enrollment.settings
            application.limits = listen.limits.middleware
            application.proxies = Set(listen.limits.proxies)
            let line = try await AidLine(aid, store: store, registry: application.registry, logger: logger)
            application.people = line.people
            application.statusClient = line.status
            let upkeep = Task { [application] in
                await EnrollmentUpkeep(
                    database: application.database, settings: application.enrollment, aid: application.aidStatus,
                    now: application.now
                ).follow(logger)
            }
            defer { upkeep.cancel() }
            var launch = listen.launch(port: Self.port, logger: logger)
            launch.background = try await application.background(line.sender, logger: logger)
            try await launch.run(application.buildRouter()) { [listen] port in
                print("training-service: \(listen.address(port: port, service: "training"))")
                fflush(nil)
            }
            await line.close()
        }
    }
}
