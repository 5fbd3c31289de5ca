import CurlHTTP
import Foundation
import Synchronization
import Testing

/// Bodies that are read and written while they travel: the slow side holds the fast one back.
struct StreamTests {
    private static let size = 200 << 20

    @Test func `200 MB come down whole`() async throws {
        try await withClient { client, servers in
            let request = ClientRequest(.get, "\(servers.plain)/zeros/\(Self.size)")

            let (count, largest) = try await client.stream(request) { stream in
                var (count, largest) = (0, 0)
                for try await bytes in stream {
                    count += bytes.count
                    largest = max(largest, bytes.count)
                }
                return (count, largest)
            }

            #expect(count == 209_715_200)
            // Memory is bounded: what waits for the reader is never more than this.
            #expect(largest <= 512 << 10)
        }
    }

    @Test func `a server does not run ahead of a reader that waits`() async throws {
        try await withClient { client, servers in
            let request = ClientRequest(.get, "\(servers.plain)/zeros/\(Self.size)?case=slow-reader")

            let ahead = try await client.stream(request) { stream in
                let iterator = stream.makeAsyncIterator()
                _ = try await iterator.next()
                try await Task.sleep(for: .milliseconds(400))
                return try await servers.moved("slow-reader").sent
            }

            #expect(ahead > 0)
            #expect(ahead < 16 << 20)
        }
    }

    @Test(arguments: [nil, Self.size])
    func `200 MB go up whole, with a stated length and in chunks`(_ length: Int?) async throws {
        try await withClient { client, servers in
            let body = ClientRequest.Body.stream(length: length) { writer in
                let piece = [UInt8](repeating: 0, count: 1 << 20)
                for _ in 0..<200 { try await writer.write(piece) }
            }

            let echo = try Echo(await client.send(ClientRequest(.post, "\(servers.plain)/echo", body: body)))

            #expect(echo.length == 209_715_200)
            #expect(echo.sha256 == "72abf2ca8f36943ebe2e49ca3a51d409ca5f0bfcffab6c9d25643c17c32889da")
            #expect(echo.values("content-length") == (length == nil ? [] : ["209715200"]))
            #expect(echo.values("transfer-encoding") == (length == nil ? ["chunked"] : []))
        }
    }

    @Test func `a writer does not run ahead of a server that does not read`() async throws {
        try await withClient { client, servers in
            let written = Mutex(0)
            let body = ClientRequest.Body.stream(length: nil) { writer in
                for _ in 0..<400 {
                    try await writer.write([UInt8](repeating: 0, count: 1 << 19))
                    written.withLock { $0 += 1 << 19 }
                }
            }

            let outcome = await fault(
                of: client, ClientRequest(.post, "\(servers.plain)/never-reads?seconds=0.5", body: body))

            #expect(outcome == .connectionLost(host: servers.host))
            #expect(written.withLock { $0 } < 16 << 20)
        }
    }

    @Test func `both directions flow at the same time`() async throws {
        try await withClient { client, servers in
            let body = ClientRequest.Body.stream(length: nil) { writer in
                for number in 0..<64 { try await writer.write([UInt8](repeating: UInt8(number), count: 1 << 18)) }
            }

            let sum = try await client.stream(ClientRequest(.post, "\(servers.plain)/mirror", body: body)) { stream in
                var (sum, count) = (0, 0)
                for try await bytes in stream {
                    count += bytes.count
                    sum += bytes.reduce(0) { $0 + Int($1) }
                }
                #expect(count == 16_777_216)
                return sum
            }

            // 262,144 × (0 + 1 + … + 63)
            #expect(sum == 528_482_304)
        }
    }

    @Test func `an answer that comes before the body is through is given`() async throws {
        try await withClient { client, servers in
            let isStopped = Mutex(false)
            let body = ClientRequest.Body.stream(length: 100 << 20) { writer in
                do {
                    for _ in 0..<100 {
                        try await writer.write([UInt8](repeating: 0, count: 1 << 20))
                        try await Task.sleep(for: .milliseconds(5))
                    }
                } catch {
                    isStopped.withLock { $0 = true }
                    throw error
                }
            }

            let answer = try await client.send(ClientRequest(.post, "\(servers.plain)/early-no", body: body))

            #expect(answer.status == 413)
            #expect(answer.text == "too much")
            #expect(isStopped.withLock { $0 })
        }
    }

    private struct Broken: Error {}

    @Test func `a source that fails ends the request`() async throws {
        try await withClient { client, servers in
            let body = ClientRequest.Body.stream(length: nil) { writer in
                try await writer.write([1, 2, 3])
                throw Broken()
            }

            #expect(
                await fault(of: client, ClientRequest(.post, "\(servers.plain)/echo", body: body)) == .requestBody)
        }
    }

    @Test(arguments: [2, 4])
    func `a source of another length than stated ends the request`(_ length: Int) async throws {
        try await withClient { client, servers in
            let body = ClientRequest.Body.stream(length: length) { try await $0.write([1, 2, 3]) }

            #expect(
                await fault(of: client, ClientRequest(.post, "\(servers.plain)/echo", body: body)) == .requestBody)
        }
    }

    @Test func `a reader that leaves early ends the transfer`() async throws {
        try await withClient { client, servers in
            let port = try await servers.ownPort()

            let first = try await client.stream(ClientRequest(.get, "http://127.0.0.1:\(port)/zeros/1000000000")) {
                let iterator = $0.makeAsyncIterator()
                return try await iterator.next()?.isEmpty
            }

            #expect(first == false)
            try await eventually { try await servers.connections(at: port) == 0 }
        }
    }

    @Test func `what the reader throws is what the caller gets`() async throws {
        try await withClient { client, servers in
            await #expect(throws: Broken.self) {
                try await client.stream(ClientRequest(.get, "\(servers.plain)/ok")) { _ in throw Broken() }
            }
        }
    }

    @Test func `a streamed answer has no body limit unless it is given one`() async throws {
        try await withClient(.with { $0.bodyLimit = 1000 }) { client, servers in
            var request = ClientRequest(.get, "\(servers.plain)/zeros/1000000")
            let count = try await client.stream(request) { try await $0.reduce(0) { $0 + $1.count } }
            #expect(count == 1_000_000)

            request.bodyLimit = 500_000
            let limited = request
            await #expect(throws: ClientFault.bodyTooLarge(host: servers.host, limit: 500_000)) {
                try await client.stream(limited) { for try await _ in $0 {} }
            }
        }
    }

    @Test func `a reader may pause longer than the idle limit`() async throws {
        try await withClient(.with { $0.timeouts.idle = .milliseconds(200) }) { client, servers in
            let count = try await client.stream(ClientRequest(.get, "\(servers.plain)/zeros/30000000")) { stream in
                let iterator = stream.makeAsyncIterator()
                var count = try await iterator.next()?.count ?? 0
                try await Task.sleep(for: .milliseconds(700))
                while let bytes = try await iterator.next() { count += bytes.count }
                return count
            }

            #expect(count == 30_000_000)
        }
    }
}
