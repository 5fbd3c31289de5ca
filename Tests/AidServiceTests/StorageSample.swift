import Foundation
import Security
import SocialDomain
import Storage
import TestDatabases

@testable import AidService

#if canImport(Glibc)
    import Glibc
#endif

/// A data folder of its own for one test; all of them are removed when the tests have ended.
struct SampleData: Sendable {
    let path: String
    let folder: DataFolder

    init() throws {
        path = Self.base + "/" + UUID().uuidString
        folder = DataFolder(path + "/data")
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    private static let base: String = {
        atexit { try? FileManager.default.removeItem(atPath: SampleData.base) }
        return NSTemporaryDirectory() + "/aid-tests-\(ProcessInfo.processInfo.processIdentifier)"
    }()

    /// A clock that stands at 2026-06-30 08:00:00 UTC.
    static let clock = ServiceClock(now: { Date(timeIntervalSince1970: 1_782_806_400) })

    func database(_ engine: Engine = .sqlite) throws -> AidDatabase {
        try AidDatabase(
            folder, address: engine == .sqlite ? nil : TestServer.emptyDatabase(engine), clock: Self.clock)
    }

    @discardableResult
    func write(_ text: String, to name: String) throws -> String {
        let target = path + "/" + name
        let parent = URL(fileURLWithPath: target).deletingLastPathComponent()
        try FileManager.default.createDirectory(at: parent, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: URL(fileURLWithPath: target))
        return target
    }

    /// What an officer of a division sees.
    static func scope(_ division: String) -> Scope {
        Scope(roles: ["aid": ["viewer", "officer", "reviewer", "operator"]], division: DivisionCode(prefix: division))
    }

    /// Two households with three members; the folder that holds them.
    func writeRegister(
        households: String = SampleData.households, persons: String = SampleData.persons
    ) throws -> String {
        try write(households, to: "registry/households.csv")
        try write(persons, to: "registry/persons.csv")
        return path + "/registry"
    }

    static let households = """
        household_id,division,settlement,category,income_per_capita,enrolled_on
        H2,150402001002,urban,dibao,784.33,2021-08-13
        H1,150502001228,rural,monitored,,

        """

    static let persons = """
        person_id,household_id,id_number,name,sex,birth_date,relation
        P3,H2,11010519491231002X,乌兰,female,1949-12-31,head
        P1,H2,,巴特尔,male,2015-02-03,child
        P2,H1,,李强,male,,head

        """

    func names(in folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    }

    func text(of path: String) throws -> String {
        try String(contentsOfFile: path, encoding: .utf8)
    }

    func mode(of path: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }
}

extension AidDatabase {
    /// The rows of a query, each as its values joined by bars.
    func lines(_ sql: String) throws -> [String] {
        try read { db in
            try db.rows(SQL(trusted: sql)).map { row in
                row.values.map { value in
                    switch value {
                    case .null: "-"
                    case .text(let text): text
                    case .integer(let number): "\(number)"
                    default: "?"
                    }
                }.joined(separator: "|")
            }
        }
    }

    /// Each household's rows behind its alerts, opened.
    func evidence() throws -> [String] {
        try read { db in
            try db.rows("SELECT household_id, run_id, sealed FROM evidence ORDER BY household_id").map { row in
                let household: String = try row.get("household_id")
                let rows = try seal.openEvidence(try row.get("sealed"), household: household)
                return "\(household)|\(try row.get("run_id", as: Int.self))|\(rows)"
            }
        }
    }

    /// Several statements, for what a test finds there.
    func run(_ sql: String) throws {
        try write { db in
            for statement in sql.split(separator: ";") where statement.contains(where: \.isLetter) {
                try db.execute(SQL(trusted: String(statement)))
            }
        }
    }

    func insertRun(_ id: Int64, state: String = "running") throws {
        try write { db in
            _ = try db.execute(
                """
                INSERT INTO run (run_id, state, as_of, rules_version, rules_sha256, requested_at)
                VALUES (\(id), \(state), '2026-06-30', 'test', 'x', '2026-06-30T08:00:00Z')
                """)
        }
    }
}
