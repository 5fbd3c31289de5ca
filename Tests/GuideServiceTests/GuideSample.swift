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
import TestPages

@testable import GuideService

/// The service over a database of its own, with a clock that stands still until it is moved.
final class GuideSample: AsksPages, Sendable {
    let store: ServiceStore
    let application: GuideApplication
    private let clock: TestClock

    final class TestClock: Sendable {
        let second: Mutex<Int64>
        init(_ second: Int64) { self.second = Mutex(second) }
    }

    /// - Parameter now: ISO 8601 in UTC; without another, a Tuesday, 10:00 in Beijing.
    init(
        _ engine: Engine = .sqlite, now: String = "2026-06-30T02:00:00Z", signIn: SignIn? = nil,
        configure: (inout GuideApplication) -> Void = { _ in }
    ) async throws {
        let folder = FileManager.default.temporaryDirectory.path + "/guide-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let database = try Database(TestServer.emptyDatabase(engine))
        try database.migrate(Migration.inFolder(GuideFolder.migrations, for: engine), at: now)
        try KitMigrations.apply(to: database, at: now)
        let file = FieldKeyFile(folder + "/guide.keys")
        try file.make()
        store = ServiceStore(service: "guide", folder: folder, database: database, ring: try FieldKeyRing(file))
        try database.writeBlocking { db in try Self.fill(db, at: now) }
        let clock = TestClock(Int64(try Date(now, strategy: .iso8601).timeIntervalSince1970))
        self.clock = clock
        var application = try await GuideApplication(
            store: store, signIn: signIn ?? .off(),
            now: {
                Date(timeIntervalSince1970: Double(clock.second.withLock { $0 })).formatted(.iso8601)
            })
        configure(&application)
        self.application = application
    }

    func wait(_ seconds: Int64) { clock.second.withLock { $0 += seconds } }

    /// A department with one published item, code `100`.
    private static func fill(_ db: Connection, at time: String) throws {
        try db.execute(
            """
            INSERT INTO department (department_id, name, short_name, division)
            VALUES ('scjg', '市场监督管理局', '市监局', '150402')
            """)
        try PublishItem.first(
            CatalogueStore.content(item), id: 1, division: "150402", version: try CatalogueStore.nextVersion(in: db),
            at: time, in: db)
    }

    private static let item = """
        {"code":"100","baseCode":"","department":"scjg","name":"食品经营许可","plainName":"开小卖部","aliases":[],
        "kind":"行政许可","level":"县级","audience":["自然人"],"themes":[],"isFrequent":true,"isSample":true,
        "summary":"卖食品要先办许可。","fee":{"amount":"0.00","note":""},"places":[],"consultPhone":"","complaintPhone":"",
        "legalBasis":[],"results":[],"channels":["window"],"variants":[],"conditions":[],"materials":[],"steps":[],
        "questions":[]}
        """

    typealias Answer = PageAnswer

    func buildRouter() -> Router<KitContext> { application.buildRouter() }
}
