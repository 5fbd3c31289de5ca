package import ArgumentParser
package import Logging

/// Where and how a service's `serve` listens.
package struct ListenOptions: ParsableArguments {
    @Option(help: "Port to listen on; each service has its own.")
    package var port: Int?

    @Option(help: "Address to listen on; loopback only without --gateway.")
    package var hostname = "127.0.0.1"

    @OptionGroup package var signIn: SignInOptions
    @OptionGroup package var limits: LimitOptions
    @OptionGroup package var log: LogOptions

    package init() {}

    /// Refuses an address that others could reach before anything is opened.
    package func validate() throws {
        do {
            try launch(port: 0, logger: Logger(label: "serve")).refuseForeignAddress()
        } catch {
            throw ValidationError("\(error)")
        }
    }

    package func launch(port standard: Int, logger: Logger) -> Launch {
        var launch = Launch(hostname: hostname, port: port ?? standard, logger: logger)
        launch.isOpen = signIn.gateway == nil
        launch.proxies = Set(limits.proxies)
        return launch
    }

    /// The names under which the service is reached besides loopback's.
    package var hosts: Set<String> { Set(signIn.hosts.map { $0.lowercased() }) }

    /// `http://127.0.0.1:8104/guide/`, for the one who started it.
    package func address(port: Int, service: String) -> String {
        let host = hostname.contains(":") && !hostname.hasPrefix("[") ? "[\(hostname)]" : hostname
        return "http://\(host):\(port)/\(service)/"
    }
}
