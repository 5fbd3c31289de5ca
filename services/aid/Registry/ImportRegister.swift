import Foundation
import SocialDomain
import Storage

/// How a file came in.
enum ImportRoute: String, Sendable {
    case page
    case command
}

/// What an import of the register did.
struct RegisterReceipt: Sendable {
    /// False where the two files were the ones already in.
    let changed: Bool
    let households: Int
    let persons: Int
    /// Rows left out, and values left out of rows.
    let problems: [RegistryProblem]
}

/// Takes in the register, the files `households*` and `persons*` of a folder, in place of the one before: all of it or
/// nothing.
struct ImportRegister: Sendable {
    let database: AidDatabase

    /// The problems are recorded with the import; the same bytes again change nothing.
    func callAsFunction(folder: String, through route: ImportRoute) throws -> RegisterReceipt {
        let households = try RegisterFiles.files(in: folder, named: "households")
        let persons = try RegisterFiles.files(in: folder, named: "persons")
        let files = households + persons
        let digests = try files.map { try FileDigest(ofFile: $0.path) }
        if try isCurrent(Dictionary(zip(files.map(\.name), digests.map(\.sha256)), uniquingKeysWith: { $1 })) {
            return try database.read { db in
                RegisterReceipt(
                    changed: false, households: try Self.count(db, "household"), persons: try Self.count(db, "person"),
                    problems: [])
            }
        }
        let register = try RegisterFiles.load(
            folder: folder, threads: ProcessInfo.processInfo.activeProcessorCount, control: RunControl())
        let store = RegisterStore(database: database)
        let time = database.clock.timestamp()
        return try database.writeInBulk(checkingAtEnd: ["person"]) { db in
            let counts = try store.replace(with: register, in: db)
            try db.execute(
                "UPDATE import SET replaced_at = \(time) WHERE kind = 'register' AND replaced_at IS NULL")
            for (index, file) in files.enumerated() {
                // Of several files of one sort only the sum is known.
                let rows = index < households.count ? counts.households : counts.persons
                let isAlone = index < households.count ? households.count == 1 : persons.count == 1
                let entry = ImportRecord(
                    file: file.name, feed: nil, digest: digests[index], rows: isAlone ? rows : nil, time: time,
                    route: route)
                let id = try entry.replaceCurrent(in: db, kind: "register")
                try record(register.problems.filter { $0.file == file.name }, import: id, in: db)
            }
            return RegisterReceipt(
                changed: true, households: counts.households, persons: counts.persons, problems: register.problems)
        }
    }

    /// Whether these files, by name and digest, are the register that is in.
    private func isCurrent(_ digests: [String: String]) throws -> Bool {
        let current = try database.read { db in
            try db.rows("SELECT file, sha256 FROM import WHERE kind = 'register' AND replaced_at IS NULL").map {
                (file: try $0.get("file", as: String.self), sha256: try $0.get("sha256", as: String.self))
            }
        }
        return current.count == digests.count && current.allSatisfy { digests[$0.file] == $0.sha256 }
    }

    private static func count(_ db: Connection, _ table: String) throws -> Int {
        try db.first("SELECT count(*) AS n FROM \(trusted: table)")?.get("n") ?? 0
    }

    private func record(_ problems: [RegistryProblem], import id: Int64, in db: Connection) throws {
        let insert = try db.prepare(
            """
            INSERT INTO registry_problem (import_id, number, file, line, reason, subject)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6)
            """)
        for (number, problem) in problems.enumerated() {
            insert.bind(1, id)
            insert.bind(2, Int64(number + 1))
            insert.bind(3, problem.file)
            insert.bind(4, Int64(problem.line))
            insert.bind(5, problem.reason)
            insert.bind(6, problem.subject)
            try insert.run()
        }
    }
}
