import ArgumentParser
import CurlHTTP
import Foundation
import Logging
import ServiceKit

/// The options of `aid-service serve`; the command itself wires the stores and the job behind the pages.
struct ServeOptions: ParsableArguments {
    @OptionGroup var data: DataOption

    @Option(help: "Port to listen on.")
    var port = 8101

    @Option(help: "Address to listen on; loopback only without --gateway.")
    var hostname = "127.0.0.1"

    @Option(help: "Where the training service is, http://127.0.0.1:8102: it is told of people who need training.")
    var training: String?

    @OptionGroup var signIn: SignInOptions
    @OptionGroup var limits: LimitOptions
    @OptionGroup var log: LogOptions

    /// Refuses an address that others could reach before anything is opened.
    func validate() throws {
        do {
            try launch(logger: Logger(label: "aid")).refuseForeignAddress()
        } catch {
            throw ValidationError("\(error)")
        }
    }

    func launch(logger: Logger) -> Launch {
        var launch = Launch(hostname: hostname, port: port, logger: logger)
        launch.isOpen = signIn.gateway == nil
        launch.proxies = Set(limits.proxies)
        return launch
    }

    /// Where `Resources` of this service lie.
    static var resources: String { Bundle.module.bundlePath + "/Resources" }
}

/// `aid-service serve`: the pages.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Serve the pages. 启动网页服务。",
        discussion:
            "Stops on Ctrl-C or SIGTERM when the requests under way have ended. Exit codes: 0 stopped, 64 usage, "
            + "69 the address or port cannot be had, 74 the data cannot be read.")

    @OptionGroup var options: ServeOptions

    func run() async throws {
        let logger = options.log.logger("aid")
        let service = try await AidServer(options, logger: logger)
        let client = HTTPClient()
        let hostname =
            options.hostname.contains(":") && !options.hostname.hasPrefix("[")
            ? "[\(options.hostname)]" : options.hostname
        do {
            var launch = options.launch(logger: logger)
            launch.background = try await service.application.background(
                try await service.trainingSender(options.training, client, logger: logger), logger: logger)
            try await launch
                .run(service.application.buildRouter()) { port in
                    print("aid-service: http://\(hostname):\(port)/aid/")
                    fflush(nil)
                }
            await service.job.shutDown()
            await client.close()
        } catch let refusal as LaunchRefusal {
            await service.job.shutDown()
            FileHandle.standardError.write(Data("error: \(refusal)\n".utf8))
            throw ExitCode(69)
        }
    }
}
