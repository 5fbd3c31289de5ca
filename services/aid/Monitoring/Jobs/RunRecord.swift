import Storage

/// A run as the database keeps it.
struct RunRecord: Sendable {
    enum State: String, Sendable {
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

    init(_ row: Row) throws {
        id = try row.get("run_id")
        state = State(rawValue: try row.get("state")) ?? .failed
        asOf = try row.get("as_of")
        rulesVersion = try row.get("rules_version")
        requestedAt = try row.get("requested_at")
        startedAt = try row.get("started_at")
        finishedAt = try row.get("finished_at")
        phase = try row.get("phase")
        doneUnits = try row.get("done_units")
        totalUnits = try row.get("total_units")
        failure = try row.get("failure")
        failureEnglish = try row.get("failure_en")
        households = try row.get("households")
        persons = try row.get("persons")
        covered = try row.get("covered")
        opened = try row.get("opened")
        updated = try row.get("updated")
        cleared = try row.get("cleared")
        reopened = try row.get("reopened")
        unchanged = try row.get("unchanged")
    }
}

/// How many alerts a run found of a direction and tier.
struct RunFigure: Sendable {
    let direction: String
    let tier: String
    let alerts: Int
}
