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

@testable import TrainingService

/// The service over a database of its own, with a clock that stands still until it is moved.
final class TrainingSample: Sendable {
    let store: ServiceStore
    let application: TrainingApplication
    private let clock: TestClock

    final class TestClock: Sendable {
        let second: Mutex<Int64>
        init(_ second: Int64) { self.second = Mutex(second) }
    }

    /// - Parameter now: ISO 8601 in UTC; without another, a Tuesday, 10:00 in Beijing.
    init(
        _ engine: Engine = .sqlite, now: String = "2026-06-30T02:00:00Z", signIn: SignIn? = nil,
        configure: (inout TrainingApplication) -> Void = { _ in }
    ) async throws {
        let folder = FileManager.default.temporaryDirectory.path + "/training-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let database = try Database(TestServer.emptyDatabase(engine))
        try database.migrate(Migration.inFolder(TrainingFolder.migrations, for: engine), at: now)
        try KitMigrations.apply(to: database, at: now)
        let file = FieldKeyFile(folder + "/training.keys")
        try file.make()
        store = ServiceStore(service: "training", folder: folder, database: database, ring: try FieldKeyRing(file))
        let clock = TestClock(Int64(try Date(now, strategy: .iso8601).timeIntervalSince1970))
        self.clock = clock
        var application = try TrainingApplication(
            store: store, signIn: signIn ?? .off(),
            now: {
                Date(timeIntervalSince1970: Double(clock.second.withLock { $0 })).formatted(.iso8601)
            })
        configure(&application)
        self.application = application
    }

    func wait(_ seconds: Int64) { clock.second.withLock { $0 += seconds } }

    struct Answer: Sendable {
        let status: Int
        let headers: HTTPFields
        let text: String
        let bytes: [UInt8]

        var location: String { headers[.location] ?? "" }
    }

    func get(_ path: String, _ headers: HTTPFields = [.accept: "text/html"]) async throws -> Answer {
        try await ask(path, .get, headers, nil)
    }

    /// As a page's form is sent.
    func post(_ path: String, _ fields: [String: String], _ headers: HTTPFields = [:]) async throws -> Answer {
        var all: HTTPFields = [.accept: "text/html", .contentType: "application/x-www-form-urlencoded"]
        for field in headers { all[field.name] = field.value }
        let body = fields.map { "\(QueryItems.encoded($0))=\(QueryItems.encoded($1))" }.joined(separator: "&")
        return try await ask(path, .post, all, ByteBuffer(string: body))
    }

    func ask(
        _ path: String, _ method: HTTPRequest.Method, _ headers: HTTPFields, _ body: ByteBuffer?
    ) async throws -> Answer {
        try await Hummingbird.Application(router: application.buildRouter()).test(.router) { client in
            try await client.execute(uri: path, method: method, headers: headers, body: body) { response in
                Answer(
                    status: Int(response.status.code), headers: response.headers, text: String(buffer: response.body),
                    bytes: Array(response.body.readableBytesView))
            }
        }
    }
}
