import GRDB
import SocialDomain

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

/// Takes in the register, `households.csv` and `persons.csv`, in place of the one before: all of it or nothing.
struct ImportRegister: Sendable {
    let database: AidDatabase

    static let files = ["households.csv", "persons.csv"]

    /// The problems are recorded with the import; the same bytes again change nothing.
    func callAsFunction(folder: String, through route: ImportRoute) throws -> RegisterReceipt {
        let digests = try Self.files.map { try FileDigest(ofFile: folder + "/" + $0) }
        if try isCurrent(digests) {
            return try database.read { db in
                RegisterReceipt(
                    changed: false, households: try Self.count(db, "household"), persons: try Self.count(db, "person"),
                    problems: [])
            }
        }
        let register = try Register.load(folder: folder)
        let store = RegisterStore(database: database)
        let time = database.clock.timestamp()
        return try database.writeInBulk(checkingAtEnd: ["person"]) { db in
            let counts = try store.replace(with: register, in: db)
            let rows = [counts.households, counts.persons]
            for (index, file) in Self.files.enumerated() {
                let entry = ImportRecord(
                    file: file, feed: nil, digest: digests[index], rows: rows[index], time: time, route: route)
                let id = try entry.replaceCurrent(in: db, kind: "register")
                try record(register.problems.filter { $0.file == file }, import: id, in: db)
            }
            return RegisterReceipt(
                changed: true, households: counts.households, persons: counts.persons, problems: register.problems)
        }
    }

    private func isCurrent(_ digests: [FileDigest]) throws -> Bool {
        try database.read { db in
            try zip(Self.files, digests).allSatisfy { file, digest in
                try ImportRecord.currentDigest(of: file, in: db) == digest.sha256
            }
        }
    }

    private static func count(_ db: Database, _ table: String) throws -> Int {
        try Int.fetchOne(db, sql: "SELECT count(*) FROM \(table)") ?? 0
    }

    private func record(_ problems: [RegistryProblem], import id: Int64, in db: Database) throws {
        let insert = try BulkStatement(
            db,
            "INSERT INTO registry_problem (import_id, number, file, line, reason, subject) VALUES (?, ?, ?, ?, ?, ?)")
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
