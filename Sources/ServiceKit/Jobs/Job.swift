package import Foundation
package import SocialDomain
import Storage

/// A piece of background work as it stands in the database.
package struct Job: Hashable, Sendable {
    package enum State: String, Hashable, Sendable {
        case queued
        case running
        case done
        case failed
        case cancelled

        package var isOpen: Bool { self == .queued || self == .running }
    }

    package let id: String
    package let kind: String
    /// JSON.
    package let parameters: String
    package let state: State
    package let progress: JobProgress
    /// 1 for the first.
    package let attempt: Int
    /// Someone asked it to stop.
    package let isStopping: Bool
    /// What an earlier attempt has saved, as JSON.
    package let checkpoint: String?
    /// JSON.
    package let result: String?
    package let failure: LocalizedText?
    package let requestedBy: String
    package let requester: String
    /// These are milliseconds since 1970.
    package let requestedAt: Int64
    package let startedAt: Int64?
    package let finishedAt: Int64?

    init(_ row: Row) throws {
        id = try row.get("job_id")
        kind = try row.get("kind")
        parameters = try row.get("parameters")
        guard let state = State(rawValue: try row.get("state")) else { throw DatabaseFault.damaged }
        self.state = state
        progress = JobProgress(
            phase: try row.get("phase"), done: try row.get("done_units"), total: try row.get("total_units"))
        attempt = try row.get("attempt")
        isStopping = try row.get("stops")
        checkpoint = try row.get("checkpoint")
        result = try row.get("result")
        let zh: String? = try row.get("failure_zh")
        let en: String? = try row.get("failure_en")
        failure = zh.flatMap { zh in en.map { LocalizedText(zh: zh, en: $0) } }
        requestedBy = try row.get("requested_by")
        requester = try row.get("requester")
        requestedAt = try row.get("requested_at")
        startedAt = try row.get("started_at")
        finishedAt = try row.get("finished_at")
    }
}

/// How far a job is.
package struct JobProgress: Hashable, Sendable {
    /// What it is doing: a word of the catalogue, `jobs.phase.PHASE`.
    package var phase = ""
    package var done = 0
    /// 0 where it is not known.
    package var total = 0
}

/// A job that is asked for.
package struct JobRequest: Hashable, Sendable {
    package enum Once: Hashable, Sendable {
        /// As often as it is asked for.
        case no
        /// Not beside another of its kind and key that is queued or running.
        case whileOpen(String)
        /// Once for ever, as for a schedule's slot.
        case slot(String)
    }

    package let kind: String
    let parameters: String
    package let once: Once
    /// Not before this time; at once, if it is nil.
    package var due: Date?

    package init(_ kind: String, parameters: some Encodable = [String: String](), once: Once = .no) throws {
        self.kind = kind
        self.parameters = try Self.json(parameters)
        self.once = once
    }

    static func json(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }
}

/// What is done for the jobs of one kind.
package struct JobHandler: Sendable {
    package let kind: String
    /// So many of the kind run at the same time, all copies of the service together.
    package let atOnce: Int
    /// A job whose runner died so often is not tried again.
    package let attempts: Int
    /// Gives the result as JSON.
    let work: @Sendable (JobControl) async throws -> String

    /// - Parameter work: it looks at `JobControl.isCancelled` now and then and saves what a later attempt needs. What it
    ///   throws ends the job as failed; a database that is gone for a moment gives it back.
    package init<Result: Encodable & Sendable>(
        _ kind: String, atOnce: Int = 1, attempts: Int = 3,
        work: @escaping @Sendable (JobControl) async throws -> Result
    ) {
        self.kind = kind
        self.atOnce = atOnce
        self.attempts = attempts
        self.work = { control in try JobRequest.json(try await work(control)) }
    }
}
