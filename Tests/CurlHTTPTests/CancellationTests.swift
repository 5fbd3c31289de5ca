import CurlHTTP
import Testing

struct CancellationTests {
    @Test func `cancelling the task ends the transfer and closes its connection`() async throws {
        try await withClient { client, servers in
            let port = try await servers.ownPort()
            let task = Task { await fault(of: client, ClientRequest(.get, "http://127.0.0.1:\(port)/stall")) }
            try await eventually { try await servers.connections(at: port) == 1 }

            task.cancel()

            #expect(await task.value == .cancelled)
            try await eventually { try await servers.connections(at: port) == 0 }
        }
    }

    @Test func `a task that is cancelled already sends nothing`() async throws {
        try await withClient { client, servers in
            let task = Task {
                try? await Task.sleep(for: .seconds(5))
                return await fault(of: client, ClientRequest(.get, "\(servers.plain)/slow/3?case=cancelled-before"))
            }
            task.cancel()

            #expect(await task.value == .cancelled)
            let count = try await servers.count("cancelled-before")
            #expect(count == 0)
        }
    }

    @Test func `cancelling ends the wait before a retry`() async throws {
        try await withClient(.with { $0.retries.attempts = 3 }) { client, servers in
            let task = Task {
                await fault(of: client, ClientRequest(.get, "\(servers.plain)/busy/9/503/30?case=cancelled-wait"))
            }
            try await eventually { try await servers.count("cancelled-wait") == 1 }
            try await Task.sleep(for: .milliseconds(50))

            task.cancel()

            #expect(await task.value == .cancelled)
            #expect(try await servers.count("cancelled-wait") == 1)
        }
    }

    @Test func `cancelling ends a streamed body on both sides`() async throws {
        try await withClient { client, servers in
            let port = try await servers.ownPort()
            let task = Task {
                try await client.stream(ClientRequest(.get, "http://127.0.0.1:\(port)/zeros/10000000000")) { stream in
                    for try await _ in stream {}
                }
            }
            try await eventually { try await servers.connections(at: port) == 1 }

            task.cancel()

            await #expect(throws: ClientFault.cancelled) { try await task.value }
            try await eventually { try await servers.connections(at: port) == 0 }
        }
    }

    @Test func `cancelling frees a writer that waits for room`() async throws {
        try await withClient { client, servers in
            let body = ClientRequest.Body.stream(length: nil) { writer in
                while true { try await writer.write([UInt8](repeating: 0, count: 1 << 20)) }
            }
            let task = Task {
                await fault(of: client, ClientRequest(.post, "\(servers.plain)/never-reads", body: body))
            }
            try await Task.sleep(for: .milliseconds(200))

            task.cancel()

            #expect(await task.value == .cancelled)
        }
    }

    @Test func `a hundred requests cancelled at any moment leave nothing behind`() async throws {
        try await withClient { client, servers in
            let port = try await servers.ownPort()
            await withTaskGroup(of: ClientFault?.self) { group in
                for number in 0..<100 {
                    group.addTask {
                        let task = Task {
                            await fault(of: client, ClientRequest(.get, "http://127.0.0.1:\(port)/slow/0.02"))
                        }
                        try? await Task.sleep(for: .microseconds(number * 500))
                        task.cancel()
                        return await task.value
                    }
                }
                for await outcome in group { #expect(outcome == nil || outcome == .cancelled) }
            }

            #expect(try await client.send(ClientRequest(.get, "http://127.0.0.1:\(port)/ok")).status == 200)
        }
    }

    @Test func `a request that waits for its turn is cancelled, and refused at the end, like any other`() async throws {
        let servers = try TestServers.shared
        let client = HTTPClient(options: .with { $0.connectionsPerHost = 1 })
        let port = try await servers.ownPort()
        func ask(_ path: String) -> Task<ClientFault?, Never> {
            Task { await fault(of: client, ClientRequest(.get, "http://127.0.0.1:\(port)/\(path)")) }
        }
        let first = ask("stall")
        try await eventually { try await servers.connections(at: port) == 1 }
        let (second, third) = (ask("ok?case=waits-\(port)"), ask("ok?case=waits-\(port)"))
        try await Task.sleep(for: .milliseconds(50))

        second.cancel()
        #expect(await second.value == .cancelled)
        #expect(try await servers.count("waits-\(port)") == 0)
        first.cancel()
        #expect(await first.value == .cancelled)
        #expect(await third.value == nil)
        #expect(try await servers.count("waits-\(port)") == 1)

        let (fourth, fifth) = (ask("stall?case=ends-\(port)"), ask("stall?case=ends-\(port)"))
        try await eventually { try await servers.count("ends-\(port)") == 1 }
        await client.close()
        #expect(await fourth.value == .closed)
        #expect(await fifth.value == .closed)
        #expect(try await servers.count("ends-\(port)") == 1)
    }

    @Test func `closing the client ends what is under way and refuses what comes after`() async throws {
        let servers = try TestServers.shared
        let client = HTTPClient(options: .with { _ in })
        let port = try await servers.ownPort()
        let task = Task { await fault(of: client, ClientRequest(.get, "http://127.0.0.1:\(port)/stall")) }
        try await eventually { try await servers.connections(at: port) == 1 }

        await client.close()

        #expect(await task.value == .closed)
        #expect(await fault(of: client, ClientRequest(.get, "\(servers.plain)/ok")) == .closed)
        try await eventually { try await servers.connections(at: port) == 0 }
    }

    @Test func `a client that is let go closes its connections`() async throws {
        let servers = try TestServers.shared
        let port = try await servers.ownPort()
        var client: HTTPClient? = HTTPClient()
        #expect(try await client?.send(ClientRequest(.get, "http://127.0.0.1:\(port)/ok")).status == 200)
        #expect(try await servers.connections(at: port) == 1)

        client = nil

        try await eventually { try await servers.connections(at: port) == 0 }
    }
}

/// Asks again until it is so, for up to three seconds.
func eventually(
    sourceLocation: SourceLocation = #_sourceLocation, _ condition: () async throws -> Bool
) async throws {
    for _ in 0..<150 {
        if try await condition() { return }
        try await Task.sleep(for: .milliseconds(20))
    }
    Issue.record("it did not come to be within three seconds", sourceLocation: sourceLocation)
}
