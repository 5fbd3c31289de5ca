package import ArgumentParser
import Foundation
import Security
import SocialDomain

/// How a service's `serve` lets people sign in.
package struct SignInOptions: ParsableArguments {
    @Option(help: "Where people sign in, http://127.0.0.1:8100; without it everything is open, on loopback only.")
    package var gateway: String?

    @Option(
        name: .customLong("jwks"),
        help: """
            The public keys of the gateway or of another service (JWKS): a file, or its address such as \
            https://minsheng.example.cn/gateway/.well-known/jwks.json; once for each.
            """)
    package var keySets: [String] = []

    @Option(
        name: .customLong("host"), help: "A name under which the service is reached besides loopback's; once for each.")
    package var hosts: [String] = []

    package init() {}

    package func validate() throws {
        guard let gateway else { return }
        guard let parts = URLComponents(string: gateway), parts.scheme == "http" || parts.scheme == "https",
            parts.host?.isEmpty == false, parts.path.isEmpty || parts.path == "/"
        else { throw ValidationError("--gateway is an address such as https://minsheng.example.cn") }
        if keySets.isEmpty { throw ValidationError("--gateway needs its public keys: --jwks FILE or ADDRESS") }
    }

    /// - Parameters:
    ///   - folder: with the service's own signing key, which is made where it is missing.
    ///   - service: its name.
    package func open(keys folder: String, service: String) async throws -> SignIn {
        guard let gateway else { return try SignIn.off() }
        let own = try SigningKeyFile("\(folder)/\(service).signing.keys", issuer: service).readOrMake()
        var sets: [String] = [try own.jwks()]
        for path in keySets {
            sets.append(try await KeySet.read(path))
        }
        let verifier = try await TokenVerifier(jwks: sets)
        let address = gateway.hasSuffix("/") ? String(gateway.dropLast()) : gateway
        return try SignIn(.tokens(verifier, gateway: address), formKey: own.derived("forms"))
    }
}
