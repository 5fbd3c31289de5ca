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

@testable import GuideService

/// A catalogue with one department and what a test puts into it, on one engine, with a clock that tests move.
struct CycleSample: Sendable {
    let database: Database
    let clock: Clock
    let folder: String

    final class Clock: Sendable {
        private let time = Mutex("2026-06-30T02:00:00Z")
        var now: String { time.withLock { $0 } }
        func set(_ text: String) { time.withLock { $0 = text } }
    }

    static func with(_ engine: Engine, _ body: (CycleSample) async throws -> Void) async throws {
        let database = try Database(TestServer.emptyDatabase(engine))
        defer { database.close() }
        let time = "2026-06-30T02:00:00Z"
        try database.migrate(Migration.inFolder(GuideFolder.migrations, for: engine), at: time)
        try KitMigrations.apply(to: database, at: time)
        let folder = NSTemporaryDirectory() + "cycle-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try database.writeBlocking { db in
            for (id, name, division) in [("D01", "区教育局", "150402"), ("D02", "外区教育局", "150403")] {
                try CatalogueStore.put(
                    Department(id: id, name: name, short: "", phone: "", address: "", hours: ""), division: division,
                    in: db)
            }
        }
        try await body(CycleSample(database: database, clock: Clock(), folder: folder))
    }

    // MARK: - People

    static func person(_ id: String, _ roles: Set<String> = ["editor", "reviewer"], division: String = "150402")
        -> Caller
    {
        Caller(
            kind: .person, id: id, name: "甲\(id)",
            scope: Scope(roles: ["guide": roles], division: DivisionCode(prefix: division)))
    }

    static let ann = person("ann")
    static let ben = person("ben")

    func desk<Value: Sendable>(
        _ caller: Caller, _ body: @escaping @Sendable (ItemDesk) throws -> Value
    ) async throws -> Value {
        let time = clock.now
        return try await database.write { db in
            try body(ItemDesk(db: db, caller: caller, time: time, request: "r1"))
        }
    }

    func item(_ code: String) async throws -> EditedItem? {
        try await database.read { db in try EditingStore.item(code: code, within: .ownMachine, in: db) }
    }

    func tag(_ code: String) async throws -> Int64 { try await item(code)?.head.tag ?? 0 }

    /// What the log says of an item, in order.
    func log(_ subject: String) async throws -> [String] {
        try await database.read { db in
            try db.rows("SELECT action FROM audit_entry WHERE subject = \(subject) ORDER BY sequence").map {
                try $0.get("action")
            }
        }
    }

    // MARK: - Items

    static func content(_ code: String, name: String = "学生资助") -> ItemContent {
        var content = ItemContent.bare(code: code, baseCode: "", name: name, department: "D01")
        content.summary = "家里困难的学生可以申请。"
        content.consultPhone = "0476-5550201"
        content.steps = [.init(name: "申请", text: "交给学校。")]
        return content
    }

    /// A published item, as an import brings it.
    func publish(_ content: ItemContent, division: String = "150402") async throws {
        let time = clock.now
        try await database.write { db in
            let id = try EditingStore.nextItemID(in: db)
            let version = try CatalogueStore.nextVersion(in: db)
            try PublishItem.first(content, id: id, division: division, version: version, at: time, in: db)
        }
    }

    /// Claimed, changed and handed in by Ann.
    func handIn(_ code: String, summary: String = "改过的简介。") async throws {
        try await desk(Self.ann) { desk in
            try desk.claim(code)
            var content = try desk.find(code).head.content
            content.summary = summary
            try desk.save(content, of: code, tag: try desk.find(code).head.tag)
            try desk.submit(code, tag: try desk.find(code).head.tag)
        }
    }

    /// Handed in by Ann, approved by Ben.
    func approve(_ code: String, summary: String = "改过的简介。") async throws {
        try await handIn(code, summary: summary)
        try await desk(Self.ben) { try $0.review(code, tag: try $0.find(code).head.tag, .approve, note: "") }
    }

    // MARK: - Pages

    func application(signIn: SignIn? = nil) async throws -> GuideApplication {
        let keys = FieldKeyFile("\(folder)/guide.keys")
        if !keys.exists { try keys.make() }
        let clock = clock
        return try await GuideApplication(
            store: ServiceStore(service: "guide", folder: folder, database: database, ring: FieldKeyRing(keys)),
            signIn: signIn ?? .off(), now: { clock.now })
    }

    /// Pages and API behind sign-in, with tokens that only these tests have.
    func signedIn() async throws -> GuideApplication {
        let verifier = try await TokenVerifier(jwks: [Self.keys().jwks()])
        return try await application(
            signIn: SignIn(
                .tokens(verifier, gateway: "http://127.0.0.1:8100"), formKey: [UInt8](repeating: 3, count: 32),
                now: { 1_000_000 }))
    }

    private static func keys() throws -> SigningKeys {
        try SigningKeys(issuer: "gateway", seeds: [(1, [UInt8](repeating: 5, count: 32))])
    }

    static func headers(
        _ id: String, _ roles: [String] = ["editor", "reviewer"], division: String = "150402", page: Bool = true
    ) async throws -> HTTPFields {
        let token = try await TokenIssuer(keys()).sign(
            AccessClaims(
                issuer: "gateway", subject: id, name: "甲\(id)", kind: .person, roles: ["guide": roles],
                division: division, session: "s-\(id)", issuedAt: 1_000_000))
        return [.authorization: "Bearer \(token)", .accept: page ? "text/html" : "application/json"]
    }

    struct Answer {
        let status: Int
        let headers: HTTPFields
        let text: String
    }

    static func ask(
        _ app: GuideApplication, _ path: String, _ method: HTTPRequest.Method = .get, _ headers: HTTPFields,
        body: String? = nil
    ) async throws -> Answer {
        try await Application(router: app.buildRouter()).test(.router) { client in
            try await client.execute(
                uri: path, method: method, headers: headers, body: body.map { ByteBuffer(string: $0) }
            ) { response in
                Answer(
                    status: Int(response.status.code), headers: response.headers, text: String(buffer: response.body))
            }
        }
    }

    static func form(_ values: KeyValuePairs<String, String>) -> String {
        values.map { "\(QueryItems.encoded($0.key))=\(QueryItems.encoded($0.value))" }.joined(separator: "&")
    }

    // MARK: - Files

    func file(_ name: String, _ text: String) throws -> String {
        let path = "\(folder)/\(name)"
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        return path
    }

    func importing(
        _ path: String, publishes: Bool = false, skips: Bool = false, checks: Bool = false,
        caller: Caller = .machine, mapping: ImportMapping? = nil, division: String? = nil
    ) async throws -> ImportItems.Result {
        let name = String(path.split(separator: "/").last ?? "")
        let reader = try ImportReader(
            ImportTable(path: path, name: name), given: mapping,
            shipped: ImportMapping.shipped(GuideFolder.resources))
        return try await ImportItems(
            file: name, reader: reader,
            options: .init(publishes: publishes, skipsRejected: skips, checksOnly: checks, division: division),
            caller: caller, time: clock.now
        ).run(database)
    }

    static func fixture(_ name: String) -> String {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().path
            + "/Fixtures/guide/\(name)"
    }
}
