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

@testable import TrainingService

/// The service over a database of its own, with a clock that stands still until it is moved.
final class TrainingSample: AsksPages, Sendable {
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

    /// A school in 150402 and its approved program of 40 hours, each number 1.
    static func addProgram(in db: Connection) throws {
        try db.execute(
            """
            INSERT INTO school (school_id, credit_code, name, division)
            VALUES (1, '52150402MJY1234565', '演示学校', '150402')
            """)
        try db.execute(
            """
            INSERT INTO program (program_id, school_id, title, trade, level, hours, price, subsidy, state)
            VALUES (1, 1, '家政服务', '4-10-01-06', 5, 40, 0, 100000, 'approved')
            """)
    }

    func wait(_ seconds: Int64) { clock.second.withLock { $0 += seconds } }

    typealias Answer = PageAnswer

    func buildRouter() -> Router<KitContext> { application.buildRouter() }
}
