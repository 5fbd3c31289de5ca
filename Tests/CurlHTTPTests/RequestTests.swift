import CurlHTTP
import Testing

/// What is sent, as the server sees it.
struct RequestTests {
    private func echo(_ request: (TestServers) -> ClientRequest) async throws -> Echo {
        var found: Echo?
        try await withClient { client, servers in found = try Echo(await client.send(request(servers))) }
        return try #require(found)
    }

    @Test(arguments: [ClientRequest.Method.get, .post, .put, .patch, .delete, .options])
    func `the method is the one asked for, without a body`(_ method: ClientRequest.Method) async throws {
        let echo = try await echo { ClientRequest(method, "\($0.plain)/echo") }

        #expect(echo.method == method.rawValue)
        #expect(echo.length == 0)
        #expect(echo.values("content-type") == [])
        #expect(echo.values("expect") == [])
    }

    @Test func `HEAD gives status and headers alone`() async throws {
        try await withClient { client, servers in
            let answer = try await client.send(ClientRequest(.head, "\(servers.plain)/echo"))

            #expect(answer.status == 200)
            #expect(answer.headers["content-TYPE"] == "application/json")
            #expect(answer.body == [])
        }
    }

    @Test(arguments: [ClientRequest.Method.post, .put, .patch, .delete], [0, 3, 1_000_000])
    func `a body arrives whole`(_ method: ClientRequest.Method, _ length: Int) async throws {
        let echo = try await echo {
            ClientRequest(
                method, "\($0.plain)/echo", headers: ["Content-Type": "application/json"],
                body: .bytes([UInt8](repeating: 0x61, count: length)))
        }

        #expect(echo.method == method.rawValue)
        #expect(echo.length == length)
        #expect(echo.values("content-length") == ["\(length)"])
        #expect(echo.values("content-type") == ["application/json"])
        if length == 3 {
            #expect(echo.sha256 == "9834876dcfb05cb167a5c24953eba58c4ac89b1adf57f28f2f9d09af107ee8f0")
        }
    }

    @Test func `a request carries nothing of those that the same handle sent before`() async throws {
        try await withClient { client, servers in
            let address = "\(servers.plain)/echo"
            func sent(_ request: ClientRequest) async throws -> Echo { try await Echo(client.send(request)) }
            let body: [UInt8] = [0x61, 0x62, 0x63]

            _ = try await sent(ClientRequest(.get, address, headers: ["X-One": "1"]))
            let second = try await sent(ClientRequest(.get, address, headers: ["X-Two": "2"]))
            #expect(second.values("x-one") == [] && second.values("x-two") == ["2"])
            let posted = try await sent(ClientRequest(.post, address, body: .bytes(body)))
            #expect(posted.method == "POST" && posted.length == 3)
            let third = try await sent(ClientRequest(.get, address))
            #expect(third.method == "GET" && third.length == 0 && third.values("x-two") == [])
            let fourth = try await sent(ClientRequest(.get, address, headers: ["X-Four": "4"]))
            #expect(fourth.values("x-four") == ["4"] && fourth.values("content-length") == [])
        }
    }

    @Test func `headers arrive as given, empty and repeated ones too`() async throws {
        var headers: HeaderList = ["X-Empty": "", "X-Chinese": "困境"]
        headers.add("X-Many", "1")
        headers.add("X-Many", "2")
        let echo = try await echo { ClientRequest(.get, "\($0.plain)/echo", headers: headers) }

        #expect(echo.values("x-empty") == [""])
        #expect(echo.values("x-many") == ["1", "2"])
        // The server reads Latin-1.
        #expect(echo.values("x-chinese") == [String(decoding: "困境".utf8.map { UInt16($0) }, as: UTF16.self)])
        #expect(echo.values("user-agent") == ["minsheng"])
    }

    @Test func `the task's traceparent goes out, unless the request has its own`() async throws {
        let trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
        let own = "00-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-bbbbbbbbbbbbbbbb-00"
        let (passed, given) = try await Trace.$traceparent.withValue(trace) {
            (
                try await echo { ClientRequest(.get, "\($0.plain)/echo") },
                try await echo { ClientRequest(.get, "\($0.plain)/echo", headers: ["traceparent": own]) }
            )
        }
        let none = try await echo { ClientRequest(.get, "\($0.plain)/echo") }

        #expect(passed.values("traceparent") == [trace])
        #expect(given.values("traceparent") == [own])
        #expect(none.values("traceparent") == [])
    }

    @Test(arguments: [
        ("X-A", "1\r\nX-B: 2"), ("X-A", "a\nb"), ("X A", "1"), ("", "1"), ("X-A:", "1"), ("Host", "elsewhere"),
        ("Content-Length", "5"), ("transfer-encoding", "chunked"), ("Connection", "close"), ("X-A", "a\u{0}b"),
    ])
    func `a header that could change the message's shape is refused`(_ name: String, _ value: String) async throws {
        try await withClient { client, servers in
            let outcome = await fault(
                of: client, ClientRequest(.get, "\(servers.plain)/echo?case=shape", headers: [name: value]))

            #expect(outcome?.code == "http-header")
            let count = try await servers.count("shape")
            #expect(count == 0)
        }
    }

    @Test(arguments: [
        "", "127.0.0.1/ok", "/ok", "file:///etc/passwd", "ftp://127.0.0.1/", "http://user:word@127.0.0.1/",
        "http://127.0.0.1:99999/", "http:///ok", "http://127.0.0.1/a b", "http://127.0.0.1/\r\nX-A: 1",
        "gopher://127.0.0.1/", "http://user@127.0.0.1/",
    ])
    func `an address that is not plain HTTP is refused`(_ address: String) async throws {
        try await withClient { client, _ in
            #expect(await fault(of: client, ClientRequest(.get, address)) == .badAddress)
        }
    }

    @Test func `a fault names the host, never the path or the query`() async throws {
        try await withClient { client, servers in
            let outcome = await fault(
                of: client, ClientRequest(.get, "\(servers.closed)/person/150102199001011234?token=secret"))
            let words = try #require(outcome)

            for text in [words.description, words.explanation.zh, words.explanation.en, String(reflecting: words)] {
                #expect(!text.contains("1501"))
                #expect(!text.contains("secret"))
                #expect(text.contains("127.0.0.1"))
            }
        }
    }
}
