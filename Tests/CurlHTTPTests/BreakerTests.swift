import CurlHTTP
import Testing

@testable import class CurlHTTP.CircuitBreaker

struct BreakerTests {
    @Test func `a host that keeps failing is left alone, and no other`() async throws {
        try await withClient(.with { $0.breaker.failures = 3 }) { client, servers in
            let port = try await servers.ownPort()
            let failing = ClientRequest(.get, "http://127.0.0.1:\(port)/reset?case=open-\(port)")
            for _ in 0..<3 { #expect(await fault(of: client, failing) == .connectionLost(host: "127.0.0.1:\(port)")) }

            #expect(await fault(of: client, failing) == .circuitOpen(host: "127.0.0.1:\(port)"))
            #expect(try await servers.count("open-\(port)") == 3)
            #expect(try await client.send(ClientRequest(.get, "\(servers.plain)/ok")).status == 200)
        }
    }

    @Test func `after the pause it is tried, and used again once it answers`() async throws {
        try await withClient(
            .with {
                $0.breaker.failures = 1
                $0.breaker.pause = .milliseconds(10)
            }
        ) { client, servers in
            let port = try await servers.ownPort()
            let failing = ClientRequest(.get, "http://127.0.0.1:\(port)/reset?case=half-\(port)")
            for tries in 1...2 {
                #expect(await fault(of: client, failing) == .connectionLost(host: "127.0.0.1:\(port)"))
                #expect(try await servers.count("half-\(port)") == tries)
                try await Task.sleep(for: .milliseconds(20))
            }

            for _ in 0..<3 {
                #expect(try await client.send(ClientRequest(.get, "http://127.0.0.1:\(port)/ok")).status == 200)
            }
        }
    }

    @Test func `answers that say the server is out of order open it, refusals do not`() async throws {
        try await withClient(.with { $0.breaker.failures = 2 }) { client, servers in
            let port = try await servers.ownPort()
            let address = "http://127.0.0.1:\(port)"
            for status in [500, 404, 429, 401, 429] {
                #expect(try await client.send(ClientRequest(.get, "\(address)/status/\(status)")).status == status)
            }
            for _ in 0..<2 {
                #expect(try await client.send(ClientRequest(.get, "\(address)/status/503")).status == 503)
            }

            #expect(
                await fault(of: client, ClientRequest(.get, "\(address)/ok")) == .circuitOpen(host: "127.0.0.1:\(port)")
            )
        }
    }

    @Test func `bodies that break off open it too`() async throws {
        try await withClient(.with { $0.breaker.failures = 1 }) { client, servers in
            let port = try await servers.ownPort()
            let address = "http://127.0.0.1:\(port)"
            await #expect(throws: ClientFault.connectionLost(host: "127.0.0.1:\(port)")) {
                try await client.stream(ClientRequest(.get, "\(address)/short")) { for try await _ in $0 {} }
            }

            #expect(
                await fault(of: client, ClientRequest(.get, "\(address)/ok")) == .circuitOpen(host: "127.0.0.1:\(port)")
            )
        }
    }

    @Test func `while one tries, all others wait for its outcome`() {
        var settings = ClientOptions.Breaker()
        settings.failures = 1
        settings.pause = .seconds(10)
        let breaker = CircuitBreaker(settings)
        let start = ContinuousClock.now

        #expect(breaker.note(.failure, of: "a:80", at: start))
        #expect(!breaker.admits("a:80", at: start + .seconds(9)))
        #expect(breaker.admits("a:80", at: start + .seconds(10)))
        #expect(!breaker.admits("a:80", at: start + .seconds(11)))
        breaker.note(.none, of: "a:80", at: start + .seconds(12))
        #expect(breaker.admits("a:80", at: start + .seconds(13)))
        breaker.note(.success, of: "a:80", at: start + .seconds(14))
        #expect(breaker.admits("a:80", at: start + .seconds(14)))
        #expect(breaker.admits("a:80", at: start + .seconds(14)))
    }
}
