import CurlHTTP
import Testing

struct TimeOutTests {
    /// The total limit wins where the phase's own does not end the transfer in time: that is how lateness shows.
    private func limits(
        firstByte: Duration = .seconds(15), idle: Duration = .seconds(15), total: Duration = .seconds(5)
    ) -> ClientOptions.Timeouts {
        var timeouts = ClientOptions.Timeouts()
        timeouts.firstByte = firstByte
        timeouts.idle = idle
        timeouts.total = total
        return timeouts
    }

    private func expect(
        _ phase: ClientFault.Phase, at path: String, body: ClientRequest.Body = .none,
        _ timeouts: ClientOptions.Timeouts
    ) async throws {
        try await withClient(.with { $0.timeouts = timeouts }) { client, servers in
            let start = ContinuousClock.now
            let request = ClientRequest(body.isNone ? .get : .post, "\(servers.plain)/\(path)", body: body)

            #expect(await fault(of: client, request) == .timedOut(phase, host: servers.host))

            #expect(ContinuousClock.now - start > .milliseconds(290))
        }
    }

    @Test func `a server that says nothing is left at the first byte's limit`() async throws {
        try await expect(.firstByte, at: "stall", limits(firstByte: .milliseconds(300)))
    }

    @Test func `a server that takes the body and says nothing is left at the first byte's limit`() async throws {
        try await expect(.firstByte, at: "stall", body: .bytes([1, 2, 3]), limits(firstByte: .milliseconds(300)))
    }

    @Test func `a server that stops reading the body is left at the first byte's limit`() async throws {
        let body = [UInt8](repeating: 1, count: 16 << 20)
        try await expect(.firstByte, at: "never-reads", body: .bytes(body), limits(firstByte: .milliseconds(300)))
    }

    @Test func `a server that stops within the head is left at the idle limit`() async throws {
        try await expect(.idle, at: "half-head", limits(idle: .milliseconds(300)))
    }

    @Test func `a server that stops within the body is left at the idle limit`() async throws {
        try await expect(.idle, at: "half-body", limits(idle: .milliseconds(300)))
    }

    @Test func `a server that drips is left at the total limit`() async throws {
        try await expect(
            .total, at: "drip/1000/0.05", limits(idle: .milliseconds(800), total: .milliseconds(400)))
    }

    @Test func `a slow upload does not run into the first byte's limit`() async throws {
        try await withClient(.with { $0.timeouts.firstByte = .milliseconds(300) }) { client, servers in
            let body = ClientRequest.Body.stream(length: 5) { writer in
                for byte in UInt8(1)...5 {
                    try await writer.write([byte])
                    try await Task.sleep(for: .milliseconds(150))
                }
            }

            let answer = try await client.send(ClientRequest(.post, "\(servers.plain)/echo", body: body))

            #expect(try Echo(answer).length == 5)
        }
    }

    @Test func `waiting for a free connection is no fault of the server`() async throws {
        try await withClient(
            .with {
                $0.connectionsPerHost = 1
                $0.timeouts.firstByte = .milliseconds(1500)
            }
        ) { client, servers in
            try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<4 {
                    group.addTask { try await client.send(ClientRequest(.get, "\(servers.plain)/slow/0.6")).status }
                }

                for try await status in group { #expect(status == 200) }
            }
        }
    }

    @Test func `the total limit also holds for a request that never got a connection`() async throws {
        try await withClient(.with { $0.connectionsPerHost = 1 }) { client, servers in
            let first = Task { await fault(of: client, ClientRequest(.get, "\(servers.plain)/stall")) }
            try await Task.sleep(for: .milliseconds(100))
            var second = ClientRequest(.get, "\(servers.plain)/ok")
            second.timeouts = limits(total: .milliseconds(300))

            #expect(await fault(of: client, second) == .timedOut(.total, host: servers.host))

            first.cancel()
            #expect(await first.value == .cancelled)
        }
    }

    @Test func `a request's own limits win over the client's`() async throws {
        try await withClient(.with { $0.timeouts.firstByte = .milliseconds(100) }) { client, servers in
            var request = ClientRequest(.get, "\(servers.plain)/slow/0.3")
            request.timeouts = .far

            let status = try await client.send(request).status
            #expect(status == 200)
        }
    }
}

extension ClientRequest.Body {
    fileprivate var isNone: Bool {
        if case .none = self { return true }
        return false
    }
}
