import CurlHTTP
import Foundation
import Security
import SocialDomain

/// Why another service's public keys were not had from its address.
enum KeySetFault: ExplainedFault, Hashable {
    case notSafe(String)
    case noAnswer(String)
    case noKeys(String)

    var code: String {
        switch self {
        case .notSafe: "keys-address-not-safe"
        case .noAnswer: "keys-no-answer"
        case .noKeys: "keys-none"
        }
    }

    var explanation: LocalizedText {
        switch self {
        case .notSafe(let address):
            LocalizedText(
                zh: "公钥地址 \(address) 不是 https，途中可能被人替换。请改用 https，或用文件：--jwks FILE。",
                en:
                    "the keys' address \(address) is not https, so they could be exchanged on their way: use https, or a file: "
                    + "--jwks FILE")
        case .noAnswer(let address):
            LocalizedText(
                zh: "没有从 \(address) 取到公钥。请检查地址，以及统一入口是否已启动。",
                en: "no keys came from \(address): check the address, and whether the gateway runs")
        case .noKeys(let address):
            LocalizedText(
                zh: "\(address) 给出的不是公钥（JWKS）。请检查地址。", en: "what \(address) gives are no keys (JWKS): check the address"
            )
        }
    }
}

/// A service's public keys (JWKS), from a file or from the service itself.
enum KeySet {
    /// - Parameters:
    ///   - place: a path, or an address: https, or http to this machine.
    ///   - patience: how long a service that does not answer yet is waited for; services are started side by side.
    /// - Returns: JSON.
    static func read(_ place: String, patience: Duration = .seconds(30)) async throws -> String {
        guard let parts = URLComponents(string: place), let scheme = parts.scheme, let host = parts.host,
            scheme == "http" || scheme == "https"
        else {
            guard let json = try? String(contentsOfFile: place, encoding: .utf8) else {
                throw SecurityFault.keysUnreadable(path: place)
            }
            return json
        }
        guard scheme == "https" || GuardMiddleware.isLoopback(host) || host == "::1" else {
            throw KeySetFault.notSafe(place)
        }
        var options = ClientOptions()
        options.bodyLimit = 256 * 1024
        options.retries.attempts = 1
        options.timeouts.total = .seconds(5)
        let client = HTTPClient(options: options)
        let json = await fetch(place, by: ContinuousClock.now + patience, client)
        await client.close()
        guard let json else { throw KeySetFault.noAnswer(place) }
        guard (try? await TokenVerifier(jwks: [json])) != nil else { throw KeySetFault.noKeys(place) }
        return json
    }

    private static func fetch(_ address: String, by end: ContinuousClock.Instant, _ client: HTTPClient) async -> String?
    {
        while !Task.isCancelled {
            if let answer = try? await client.send(ClientRequest(.get, address)), answer.status == 200 {
                return String(decoding: answer.body, as: UTF8.self)
            }
            guard ContinuousClock.now < end else { return nil }
            try? await Task.sleep(for: .milliseconds(250))
        }
        return nil
    }
}
