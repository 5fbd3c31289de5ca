import CurlHTTP
import Testing

/// The misbehaving server is the proxy too; names under `.test` lead it to this machine.
@Suite(.serialized)
struct ProxyTests {
    private func port(_ address: String) -> Substring { address.split(separator: ":").last ?? "" }

    @Test func `plain requests go through the proxy, with its user`() async throws {
        let proxy = try TestServers.shared.plain.replacing("http://", with: "http://reader:secret@")
        try await withClient(.with { $0.proxy = proxy }) { client, servers in
            let (forwards, users) = (try await servers.count("proxy-forwards"), try await servers.count("proxy-user"))

            let answer = try await client.send(ClientRequest(.get, "http://far.test:\(port(servers.plain))/echo"))

            #expect(try Echo(answer).values("via") == ["1.1 test"])
            #expect(try Echo(answer).values("proxy-authorization") == [])
            #expect(try await servers.count("proxy-forwards") == forwards + 1)
            #expect(try await servers.count("proxy-user") == users + 1)
        }
    }

    @Test func `TLS goes through a tunnel, end to end`() async throws {
        let servers = try TestServers.shared
        try await withClient(
            .with {
                $0.proxy = servers.plain
                $0.authorities = servers.authorities
            }
        ) { client, servers in
            let tunnels = try await servers.count("proxy-tunnels")

            let answer = try await client.send(ClientRequest(.get, "https://far.test:\(port(servers.good))/gzipped"))

            #expect(answer.text == "压缩的内容")
            #expect(answer.headers["Content-Encoding"] == "gzip")
            #expect(try await servers.count("proxy-tunnels") == tunnels + 1)
        }
    }

    @Test func `excepted hosts are reached without it`() async throws {
        let servers = try TestServers.shared
        try await withClient(
            .with {
                $0.proxy = servers.closed
                $0.proxyExceptions = "127.0.0.1,example.test"
            }
        ) { client, servers in
            let status = try await client.send(ClientRequest(.get, "\(servers.plain)/ok")).status
            #expect(status == 200)
        }
    }

    @Test func `a proxy that refuses the tunnel or is not there is named as what failed`() async throws {
        let servers = try TestServers.shared
        try await withClient(.with { $0.proxy = servers.plain }) { client, _ in
            #expect(
                await fault(of: client, ClientRequest(.get, "https://forbidden.test/"))
                    == .proxy(host: "forbidden.test:443"))
        }
        try await withClient(.with { $0.proxy = servers.closed }) { client, servers in
            #expect(
                await fault(of: client, ClientRequest(.get, "\(servers.plain)/ok")) == .proxy(host: servers.host))
        }
    }
}
