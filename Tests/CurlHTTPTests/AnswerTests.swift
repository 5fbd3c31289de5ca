import CurlHTTP
import Testing

/// Answers as they should not be: each ends with the fault that says what was wrong, and nothing hangs or grows.
struct AnswerTests {
    @Test(arguments: ["close", "reset", "short", "half-chunk"])
    func `a connection that breaks is told from an answer`(_ path: String) async throws {
        try await withClient { client, servers in
            #expect(
                await fault(of: client, ClientRequest(.get, "\(servers.plain)/\(path)"))
                    == .connectionLost(host: servers.host))
        }
    }

    @Test(arguments: ["0", "0.2"])
    func `bytes beyond the stated length never become the next answer`(_ pause: String) async throws {
        try await withClient { client, servers in
            let first = try await client.send(ClientRequest(.get, "\(servers.plain)/long/\(pause)"))
            try await Task.sleep(for: .milliseconds(400))
            let second = try await client.send(ClientRequest(.get, "\(servers.plain)/gzipped"))

            #expect(first.text == "hello")
            #expect(second.text == "压缩的内容")
        }
    }

    @Test func `nor do they over TLS`() async throws {
        try await withClient(.with { $0.authorities = try TestServers.shared.authorities }) { client, servers in
            let first = try await client.send(ClientRequest(.get, "\(servers.good)/long/0.2"))
            try await Task.sleep(for: .milliseconds(400))
            let second = try await client.send(ClientRequest(.get, "\(servers.good)/gzipped"))

            #expect(first.text == "hello")
            #expect(second.text == "压缩的内容")
        }
    }

    @Test(arguments: ["endless-headers", "giant-header"])
    func `headers beyond the limit end the transfer`(_ path: String) async throws {
        try await withClient { client, servers in
            #expect(
                await fault(of: client, ClientRequest(.get, "\(servers.plain)/\(path)"))
                    == .headersTooLarge(host: servers.host, limit: 65_536))
        }
    }

    @Test func `redirects are an answer unless they are to be followed`() async throws {
        try await withClient { client, servers in
            let answer = try await client.send(ClientRequest(.get, "\(servers.plain)/circle/1"))

            #expect(answer.status == 302)
            #expect(answer.headers["location"] == "/circle/2")
        }
    }

    @Test func `redirects in a circle end at the limit`() async throws {
        try await withClient { client, servers in
            var request = ClientRequest(.get, "\(servers.plain)/circle/1?case=circle")
            request.redirectLimit = 4

            #expect(await fault(of: client, request) == .tooManyRedirects(host: servers.host, limit: 4))
            let count = try await servers.count("circle")
            #expect(count == 5)
        }
    }

    @Test func `a followed redirect gives the last answer with its own headers and body`() async throws {
        try await withClient { client, servers in
            var request = ClientRequest(.get, "\(servers.plain)/redirect/307?to=/gzipped")
            request.redirectLimit = 2

            let answer = try await client.send(request)

            #expect(answer.status == 200)
            #expect(answer.headers["Location"] == nil)
            #expect(answer.text == "压缩的内容")
        }
    }

    @Test func `a POST is not followed, whatever its limit`() async throws {
        try await withClient { client, servers in
            var request = ClientRequest(.post, "\(servers.plain)/redirect/307", body: .bytes([1]))
            request.redirectLimit = 2

            let status = try await client.send(request).status
            #expect(status == 307)
        }
    }

    @Test(arguments: ["file:///etc/passwd", "ftp://127.0.0.1/"])
    func `a redirect out of HTTP is refused`(_ target: String) async throws {
        try await withClient { client, servers in
            var request = ClientRequest(.get, "\(servers.plain)/redirect/302?to=\(target)")
            request.redirectLimit = 2

            #expect(await fault(of: client, request) == .badResponse(host: servers.host))
        }
    }

    @Test func `compressed answers are opened`() async throws {
        try await withClient { client, servers in
            let answer = try await client.send(ClientRequest(.get, "\(servers.plain)/gzipped")).text
            #expect(answer == "压缩的内容")
        }
    }

    @Test func `a body that is not compressed as it says is refused`() async throws {
        try await withClient { client, servers in
            #expect(
                await fault(of: client, ClientRequest(.get, "\(servers.plain)/bad-gzip"))
                    == .badCoding(host: servers.host))
        }
    }

    @Test func `a small body that opens to 64 MB stops at the limit`() async throws {
        try await withClient(.with { $0.bodyLimit = 1 << 20 }) { client, servers in
            #expect(
                await fault(of: client, ClientRequest(.get, "\(servers.plain)/bomb"))
                    == .bodyTooLarge(host: servers.host, limit: 1 << 20))
        }
    }

    @Test func `a body of exactly the limit passes, one byte more does not`() async throws {
        try await withClient { client, servers in
            var request = ClientRequest(.get, "\(servers.plain)/zeros/100000")
            request.bodyLimit = 100_000
            let answer = try await client.send(request).body.count
            #expect(answer == 100_000)

            request.bodyLimit = 99_999
            #expect(await fault(of: client, request) == .bodyTooLarge(host: servers.host, limit: 99_999))
        }
    }

    @Test func `another protocol is not taken for an answer`() async throws {
        try await withClient { client, servers in
            #expect(
                await fault(of: client, ClientRequest(.get, "\(servers.plain)/not-http"))
                    == .badResponse(host: servers.host))
        }
    }

    @Test func `early hints are not the answer`() async throws {
        try await withClient { client, servers in
            let answer = try await client.send(ClientRequest(.get, "\(servers.plain)/interim"))

            #expect(answer.status == 200)
            #expect(answer.headers["Link"] == nil)
        }
    }

    @Test func `every status is an answer`() async throws {
        try await withClient { client, servers in
            for status in [204, 304, 404, 409, 500] {
                let status = try await client.send(ClientRequest(.get, "\(servers.plain)/status/\(status)")).status
                #expect(status == status)
            }
        }
    }

    @Test func `a port without a server and a name without an address are told apart`() async throws {
        try await withClient { client, servers in
            let closed = await fault(of: client, ClientRequest(.get, servers.closed))
            let unknown = await fault(of: client, ClientRequest(.get, "http://nobody.invalid/"))

            #expect(closed == .unreachable(host: String(servers.closed.dropFirst(7))))
            #expect(unknown == .unknownName(host: "nobody.invalid:80"))
        }
    }
}
