import GRDB

/// A run as the database keeps it.
struct RunRecord: Sendable, Codable, FetchableRecord {
    enum State: String, Sendable, Codable {
        case queued
        case running
        case done
        case failed
        case stopped

        var isFinished: Bool { self != .queued && self != .running }
    }

    let id: Int64
    let state: State
    let asOf: String
    let rulesVersion: String
    let requestedAt: String
    let startedAt: String?
    let finishedAt: String?
    let phase: String
    let doneUnits: Int
    let totalUnits: Int
    let failure: String?
    let failureEnglish: String?
    let households: Int?
    let persons: Int?
    let covered: Int?
    let opened: Int?
    let updated: Int?
    let cleared: Int?
    let reopened: Int?
    let unchanged: Int?

    static let columns = """
        run_id AS id, state, as_of AS asOf, rules_version AS rulesVersion, requested_at AS requestedAt,
        started_at AS startedAt, finished_at AS finishedAt, phase, done_units AS doneUnits, total_units AS totalUnits,
        failure, failure_en AS failureEnglish, households, persons, covered, opened, updated, cleared, reopened,
        unchanged
        """
}

/// How many alerts a run found of a direction and tier.
struct RunFigure: Sendable, Codable, FetchableRecord {
    let direction: String
    let tier: String
    let alerts: Int
}
