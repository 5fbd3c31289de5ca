import CurlHTTP
import Testing

@testable import struct CurlHTTP.RetryPolicy

/// What is tried again and what never: the server counts.
struct RetryTests {
    private func quick(_ options: inout ClientOptions) {
        options.retries.attempts = 3
        options.retries.firstWait = .milliseconds(20)
    }

    @Test func `503 with Retry-After is asked again after that time`() async throws {
        try await withClient(.with(quick)) { client, servers in
            let start = ContinuousClock.now

            let answer = try await client.send(ClientRequest(.get, "\(servers.plain)/busy/1/503/1?case=busy"))

            #expect(answer.status == 200)
            #expect(try await servers.count("busy") == 2)
            #expect(ContinuousClock.now - start >= .seconds(1))
        }
    }

    @Test func `Retry-After may be a date`() async throws {
        try await withClient(.with(quick)) { client, servers in
            let start = ContinuousClock.now

            let answer = try await client.send(ClientRequest(.get, "\(servers.plain)/busy/1/429/date?case=date"))

            #expect(answer.status == 200)
            #expect(ContinuousClock.now - start >= .milliseconds(900))
        }
    }

    @Test func `a Retry-After beyond the limit gives the answer itself`() async throws {
        try await withClient(.with(quick)) { client, servers in
            let answer = try await client.send(ClientRequest(.get, "\(servers.plain)/busy/9/503/31?case=long-wait"))

            #expect(answer.status == 503)
            #expect(answer.text == "busy")
            #expect(try await servers.count("long-wait") == 1)
        }
    }

    @Test func `no try begins that could not end within the total time`() async throws {
        try await withClient(
            .with {
                quick(&$0)
                $0.timeouts.total = .milliseconds(700)
            }
        ) { client, servers in
            let answer = try await client.send(ClientRequest(.get, "\(servers.plain)/busy/9/503/1?case=no-time"))

            #expect(answer.status == 503)
            #expect(try await servers.count("no-time") == 1)
        }
    }

    @Test func `the last answer is given when all tries failed`() async throws {
        try await withClient(.with(quick)) { client, servers in
            let answer = try await client.send(ClientRequest(.get, "\(servers.plain)/busy/9/502/none?case=all-fail"))

            #expect(answer.status == 502)
            #expect(try await servers.count("all-fail") == 3)
        }
    }

    @Test(arguments: [400, 404, 409, 500, 501])
    func `an answer that is final is not asked for again`(_ status: Int) async throws {
        try await withClient(.with(quick)) { client, servers in
            let answer = try await client.send(
                ClientRequest(.get, "\(servers.plain)/status/\(status)?case=final-\(status)"))

            #expect(answer.status == status)
            #expect(try await servers.count("final-\(status)") == 1)
        }
    }

    @Test(arguments: [ClientRequest.Method.get, .head, .put, .delete, .options])
    func `an idempotent request survives a reset connection`(_ method: ClientRequest.Method) async throws {
        try await withClient(.with(quick)) { client, servers in
            let name = "reset-\(method.rawValue)"
            let body = method == .put ? ClientRequest.Body.bytes([1, 2]) : .none

            let answer = try await client.send(
                ClientRequest(method, "\(servers.plain)/flaky/2?case=\(name)", body: body))

            #expect(answer.status == 200)
            #expect(try await servers.count(name) == 3)
        }
    }

    @Test(arguments: [ClientRequest.Method.post, .patch], [[], [1, 2, 3]] as [[UInt8]])
    func `a POST or PATCH is sent once`(_ method: ClientRequest.Method, _ body: [UInt8]) async throws {
        try await withClient(.with(quick)) { client, servers in
            let name = "once-\(method.rawValue)-\(body.count)"

            let outcome = await fault(
                of: client, ClientRequest(method, "\(servers.plain)/flaky/2?case=\(name)", body: .bytes(body)))

            #expect(outcome == .connectionLost(host: servers.host))
            let count = try await servers.count(name)
            #expect(count == 1)
        }
    }

