import GRDB
import SocialDomain

/// A run as the pages show it.
struct RunSummary: Sendable, FetchableRecord {
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

    init(row: Row) {
        id = row["run_id"]
        state = row["state"]
        asOf = row["as_of"]
        rulesVersion = row["rules_version"]
        requestedAt = row["requested_at"]
        startedAt = row["started_at"]
        finishedAt = row["finished_at"]
        phase = row["phase"]
        doneUnits = row["done_units"]
        totalUnits = row["total_units"]
        let failed: String? = row["failure"]
        let english: String? = row["failure_en"]
        failure = failed.map { LocalizedText(zh: $0, en: english ?? $0) }
        households = row["households"] ?? 0
        persons = row["persons"] ?? 0
        covered = row["covered"] ?? 0
        opened = row["opened"] ?? 0
        updated = row["updated"] ?? 0
        cleared = row["cleared"] ?? 0
        reopened = row["reopened"] ?? 0
        unchanged = row["unchanged"] ?? 0
    }

    var isUnderWay: Bool { state == "queued" || state == "running" }
}

/// The counts of one file in one run.
struct RunFileCounts: Sendable, FetchableRecord {
    let file: String
    let feed: String
    let rows: Int
    let rejected: Int
    let unmatched: Int
    let conflict: Int
    let duplicate: Int
    let matched: Int

    init(row: Row) {
        file = row["file"]
        feed = row["feed"]
        rows = row["rows"]
        rejected = row["rejected"]
        unmatched = row["unmatched"]
        conflict = row["conflict"]
        duplicate = row["duplicate"]
        matched = row["matched"]
    }
}

struct RunQueries: Sendable {
    let database: any DatabaseReader

    /// All but the report, which may be long.
    private static let columns = """
        run_id, state, as_of, rules_version, requested_at, started_at, finished_at, phase, done_units, total_units,
        failure, failure_en, households, persons, covered, opened, updated, cleared, reopened, unchanged
        """

    func run(_ id: Int64) async throws -> RunSummary? {
        try await database.read { db in
            try RunSummary.fetchOne(db, sql: "SELECT \(Self.columns) FROM run WHERE run_id = ?", arguments: [id])
        }
    }

    func latestDone(_ db: Database) throws -> RunSummary? {
        try RunSummary.fetchOne(
            db, sql: "SELECT \(Self.columns) FROM run WHERE state = 'done' ORDER BY run_id DESC LIMIT 1")
    }

    /// The newest first.
    func recent(_ db: Database, limit: Int) throws -> [RunSummary] {
        try RunSummary.fetchAll(
            db, sql: "SELECT \(Self.columns) FROM run ORDER BY run_id DESC LIMIT ?", arguments: [limit])
    }

    func files(of id: Int64) async throws -> [RunFileCounts] {
        try await database.read { db in
            try RunFileCounts.fetchAll(
                db, sql: "SELECT * FROM run_file WHERE run_id = ? ORDER BY file", arguments: [id])
        }
    }

    /// The report as the run wrote it; nil before it is done.
    func report(of id: Int64) async throws -> RunReport? {
        let json = try await database.read { db in
            try String.fetchOne(db, sql: "SELECT report FROM run WHERE run_id = ?", arguments: [id])
        }
        return json.flatMap(RunReport.init(json:))
    }
}
