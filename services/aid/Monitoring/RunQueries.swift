import SocialDomain
import Storage

/// A run as the pages show it.
struct RunSummary: Sendable {
    let id: Int64
    let state: String
    let asOf: String
    let rulesVersion: String
    let requestedAt: String
    let startedAt: String?
    let finishedAt: String?
    let phase: String
    let doneUnits: Int
    let totalUnits: Int
    /// In words for the operator.
    let failure: LocalizedText?
    let households: Int
    let persons: Int
    let covered: Int
    let opened: Int
    let updated: Int
    let cleared: Int
    let reopened: Int
    let unchanged: Int

    init(_ row: Row) throws {
        id = try row.get("run_id")
        state = try row.get("state")
        asOf = try row.get("as_of")
        rulesVersion = try row.get("rules_version")
        requestedAt = try row.get("requested_at")
        startedAt = try row.get("started_at")
        finishedAt = try row.get("finished_at")
        phase = try row.get("phase")
        doneUnits = try row.get("done_units")
        totalUnits = try row.get("total_units")
        let failed: String? = try row.get("failure")
        let english: String? = try row.get("failure_en")
        failure = failed.map { LocalizedText(zh: $0, en: english ?? $0) }
        households = try row.get("households") ?? 0
        persons = try row.get("persons") ?? 0
        covered = try row.get("covered") ?? 0
        opened = try row.get("opened") ?? 0
        updated = try row.get("updated") ?? 0
        cleared = try row.get("cleared") ?? 0
        reopened = try row.get("reopened") ?? 0
        unchanged = try row.get("unchanged") ?? 0
    }

    var isUnderWay: Bool { state == "queued" || state == "running" }
}

/// The counts of one file in one run.
struct RunFileCounts: Sendable {
    let file: String
    let feed: String
    let rows: Int
    let rejected: Int
    let unmatched: Int
    let conflict: Int
    let duplicate: Int
    let matched: Int

    init(_ row: Row) throws {
        file = try row.get("file")
        feed = try row.get("feed")
        rows = try row.get("rows")
        rejected = try row.get("rejected")
        unmatched = try row.get("unmatched")
        conflict = try row.get("conflict")
        duplicate = try row.get("duplicate")
        matched = try row.get("matched")
    }

    static func of(run: Int64, in db: Connection) throws -> [RunFileCounts] {
        try db.rows("SELECT * FROM run_file WHERE run_id = \(run) ORDER BY file").map(RunFileCounts.init)
    }
}

struct RunQueries: Sendable {
    let database: Database

    /// All but the report, which may be long.
    private static let columns: SQL = """
        run_id, state, as_of, rules_version, requested_at, started_at, finished_at, phase, done_units, total_units,
        failure, failure_en, households, persons, covered, opened, updated, cleared, reopened, unchanged
        """

    func run(_ id: Int64) async throws -> RunSummary? {
        try await database.read { db in try run(id, in: db) }
    }

    func run(_ id: Int64, in db: Connection) throws -> RunSummary? {
        try db.first("SELECT \(Self.columns) FROM run WHERE run_id = \(id)").map(RunSummary.init)
    }

    func latestDone(_ db: Connection) throws -> RunSummary? {
        try db.first("SELECT \(Self.columns) FROM run WHERE state = 'done' ORDER BY run_id DESC LIMIT 1")
            .map(RunSummary.init)
    }

    /// The newest first.
    func recent(_ db: Connection, below id: Int64? = nil, limit: Int) throws -> [RunSummary] {
        try db.rows(
            "SELECT \(Self.columns) FROM run WHERE run_id < \(id ?? .max) ORDER BY run_id DESC LIMIT \(limit)"
        ).map(RunSummary.init)
    }

    func files(of id: Int64) async throws -> [RunFileCounts] {
        try await database.read { db in
            try RunFileCounts.of(run: id, in: db)
        }
    }

    /// The report as the run wrote it; nil before it is done.
    func report(of id: Int64) async throws -> RunReport? {
        let json = try await database.read { db in
            try db.first("SELECT report FROM run WHERE run_id = \(id)")?.get("report", as: String?.self)
        }
        return json.flatMap(RunReport.init(json:))
    }
}
