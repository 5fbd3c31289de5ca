package import Security

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension SigningKeys {
    /// Writes the public keys beside the secret ones, `keys/aid.jwks.json`: what other services name with `--jwks`.
    package func publish(in folder: String) throws {
        try Data(jwks().utf8).write(to: URL(fileURLWithPath: "\(folder)/\(issuer).jwks.json"), options: .atomic)
    }
}
