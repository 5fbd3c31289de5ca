import JWTKit
import SocialDomain

/// Who a token speaks for, and until when.
package struct AccessClaims: Hashable, Sendable, Codable {
    package enum Kind: String, Hashable, Sendable, Codable {
        case person
        case service
    }

    /// The service that signed it.
    package var iss: String
    package var aud: String
    /// The account's id, or the service's name.
    package var sub: String
    package var name: String
    package var kind: Kind
    package var roles: [String: [String]]
    /// Digits of a division; absent for services, which see what they were asked about.
    package var div: String?
    /// The credit code of the organisation that the account works for.
    package var org: String?
    /// The session it was issued in; forms are bound to it.
    package var sid: String?
    /// Seconds since 1970.
    package var iat: Int64
    package var exp: Int64

    package static let audience = "minsheng"
    /// 15 minutes.
    package static let lifetime: Int64 = 900

    package init(
        issuer: String, subject: String, name: String, kind: Kind, roles: [String: [String]], division: String?,
        organisation: String? = nil, session: String?, issuedAt: Int64, lifetime: Int64 = AccessClaims.lifetime
    ) {
        iss = issuer
        aud = Self.audience
        sub = subject
        self.name = name
        self.kind = kind
        self.roles = roles
        div = division
        org = organisation
        sid = session
        iat = issuedAt
        exp = issuedAt + lifetime
    }

    /// Nil where the division's digits are none.
    package var scope: Scope? {
        let roles = roles.mapValues { Set($0) }
        guard let div else { return Scope(roles: roles, division: nil, organisation: org) }
        return DivisionCode(prefix: div).map { Scope(roles: roles, division: $0, organisation: org) }
    }
}

/// Why a token is not taken.
package enum TokenRefusal: String, Error, Hashable, Sendable {
    case unreadable
    case unknownKey
    case wrongSignature
    case wrongAudience
    case expired
    /// Issued in the future by more than clocks may differ.
    case early
    /// A service may speak for itself only, the gateway for people too.
    case wrongIssuer
}

/// The claims as jwt-kit takes them.
private struct Payload: JWTPayload {
    let claims: AccessClaims

    init(_ claims: AccessClaims) {
        self.claims = claims
    }

    init(from decoder: any Decoder) throws {
        claims = try AccessClaims(from: decoder)
    }

    func encode(to encoder: any Encoder) throws {
        try claims.encode(to: encoder)
    }

    /// Times and names are checked by `TokenVerifier`, which is told the time.
    func verify(using algorithm: some JWTAlgorithm) async throws {}
}

/// Signs tokens (JWS with EdDSA, RFC 8037).
package struct TokenIssuer: Sendable {
    package let issuer: String
    private let collection = JWTKeyCollection()
    private let active: JWKIdentifier

    package init(_ keys: SigningKeys) async throws {
        issuer = keys.issuer
        active = JWKIdentifier(string: "\(keys.issuer).\(keys.seeds.last?.number ?? 0)")
        for entry in keys.seeds {
            let key = try EdDSA.PrivateKey(d: Base64URL.text(entry.seed), curve: .ed25519)
            await collection.add(eddsa: key, kid: JWKIdentifier(string: "\(keys.issuer).\(entry.number)"))
        }
    }

    package func sign(_ claims: AccessClaims) async throws -> String {
        try await collection.sign(Payload(claims), kid: active)
    }
}

/// Checks tokens offline, by the public keys of those who may issue them.
package struct TokenVerifier: Sendable {
    private let collection = JWTKeyCollection()
    private let keyNames: Set<String>
    /// Who may speak for people.
    private let gateway: String
    /// How far clocks may differ, in seconds.
    private static let skew: Int64 = 60

    /// - Parameter jwks: one JSON Web Key Set a service.
    package init(jwks: [String], gateway: String = "gateway") async throws {
        self.gateway = gateway
        var names: Set<String> = []
        for json in jwks {
            let set = try JSONDecoding.jwks(json)
            for key in set.keys {
                // Another algorithm in the file must not become a way in.
                guard key.keyType == .octetKeyPair, let name = key.keyIdentifier?.string else { continue }
                try await collection.add(jwk: key)
                names.insert(name)
            }
        }
        keyNames = names
    }

    /// - Parameter now: seconds since 1970.
    package func claims(of token: String, at now: Int64) async throws(TokenRefusal) -> AccessClaims {
        guard token.utf8.count <= 8192, let name = Self.keyName(token) else { throw .unreadable }
        guard keyNames.contains(name) else { throw .unknownKey }
        let claims: AccessClaims
        do {
            claims = try await collection.verify(token, as: Payload.self).claims
        } catch {
            throw .wrongSignature
        }
        guard claims.aud == AccessClaims.audience else { throw .wrongAudience }
        guard name.hasPrefix(claims.iss + "."), !name.dropFirst(claims.iss.count + 1).contains("."),
            claims.iss == gateway || (claims.kind == .service && claims.sub == claims.iss)
        else { throw .wrongIssuer }
        guard now < claims.exp + Self.skew else { throw .expired }
        guard claims.iat <= now + Self.skew, claims.exp - claims.iat <= 3600 else { throw .early }
        return claims
    }

    private static func keyName(_ token: String) -> String? {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let header = Base64URL.bytes(parts[0]) else { return nil }
        return JSONDecoding.header(header)
    }
}
