import ArgumentParser
import Foundation
import Logging
import ServiceKit

/// The options of `aid-service serve`; the command itself wires the stores and the job behind the pages.
struct ServeOptions: ParsableArguments {
    @OptionGroup var data: DataOption

    @Option(help: "Port to listen on.")
    var port = 8101

    @Option(help: "Loopback address to listen on.")
    var hostname = "127.0.0.1"

    /// Refuses an address that others could reach before anything is opened.
    func validate() throws {
        do {
            try Launch(hostname: hostname, port: port, logger: Logger(label: "aid")).refuseForeignAddress()
        } catch {
            throw ValidationError("\(error)")
        }
    }

    /// Where `Resources` of this service lie.
    static var resources: String { Bundle.module.bundlePath + "/Resources" }
}

/// `aid-service serve`: the pages, on this machine only.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Serve the pages on this machine.",
        discussion:
            "Stops on Ctrl-C or SIGTERM when the requests under way have ended. Exit codes: 0 stopped, 64 usage, "
            + "69 the address or port cannot be had, 74 the data cannot be read.")

    @OptionGroup var options: ServeOptions

    func run() async throws {
        var logger = Logger(label: "aid")
        logger.logLevel = .notice
        let service = try await AidServer(options, logger: logger)
        let hostname =
            options.hostname.contains(":") && !options.hostname.hasPrefix("[")
            ? "[\(options.hostname)]" : options.hostname
        do {
            try await Launch(hostname: options.hostname, port: options.port, logger: logger)
                .run(service.application.buildRouter()) { port in
                    print("aid-service: http://\(hostname):\(port)/aid/")
                    fflush(nil)
                }
            await service.job.shutDown()
        } catch let refusal as LaunchRefusal {
            await service.job.shutDown()
            FileHandle.standardError.write(Data("error: \(refusal)\n".utf8))
            throw ExitCode(69)
        }
    }
}
