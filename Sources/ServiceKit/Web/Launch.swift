package import Hummingbird
import HummingbirdCore
package import Logging
import NIOCore
package import ServiceLifecycle
import UnixSignals

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Runs a router as a service until SIGTERM or SIGINT, which let the requests under way end.
package struct Launch: Sendable {
    package let hostname: String
    package let port: Int
    package let logger: Logger
    /// A connection is closed when nothing was read on it for so long; a header that drips in counts as nothing read.
    package var idleTimeout: TimeAmount = .seconds(60)
    package var maximumConnections = 1024
    package var maximumConnectionsPerAddress = 512
    /// Addresses of proxies in front: all readers come through them, so they are not limited.
    package var proxies: Set<String> = []
    /// How long requests under way may take after SIGTERM.
    package var drainTime: Duration = .seconds(30)
    /// Without sign-in whoever reaches the port may read everything: loopback only.
    package var isOpen = true
    /// What works beside the requests. It is told to stop when the last of them has been answered.
    package var background: [any Service] = []

    package init(hostname: String, port: Int, logger: Logger) {
        self.hostname = hostname
        self.port = port
        self.logger = logger
    }

    /// - Parameter onRunning: Called once the port is open, with the port that was taken (of use where 0 was asked for).
    package func run(
        _ router: Router<KitContext>, onRunning: @escaping @Sendable (Int) async -> Void = { _ in }
    ) async throws {
        try refuseForeignAddress()
        let table = ConnectionTable(most: maximumConnectionsPerAddress, exempt: proxies)
        var channel = HTTP1Channel.Configuration(
            additionalChannelHandlers: [ConnectionGuard(table)], idleTimeout: idleTimeout)
        channel.httpDecoder = .init(
            maxHeaderFieldSize: 16 * 1024, maxHeaderListSize: 32 * 1024, maxHeaderFieldCount: 100)
        let application = Application(
            router: router,
            server: HTTPServerBuilder { [channel] responder in
                LoopChannel(
                    base: HTTP1Channel(responder: responder, configuration: channel), executors: LoopExecutors())
            },
            configuration: ApplicationConfiguration(
                address: .hostname(hostname, port: port), serverName: nil,
                availableConnectionsDelegate: MaximumAvailableConnections(maximumConnections)),
            onServerRunning: { channel in await onRunning(channel.localAddress?.port ?? port) },
            logger: logger)
        var group = ServiceGroupConfiguration(
            services: (background + [application]).map { .init(service: $0) },
            gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        group.maximumGracefulShutdownDuration = drainTime
        do {
            try await ServiceGroup(configuration: group).run()
        } catch let error as IOError {
            throw LaunchRefusal(error, hostname: hostname, port: port) ?? error
        } catch let error as NIOCore.SocketAddressError {
            throw LaunchRefusal.noSuchAddress(hostname, "\(error)")
        }
    }

    package func refuseForeignAddress() throws(LaunchRefusal) {
        guard (0...65_535).contains(port) else { throw .noSuchPort(port) }
        guard !isOpen || hostname == "::1" || GuardMiddleware.isLoopback(hostname) else {
            throw .foreignAddress(hostname)
        }
    }
}

/// Why a service cannot start, for the one who started it.
package enum LaunchRefusal: Error, CustomStringConvertible, Equatable {
    case foreignAddress(String)
    case noSuchPort(Int)
    case portTaken(Int)
    case portForbidden(Int)
    case noSuchAddress(String, String)

    init?(_ error: IOError, hostname: String, port: Int) {
        switch error.errnoCode {
        case EADDRINUSE: self = .portTaken(port)
        case EACCES: self = .portForbidden(port)
        case EADDRNOTAVAIL: self = .noSuchAddress(hostname, "not an address of this machine")
        default: return nil
        }
    }

    package var description: String {
        switch self {
        case .foreignAddress(let hostname):
            "--hostname \(hostname) is not a loopback address: without sign-in the service shows people's data to "
                + "whoever can reach it; use 127.0.0.1, ::1 or localhost, or let people sign in with --gateway"
        case .noSuchPort(let port): "--port \(port) is not a port: use 1 to 65535"
        case .portTaken(let port):
            "port \(port) is taken by another program: stop that one, or choose another with --port"
        case .portForbidden(let port): "this user may not open port \(port): choose one above 1023 with --port"
        case .noSuchAddress(let hostname, let reason): "--hostname \(hostname): \(reason)"
        }
    }
}
