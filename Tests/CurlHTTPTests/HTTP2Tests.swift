import CurlHTTP
import Testing

/// Against nginx, with the suite's own authority.
@Suite(.enabled(if: TestServers.hasNginx, "nginx is not installed"))
struct HTTP2Tests {
    private func withHTTP2(
        _ version: ClientOptions.Version = .automatic, _ body: (HTTPClient, String) async throws -> Void
    ) async throws {
        try await withClient(
            .with {
                $0.authorities = try TestServers.shared.authorities
                $0.version = version
            }
        ) { client, servers in
            try await body(client, try #require(servers.http2))
        }
    }

    @Test func `TLS agrees on HTTP/2`() async throws {
        try await withHTTP2 { client, address in
            let answer = try await client.send(ClientRequest(.get, "\(address)/hello"))

            #expect(answer.status == 200)
            #expect(answer.text == #"{"hello":"world"}"#)
            #expect(answer.headers["X-Protocol"] == "HTTP/2.0")
        }
    }

    @Test func `HTTP/1 is spoken where it is asked for`() async throws {
        try await withHTTP2(.http1) { client, address in
            let answer = try await client.send(ClientRequest(.get, "\(address)/hello"))

            #expect(answer.headers["X-Protocol"] == "HTTP/1.1")
        }
    }

    @Test func `a hundred requests at once share one connection`() async throws {
        try await withHTTP2 { client, address in
            let connections = try await withThrowingTaskGroup(of: String?.self) { group in
                for _ in 0..<100 {
                    group.addTask {
                        try await client.send(ClientRequest(.get, "\(address)/slow/0.05")).headers["X-Connection"]
                    }
                }
                return try await group.reduce(into: Set<String>()) { if let name = $1 { $0.insert(name) } }
            }

            #expect(connections.count == 1)
        }
    }

    @Test func `HTTP/2 without TLS, known beforehand`() async throws {
        try await withClient(.with { $0.version = .http2PriorKnowledge }) { client, servers in
            let address = try #require(servers.http2Plain)
            let answer = try await client.send(ClientRequest(.get, "\(address)/hello"))

            #expect(answer.headers["X-Protocol"] == "HTTP/2.0")
        }
    }

    @Test func `bodies stream both ways`() async throws {
        try await withHTTP2 { client, address in
            let body = ClientRequest.Body.stream(length: nil) { writer in
                for _ in 0..<32 { try await writer.write([UInt8](repeating: 0, count: 1 << 20)) }
            }
            let echo = try Echo(await client.send(ClientRequest(.post, "\(address)/echo", body: body)))
            let count = try await client.stream(ClientRequest(.get, "\(address)/zeros/33554432")) { stream in
                try await stream.reduce(0) { $0 + $1.count }
            }

            #expect(echo.length == 33_554_432)
            #expect(count == 33_554_432)
        }
    }

    @Test func `a slow reader does not hold up the others on the connection`() async throws {
        try await withHTTP2 { client, address in
            try await client.stream(ClientRequest(.get, "\(address)/zeros/200000000")) { stream in
                let iterator = stream.makeAsyncIterator()
                _ = try await iterator.next()
                try await Task.sleep(for: .milliseconds(200))

                for _ in 0..<10 {
                    #expect(try await client.send(ClientRequest(.get, "\(address)/hello")).status == 200)
                }
            }
        }
    }

    @Test func `cancelling one stream leaves the connection to the others`() async throws {
        try await withHTTP2 { client, address in
            let before = try await client.send(ClientRequest(.get, "\(address)/hello")).headers["X-Connection"]
            let task = Task { await fault(of: client, ClientRequest(.get, "\(address)/stall")) }
            try await Task.sleep(for: .milliseconds(100))
            task.cancel()

            #expect(await task.value == .cancelled)
            let after = try await client.send(ClientRequest(.get, "\(address)/hello")).headers["X-Connection"]
            #expect(before != nil)
            #expect(after == before)
        }
    }
}
