import Foundation
import Hummingbird
import Logging
import Security
import Storage

@testable import ServiceKit

/// aid's side of the wire: a router with what stands before every service's routes.
struct ReceiverSample {
    let sample: EventSample
    let signIn: SignIn

    static func keys(_ issuer: String) throws -> SigningKeys {
        try SigningKeys(issuer: issuer, seeds: [(1, [UInt8](repeating: UInt8(issuer.utf8.count), count: 32))])
    }

    init(_ sample: EventSample) async throws {
        self.sample = sample
        let verifier = try await TokenVerifier(jwks: [Self.keys("gateway").jwks(), Self.keys("training").jwks()])
        let clock = sample.clock
        signIn = try SignIn(
            .tokens(verifier, gateway: "http://127.0.0.1:8100"), formKey: [UInt8](repeating: 3, count: 32),
            now: { Int64(clock.now.timeIntervalSince1970) })
    }

    func tokens(_ service: String = "gateway") async throws -> ServiceTokens {
        ServiceTokens(try await TokenIssuer(Self.keys(service)), now: sample.clock.read)
    }

    func router() throws -> Router<KitContext> {
        let folder = FileManager.default.temporaryDirectory.path + "/receiver-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder + "/templates", withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try Data("{}".utf8).write(to: URL(fileURLWithPath: folder + "/words.json"))
        let site = try Site(home: "/aid/", places: [], resources: folder)
        var routes = RouteTable()
        EventIntake(inbox: sample.inbox, service: "aid").addRoutes(to: &routes)
        EventPages(site: site, outbox: sample.outbox, inbox: sample.inbox, service: "aid").addRoutes(to: &routes)
        JobPages(site: site, store: JobStore(database: sample.sending), service: "aid").addRoutes(to: &routes)
        return routes.router(middleware: [
            FrontMiddleware(), ProblemMiddleware(site: site), GuardMiddleware(), SignInMiddleware(signIn),
            RateLimitMiddleware(),
        ])
    }

    /// Listens on loopback while the closure runs; the closure is told the port.
    func serve<Value: Sendable>(port: Int = 0, _ body: (Int) async throws -> Value) async throws -> Value {
        let (ports, told) = AsyncStream<Int>.makeStream()
        let application = Application(
            router: try router(),
            configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: port)),
            onServerRunning: { channel in told.yield(channel.localAddress?.port ?? 0) },
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let serving = Task { try await application.run() }
        defer { serving.cancel() }
        var iterator = ports.makeAsyncIterator()
        let value = try await body(await iterator.next() ?? 0)
        serving.cancel()
        _ = try? await serving.value
        return value
    }
}
