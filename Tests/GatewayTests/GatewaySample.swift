import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import Security
import ServiceKit
import SocialDomain
import Storage
import Synchronization
import TestDatabases

@testable import Gateway

/// A gateway over an empty database, with a clock that stands still until it is moved and passwords that hash quickly.
final class GatewaySample: Sendable {
    let application: GatewayApplication
    private let clock: Clock

    /// Shared with the application's closure.
    private final class Clock: Sendable {
        let second = Mutex<Int64>(1_782_806_400)
    }

    static let cheap = ScryptCost(rounds: 16, blockSize: 1, parallelism: 1)

    init(_ engine: Engine = .sqlite) async throws {
        let folder = FileManager.default.temporaryDirectory.path + "/gateway-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let database = try Database(TestServer.emptyDatabase(engine))
        try database.migrate(GatewayOptions.migrations(for: engine), at: "2026-06-30T08:00:00Z")
        try KitMigrations.apply(to: database, at: "2026-06-30T08:00:00Z")
        let file = FieldKeyFile(folder + "/gateway.keys")
        try file.make()
        let clock = Clock()
        self.clock = clock
        application = try await GatewayApplication(
            database: database, ring: FieldKeyRing(file),
            keys: SigningKeys(issuer: "gateway", seeds: [(1, [UInt8](repeating: 4, count: 32))]),
            address: "http://127.0.0.1:8100", cost: Self.cheap, now: { clock.second.withLock { $0 } })
    }

    var now: Int64 { clock.second.withLock { $0 } }

    func wait(_ seconds: Int64) {
        clock.second.withLock { $0 += seconds }
    }

    /// An account that has chosen its password already.
    @discardableResult
    func account(
        _ login: String, division: String = "150402", roles: [String] = ["aid:viewer"], organisation: String = "",
        password: String = "correct horse battery"
    ) async throws -> String {
        let made = try await application.actions.add(
            login: login, name: "乌兰", division: division,
            grant: AccountGrant(roles, organisation: organisation), within: .ownMachine, at: now, audit: .test)
        let account = try await required(login)
        try await application.actions.change(
            account, from: made.password, to: password, session: nil, at: now, audit: .test)
        return made.account
    }

    func required(_ login: String) async throws -> Account {
        guard let account = try await application.accounts.account(login: login, within: .ownMachine) else {
            throw AccountRefusal.unknown
        }
        return account
    }

    struct Answer: Sendable {
        let status: Int
        let headers: HTTPFields
        let text: String
        /// What a browser would keep.
        let cookies: [String: String]

        var location: String? { headers[.location] }
    }

    func get(_ path: String, _ cookies: [String: String] = [:]) async throws -> Answer {
        try await ask(path, .get, cookies, nil, type: nil)
    }

    /// As a page's form is sent, with the token that the page would have carried.
    func post(_ path: String, _ fields: [String: String], _ cookies: [String: String] = [:]) async throws -> Answer {
        var fields = fields
        if let token = cookies["minsheng_token"], fields["form_token"] == nil {
            let verifier = try await TokenVerifier(jwks: [application.keys.jwks()])
            let session = try? await verifier.claims(of: token, at: now).sid
            fields["form_token"] = session.map { application.signIn.forms.token(session: $0) }
        }
        let body = fields.map { "\(QueryItems.encoded($0))=\(QueryItems.encoded($1))" }.joined(separator: "&")
        return try await ask(path, .post, cookies, body, type: "application/x-www-form-urlencoded")
    }

    func ask(
        _ path: String, _ method: HTTPRequest.Method, _ cookies: [String: String], _ body: String?, type: String?
    ) async throws -> Answer {
        var headers: HTTPFields = [.accept: "text/html, */*;q=0.1", .userAgent: "Firefox"]
        if !cookies.isEmpty { headers[.cookie] = cookies.map { "\($0)=\($1)" }.joined(separator: "; ") }
        headers[.contentType] = type
        let app = Hummingbird.Application(router: application.buildRouter())
        return try await app.test(.router) { [headers] client in
            try await client.execute(
                uri: path, method: method, headers: headers, body: body.map { ByteBuffer(string: $0) }
            ) { response in
                var kept = cookies
                for header in response.headers[values: .setCookie] {
                    let pair = header.prefix { $0 != ";" }.split(separator: "=", maxSplits: 1)
                    kept[String(pair[0])] = pair.count == 2 ? String(pair[1]) : nil
                }
                return Answer(
                    status: Int(response.status.code), headers: response.headers, text: String(buffer: response.body),
                    cookies: kept)
            }
        }
    }

    /// The cookies of someone who has signed in.
    func signedIn(
        _ login: String, _ password: String = "correct horse battery", code: String? = nil
    ) async throws -> [String: String] {
        var fields = ["login": login, "password": password]
        fields["code"] = code
        let answer = try await post("/gateway/sign-in", fields)
        guard answer.status == 303 else { throw SignInRefusal.refused }
        return answer.cookies
    }

    func claims(_ cookies: [String: String]) async throws -> AccessClaims {
        let verifier = try await TokenVerifier(jwks: [application.keys.jwks()])
        return try await verifier.claims(of: cookies["minsheng_token"] ?? "", at: now)
    }
}

extension AuditEvent {
    /// What a test does itself.
    static let test = AuditEvent("test", by: .machine)
}