    @Test func `a POST is not asked again for a 503 either`() async throws {
        try await withClient(.with(quick)) { client, servers in
            let answer = try await client.send(
                ClientRequest(.post, "\(servers.plain)/busy/9/503/0?case=post-503", body: .bytes([1])))

            #expect(answer.status == 503)
            #expect(try await servers.count("post-503") == 1)
        }
    }

    @Test func `an Idempotency-Key makes a POST repeatable, with the same body`() async throws {
        try await withClient(.with(quick)) { client, servers in
            let request = ClientRequest(
                .post, "\(servers.plain)/flaky/1?case=keyed", headers: ["Idempotency-Key": "7"], body: .bytes([9]))

            let status = try await client.send(request).status
            #expect(status == 200)
            let count = try await servers.count("keyed")
            #expect(count == 2)
        }
    }

    /// libcurl by itself sends again what a kept connection did not take.
    @Test(arguments: [ClientRequest.Body.none, .bytes([]), .bytes([1, 2, 3])])
    func `a POST on a kept connection that dies is not sent twice in silence`(
        _ body: ClientRequest.Body
    ) async throws {
        try await withClient(.with { $0.connectionsPerHost = 1 }) { client, servers in
            let port = try await servers.ownPort()
            let name = "kept-\(port)"
            _ = try await client.send(ClientRequest(.get, "http://127.0.0.1:\(port)/dead-kept"))

            let outcome = await fault(
                of: client, ClientRequest(.post, "http://127.0.0.1:\(port)/dead-kept?case=\(name)", body: body))

            #expect(try await servers.count(name) == 1)
            #expect(outcome == nil || outcome == .connectionLost(host: "127.0.0.1:\(port)"))
        }
    }

    @Test func `a streamed body is sent once`() async throws {
        try await withClient(.with(quick)) { client, servers in
            let body = ClientRequest.Body.stream(length: 3) { try await $0.write([1, 2, 3]) }

            let outcome = await fault(
                of: client, ClientRequest(.put, "\(servers.plain)/flaky/2?case=streamed-once", body: body))

            #expect(outcome == .connectionLost(host: servers.host))
            let count = try await servers.count("streamed-once")
            #expect(count == 1)
        }
    }

    @Test func `a streamed answer is asked for again until its head is there, not after`() async throws {
        try await withClient(.with(quick)) { client, servers in
            let status = try await client.stream(ClientRequest(.get, "\(servers.plain)/flaky/1?case=head")) {
                $0.status
            }
            await #expect(throws: ClientFault.connectionLost(host: servers.host)) {
                try await client.stream(ClientRequest(.get, "\(servers.plain)/short?case=body")) {
                    for try await _ in $0 {}
                }
            }

            #expect(status == 200)
            #expect(try await servers.count("head") == 2)
            #expect(try await servers.count("body") == 1)
        }
    }

    @Test func `waits double, with jitter, up to a limit`() {
        var settings = ClientOptions.Retries()
        settings.attempts = 10
        settings.firstWait = .milliseconds(100)
        settings.longestWait = .milliseconds(500)
        let policy = RetryPolicy(settings: settings)
        func wait(_ tries: Int, _ chance: Double) -> Duration? {
            policy.wait(after: .fault(.unreachable(host: "a:80")), tries: tries, chance: chance, now: 0)
        }

        #expect(wait(1, 0) == .milliseconds(50))
        #expect(wait(1, 1) == .milliseconds(100))
        #expect(wait(2, 1) == .milliseconds(200))
        #expect(wait(3, 0.5) == .milliseconds(300))
        #expect(wait(4, 1) == .milliseconds(500))
        #expect(wait(9, 1) == .milliseconds(500))
        #expect(wait(10, 1) == nil)
    }
}
