import CurlHTTP
import Foundation
import Testing

struct PoolTests {
    private struct Place: Decodable, Hashable {
        let connection: Int
        let served: Int
    }

    private func place(_ client: HTTPClient, _ url: String) async throws -> Place {
        let answer = try await client.send(ClientRequest(.get, url))
        return try JSONDecoder().decode(Place.self, from: Data(answer.body))
    }

    @Test func `requests one after the other share a connection`() async throws {
        try await withClient { client, servers in
            let port = try await servers.ownPort()
            var places: [Place] = []
            for _ in 0..<3 { places.append(try await place(client, "http://127.0.0.1:\(port)/ok")) }

            #expect(
                places == [
                    Place(connection: 1, served: 1), Place(connection: 1, served: 2), Place(connection: 1, served: 3),
                ])
        }
    }

    @Test func `three hundred requests at once are all answered over at most 32 connections`() async throws {
        try await withClient { client, servers in
            let port = try await servers.ownPort()
            let places = try await withThrowingTaskGroup(of: Place.self) { group in
                for _ in 0..<300 { group.addTask { try await place(client, "http://127.0.0.1:\(port)/slow/0.01") } }
                return try await group.reduce(into: []) { $0.append($1) }
            }

            #expect(Set(places).count == 300)
            #expect(Set(places.map(\.connection)).isSubset(of: Set(1...32)))
        }
    }

    @Test func `a failed transfer's connection is not used again`() async throws {
        try await withClient { client, servers in
            let port = try await servers.ownPort()
            var late = ClientRequest(.get, "http://127.0.0.1:\(port)/half-body")
            var timeouts = ClientOptions.Timeouts()
            timeouts.idle = .milliseconds(200)
            late.timeouts = timeouts
            #expect(await fault(of: client, late) == .timedOut(.idle, host: "127.0.0.1:\(port)"))

            #expect(try await place(client, "http://127.0.0.1:\(port)/ok") == Place(connection: 2, served: 1))
        }
    }

    @Test func `a kept connection that the server has closed is replaced`() async throws {
        try await withClient { client, servers in
            let port = try await servers.ownPort()
            for number in 1...3 {
                let found = try await place(client, "http://127.0.0.1:\(port)/dead-kept")

                #expect(found == Place(connection: number, served: 1))
            }
        }
    }

    @Test func `closing leaves no connection open, kept ones included`() async throws {
        let servers = try TestServers.shared
        let port = try await servers.ownPort()
        try await withClient { client, _ in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<20 {
                    group.addTask { _ = try await place(client, "http://127.0.0.1:\(port)/slow/0.1") }
                }
                try await group.waitForAll()
            }
            #expect(try await servers.connections(at: port) > 0)
        }

        try await eventually { try await servers.connections(at: port) == 0 }
    }
}
