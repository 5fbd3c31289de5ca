import ArgumentParser
import CurlHTTP
import Foundation
import Logging
import Security
import ServiceKit

/// `minsheng serve`: sign-in and account administration.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Serve sign-in, accounts and the portal. 启动统一入口。",
        discussion:
            "Writes its public keys to keys/gateway.jwks.json in the data folder, for the services' --jwks. Exit codes: "
            + "0 stopped, 64 usage, 65 data or keys refused, 69 the address or port cannot be had.")

    @OptionGroup var options: GatewayOptions
    @OptionGroup var limits: LimitOptions
    @OptionGroup var log: LogOptions

    @Option(help: "Port to listen on.")
    var port = 8100

    @Option(help: "Address to listen on.")
    var hostname = "127.0.0.1"

    @Option(
        name: .customLong("public-address"),
        help: "How browsers reach the gateway, https://minsheng.example.cn; by hostname and port if it is not given.")
    var publicAddress: String?

    @Option(name: .customLong("host"), help: "A name of the gateway or a service besides loopback's; once for each.")
    var hosts: [String] = []

    @Option(name: .customLong("service"), help: "A service of the portal, aid=http://127.0.0.1:8101; once for each.")
    var services: [String] = []

    func validate() throws {
        for text in services where text.split(separator: "=", maxSplits: 1).count != 2 {
            throw ValidationError("--service is written as name=address, aid=http://127.0.0.1:8101")
        }
        let isLoopback = hostname == "::1" || GuardMiddleware.isLoopback(hostname)
        if !isLoopback, publicAddress?.hasPrefix("https://") != true {
            throw ValidationError(
                "--hostname \(hostname) can be reached by others: passwords need TLS, so name the https:// address of the "
                    + "proxy in front with --public-address")
        }
    }

    func run() async throws {
        let logger = log.logger("gateway")
        try await Told.run {
            let (database, ring) = try options.open()
            let keys = try options.keys.readOrMake()
            try Data(keys.jwks().utf8).write(
                to: URL(fileURLWithPath: "\(options.folder)/keys/gateway.jwks.json"), options: .atomic)
            let address = publicAddress ?? "http://\(hostname):\(port)"
            var application = try await GatewayApplication(
                database: database, ring: ring, keys: keys, address: address)
            application.limits = limits.middleware
            application.proxies = Set(limits.proxies)
            application.hosts = Set(hosts.map { $0.lowercased() })
            application.services = services.map { text in
                let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
                return .init(name: parts[0], address: parts[1])
            }
            var launch = Launch(hostname: hostname, port: port, logger: logger)
            launch.isOpen = false
            launch.proxies = Set(limits.proxies)
            let client = HTTPClient()
            launch.background = try await application.background(client, logger: logger)
            do {
                try await launch.run(application.buildRouter()) { _ in
                    print("minsheng: \(address)/gateway/")
                    fflush(nil)
                }
                await client.close()
            } catch let refusal as LaunchRefusal {
                FileHandle.standardError.write(Data("error: \(refusal)\n".utf8))
                throw ExitCode(69)
            }
        }
    }
}
