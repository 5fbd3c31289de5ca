import CurlHTTP
import Foundation
import Testing

/// Against a server that others wrote.
@Suite(.enabled(if: TestServers.hasHttpbin, "httpbin is not installed: see install-httpbin.sh"))
struct HttpbinTests {
    private func withHttpbin(_ body: (HTTPClient, String) async throws -> Void) async throws {
        try await withClient { client, servers in try await body(client, try #require(servers.httpbin)) }
    }

    @Test(arguments: ["gzip", "deflate"])
    func `compressed answers are opened`(_ coding: String) async throws {
        try await withHttpbin { client, address in
            let answer = try await client.send(ClientRequest(.get, "\(address)/\(coding)"))

            #expect(answer.status == 200)
            #expect(answer.text.contains(coding == "gzip" ? #""gzipped": true"# : #""deflated": true"#))
        }
    }

    @Test(arguments: [ClientRequest.Method.post, .put, .patch, .delete])
    func `bodies and queries arrive`(_ method: ClientRequest.Method) async throws {
        struct Seen: Decodable {
            let args: [String: String]
            let json: [String: Int]
        }
        try await withHttpbin { client, address in
            let answer = try await client.send(
                ClientRequest(
                    method, "\(address)/\(method.rawValue.lowercased())?%E6%97%97=%E5%8E%BF",
                    headers: ["Content-Type": "application/json"], body: .bytes(Array(#"{"income": 1200}"#.utf8))))
            let seen = try JSONDecoder().decode(Seen.self, from: Data(answer.body))

            #expect(seen.args == ["旗": "县"])
            #expect(seen.json == ["income": 1200])
        }
    }

    @Test(arguments: [200, 204, 404, 418, 500])
    func `statuses come through`(_ status: Int) async throws {
        try await withHttpbin { client, address in
            let status = try await client.send(ClientRequest(.get, "\(address)/status/\(status)")).status
            #expect(status == status)
        }
    }

    @Test func `redirects, absolute and relative, are followed to the end`() async throws {
        try await withHttpbin { client, address in
            for path in ["absolute-redirect/3", "relative-redirect/3"] {
                var request = ClientRequest(.get, "\(address)/\(path)")
                request.redirectLimit = 3
                let status = try await client.send(request).status
                #expect(status == 200)

                request.redirectLimit = 2
                #expect(await fault(of: client, request)?.code == "http-too-many-redirects")
            }
        }
    }

    @Test func `chunked answers and bytes come whole`() async throws {
        try await withHttpbin { client, address in
            #expect(try await client.send(ClientRequest(.get, "\(address)/stream-bytes/100000")).body.count == 100_000)
            #expect(try await client.send(ClientRequest(.get, "\(address)/bytes/77777")).body.count == 77_777)
            let lines = try await client.send(ClientRequest(.get, "\(address)/stream/20")).text
            #expect(lines.split(separator: "\n").count == 20)
        }
    }

    @Test func `a bearer token is sent to the host and not to the one it redirects to`() async throws {
        try await withHttpbin { client, address in
            let bearer: HeaderList = ["Authorization": "Bearer abc"]
            #expect(try await client.send(ClientRequest(.get, "\(address)/bearer", headers: bearer)).status == 200)
            #expect(try await client.send(ClientRequest(.get, "\(address)/bearer")).status == 401)

            let elsewhere = try TestServers.shared.plain
            var request = ClientRequest(.get, "\(address)/redirect-to?url=\(elsewhere)/echo", headers: bearer)
            request.redirectLimit = 1
            #expect(try Echo(await client.send(request)).values("authorization") == [])
        }
    }
}
