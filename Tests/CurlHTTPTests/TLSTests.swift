import CurlHTTP
import Testing

struct TLSTests {
    @Test func `a certificate of the configured authority is accepted`() async throws {
        try await withClient(.with { $0.authorities = try TestServers.shared.authorities }) { client, servers in
            let status = try await client.send(ClientRequest(.get, "\(servers.good)/ok")).status
            #expect(status == 200)
        }
    }

    @Test func `without its authority it is not`() async throws {
        try await withClient { client, servers in
            #expect(
                await fault(of: client, ClientRequest(.get, "\(servers.good)/ok?case=tls-unknown"))
                    == .certificate(.unknownIssuer, host: String(servers.good.dropFirst(8))))
            let count = try await servers.count("tls-unknown")
            #expect(count == 0)
        }
    }

    @Test(arguments: ClientFault.CertificateFlaw.inOrderOfServers)
    func `a certificate that is not in order is refused for its own reason`(
        _ flaw: ClientFault.CertificateFlaw, _ index: Int
    ) async throws {
        try await withClient(.with { $0.authorities = try TestServers.shared.authorities }) { client, servers in
            let address = [servers.expired, servers.early, servers.named, servers.selfSigned][index]

            #expect(
                await fault(of: client, ClientRequest(.get, "\(address)/ok"))
                    == .certificate(flaw, host: String(address.dropFirst(8))))
        }
    }

    @Test func `a server without TLS is told from one with a bad certificate`() async throws {
        try await withClient { client, servers in
            let address = servers.plain.replacing("http:", with: "https:")

            #expect(await fault(of: client, ClientRequest(.get, address)) == .tls(host: servers.host))
        }
    }

    @Test func `a redirect from TLS to none is refused`() async throws {
        try await withClient(.with { $0.authorities = try TestServers.shared.authorities }) { client, servers in
            var request = ClientRequest(.get, "\(servers.good)/redirect/302?to=\(servers.plain)/ok?case=downgrade")
            request.redirectLimit = 3

            #expect(await fault(of: client, request) == .badResponse(host: String(servers.good.dropFirst(8))))
            let count = try await servers.count("downgrade")
            #expect(count == 0)
        }
    }

    @Test func `a file of authorities that is not there is said, before anything is sent`() async throws {
        try await withClient(.with { $0.authorities = "/nowhere/authorities.pem" }) { client, servers in
            #expect(await fault(of: client, ClientRequest(.get, "\(servers.good)/ok")) == .badAuthorities)
        }
    }
}

extension ClientFault.CertificateFlaw {
    fileprivate static let inOrderOfServers: [(Self, Int)] = [
        (.expired, 0), (.notYetValid, 1), (.wrongName, 2), (.unknownIssuer, 3),
    ]
}
