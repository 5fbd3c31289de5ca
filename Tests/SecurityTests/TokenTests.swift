import Foundation
import Security
import SocialDomain
import Testing

struct TokenTests {
    private static func keys(_ issuer: String, seed: UInt8 = 1) throws -> SigningKeys {
        try SigningKeys(issuer: issuer, seeds: [(1, [UInt8](repeating: seed, count: 32))])
    }

    private static func claims(
        issuer: String = "gateway", subject: String = "a1", kind: AccessClaims.Kind = .person
    ) -> AccessClaims {
        AccessClaims(
            issuer: issuer, subject: subject, name: "乌兰", kind: kind, roles: ["aid": ["viewer"]], division: "150402",
            session: "s1", issuedAt: 1000)
    }

    private static func token(_ claims: AccessClaims, _ keys: SigningKeys) async throws -> String {
        try await TokenIssuer(keys).sign(claims)
    }

    private static func verifier() async throws -> TokenVerifier {
        try await TokenVerifier(jwks: [keys("gateway").jwks(), keys("care", seed: 2).jwks()])
    }

    @Test func `the public key is that of RFC 8037 A dot 2`() throws {
        let seed = try #require(Data(base64Encoded: "nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A="))

        let jwks = try SigningKeys(issuer: "gateway", seeds: [(7, [UInt8](seed))]).jwks()

        #expect(
            jwks == """
                {"keys":[{"kty":"OKP","crv":"Ed25519","alg":"EdDSA","use":"sig","kid":"gateway.7",\
                "x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}
                """)
    }

    @Test func `a token gives back who it speaks for`() async throws {
        let token = try await Self.token(Self.claims(), Self.keys("gateway"))

        let claims = try await Self.verifier().claims(of: token, at: 1500)

        #expect(claims == Self.claims())
        #expect(claims.scope?.division?.text == "150402")
        #expect(claims.scope?.has("viewer", in: "aid") == true)
    }

    @Test(
        arguments: [(1959, nil), (1960, TokenRefusal.expired), (939, .early), (940, nil)] as [(Int64, TokenRefusal?)])
    func `a token serves for fifteen minutes, give or take one`(now: Int64, refusal: TokenRefusal?) async throws {
        let token = try await Self.token(Self.claims(), Self.keys("gateway"))

        let found = await Self.refusal(of: token, at: now)

        #expect(found == refusal)
    }

    @Test func `a signature by another key under a known name is refused`() async throws {
        let token = try await Self.token(Self.claims(), Self.keys("gateway", seed: 9))

        #expect(await Self.refusal(of: token, at: 1000) == .wrongSignature)
    }

    @Test func `a key that nobody announced is refused`() async throws {
        let token = try await Self.token(Self.claims(issuer: "other"), Self.keys("other"))

        #expect(await Self.refusal(of: token, at: 1000) == .unknownKey)
    }

    @Test func `a service cannot speak for a person, for the gateway or for another service`() async throws {
        let care = try Self.keys("care", seed: 2)
        let samples = [
            Self.claims(issuer: "care"), Self.claims(issuer: "gateway"),
            Self.claims(issuer: "care", subject: "aid", kind: .service),
        ]

        for claims in samples {
            let token = try await Self.token(claims, care)
            #expect(await Self.refusal(of: token, at: 1000) == .wrongIssuer)
        }
        let own = try await Self.token(Self.claims(issuer: "care", subject: "care", kind: .service), care)
        #expect(await Self.refusal(of: own, at: 1000) == nil)
    }

    @Test func `a changed claim, another algorithm and rubbish are refused`() async throws {
        let token = try await Self.token(Self.claims(), Self.keys("gateway"))
        let parts = token.split(separator: ".").map(String.init)
        let none = Data(#"{"alg":"none","kid":"gateway.1"}"#.utf8).base64EncodedString().filter { $0 != "=" }

        #expect(await Self.refusal(of: "\(parts[0]).e30.\(parts[2])", at: 1000) == .wrongSignature)
        #expect(await Self.refusal(of: "\(none).\(parts[1]).", at: 1000) == .unreadable)
        for text in ["", "a", "a.b.c", "\(parts[0]).\(parts[1])", String(repeating: "x", count: 9000)] {
            #expect(await Self.refusal(of: text, at: 1000) == .unreadable)
        }
    }

    private static func refusal(of token: String, at now: Int64) async -> TokenRefusal? {
        do {
            _ = try await verifier().claims(of: token, at: now)
            return nil
        } catch {
            return error as? TokenRefusal
        }
    }
}

struct PasswordRulesTests {
    @Test(arguments: [
        ("kurz123", PasswordRefusal.tooShort), (String(repeating: "长句子abc", count: 50), .tooLong),
        ("password123", .common), ("Password-123", .common), ("aaaaaaaaaaaa", .common), ("abcdefghij", .common),
        ("9876543210", .common), ("123456123456", .common), ("xx-zhang.wei-99", .obvious), ("Minsheng-2026!", .obvious),
    ])
    func `bad passwords are refused with the reason`(password: String, refusal: PasswordRefusal) {
        #expect(throws: refusal) { try PasswordRules.check(password, account: "zhang.wei") }
    }

    @Test(arguments: ["草原 骏马 奶茶 四十二 号", "correct horse battery", "T7#kd93!qpL"])
    func `long or odd ones are taken`(password: String) throws {
        try PasswordRules.check(password, account: "zhang.wei")
    }

    @Test(arguments: [("", ""), ("f", "MY"), ("fo", "MZXQ"), ("foo", "MZXW6"), ("foobar", "MZXW6YTBOI")])
    func `base 32 is that of RFC 4648`(text: String, encoded: String) {
        #expect(AuthenticatorSetup.base32(Array(text.utf8)) == encoded)
    }

    @Test func `an authenticator's address names product, account and secret`() {
        #expect(
            AuthenticatorSetup.address(secret: Array("foobar".utf8), account: "zhang.wei")
                == "otpauth://totp/Minsheng:zhang%2Ewei?secret=MZXW6YTBOI&issuer=Minsheng&digits=6&period=30")
    }

    @Test func `recovery codes differ and are taken however they are typed`() {
        let codes = RecoveryCodes.make()

        #expect(Set(codes).count == 10)
        #expect(codes.allSatisfy { $0.count == 19 })
        #expect(
            RecoveryCodes.digest(codes[0]) == RecoveryCodes.digest(codes[0].lowercased().filter { $0 != "-" } + " "))
    }
}
