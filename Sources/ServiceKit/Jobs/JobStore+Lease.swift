import Foundation
import SocialDomain
import Storage

/// A running job, as only the holder of its lease may write it.
struct JobLease: Hashable, Sendable {
    let job: Job
    let holder: String
}

/// Another runner has taken the job over, as this one was not heard of for too long.
struct JobLost: Error, Hashable {}

extension JobStore {
    /// Whether a job of these kinds may be there to be taken; cheap, as it is asked every second.
    func hasWork(for kinds: [String], at now: Int64) async throws -> Bool {
        try await database.read { db in
            try db.first(
                """
                SELECT 1 AS one FROM job WHERE kind IN \(list: kinds) AND ((state = 'queued' AND due_at <= \(now))
                    OR (state = 'running' AND lease_until <= \(now))) LIMIT 1
                """) != nil
        }
    }

    /// Takes a job that is queued, or whose runner is not heard of any more; nil where all that may run do.
    ///
    /// Serializable: two that count at the same time what runs must not both take one.
    func claim(_ handler: JobHandler, lease: Duration, at now: Int64) async throws -> JobLease? {
        try await database.write { db in
            let running = try db.first(
                """
                SELECT count(*) AS n FROM job
                WHERE kind = \(handler.kind) AND state = 'running' AND lease_until > \(now)
                """)?.get("n", as: Int.self)
            guard running ?? 0 < handler.atOnce else { return nil }
            let lock: SQL = db.engine == .postgres ? "FOR UPDATE SKIP LOCKED" : ""
            let rows = try db.rows(
                """
                SELECT * FROM job WHERE kind = \(handler.kind) AND ((state = 'queued' AND due_at <= \(now))
                    OR (state = 'running' AND lease_until <= \(now)))
                ORDER BY due_at, requested_at, job_id LIMIT 20 \(lock)
                """)
            for row in rows {
                let job = try Job(row)
                if job.state == .running, job.isStopping {
                    try Self.end(job.id, as: .cancelled, result: nil, failure: nil, at: now, in: db)
                } else if job.state == .running, job.attempt >= handler.attempts {
                    try Self.end(job.id, as: .failed, result: nil, failure: Self.abandoned, at: now, in: db)
                } else {
                    let holder = UUID().uuidString
                    let taken = try db.first(
                        """
                        UPDATE job SET state = 'running', attempt = attempt + 1, lease_holder = \(holder),
                            lease_until = \(now + lease.milliseconds), started_at = COALESCE(started_at, \(now))
                        WHERE job_id = \(job.id) RETURNING *
                        """)
                    return try taken.map { JobLease(job: try Job($0), holder: holder) }
                }
            }
            return nil
        }
    }

    /// Says that the runner lives, and how far it is; whether someone asked the job to stop.
    func beat(_ lease: JobLease, _ progress: JobProgress, for time: Duration, at now: Int64) async throws -> Bool {
        try await database.writeByRows { db in
            let row = try db.first(
                """
                UPDATE job SET phase = \(progress.phase), done_units = \(progress.done), total_units = \(progress.total),
                    lease_until = \(now + time.milliseconds)
                WHERE job_id = \(lease.job.id) AND lease_holder = \(lease.holder) AND state = 'running'
                RETURNING stops
                """)
            guard let row else { throw JobLost() }
            return try row.get("stops")
        }
    }

    func isAskedToStop(_ id: String) async throws -> Bool {
        try await database.read { db in
            try db.first("SELECT stops FROM job WHERE job_id = \(id)")?.get("stops", as: Bool.self) ?? false
        }
    }

    /// What a later attempt begins with, and what the closure does, together or not at all.
    func save(
        _ checkpoint: String, of lease: JobLease, _ body: @escaping @Sendable (Connection) throws -> Void
    ) async throws {
        try await database.write { db in
            let held = try db.execute(
                """
                UPDATE job SET checkpoint = \(checkpoint)
                WHERE job_id = \(lease.job.id) AND lease_holder = \(lease.holder) AND state = 'running'
                """)
            guard held == 1 else { throw JobLost() }
            try body(db)
        }
    }

    /// False where the job was taken over.
    func finish(
        _ lease: JobLease, as state: Job.State, result: String? = nil, failure: LocalizedText? = nil,
        progress: JobProgress, at now: Int64
    ) async throws -> Bool {
        try await database.writeByRows { db in
            let held = try db.execute(
                """
                UPDATE job SET phase = \(progress.phase), done_units = \(progress.done), total_units = \(progress.total)
                WHERE job_id = \(lease.job.id) AND lease_holder = \(lease.holder) AND state = 'running'
                """)
            guard held == 1 else { return false }
            try Self.end(lease.job.id, as: state, result: result, failure: failure, at: now, in: db)
            return true
        }
    }

    /// Puts the job back into the queue, from its last checkpoint.
    ///
    /// - Parameter counts: whether this was an attempt: not where the service was only stopped.
    func giveBack(_ lease: JobLease, counts: Bool, due: Int64) async throws {
        try await database.writeByRows { db in
            _ = try db.execute(
                """
                UPDATE job SET state = 'queued', attempt = attempt - \(counts ? 0 : 1), lease_holder = NULL,
                    lease_until = NULL, due_at = \(due)
                WHERE job_id = \(lease.job.id) AND lease_holder = \(lease.holder) AND state = 'running'
                """)
            db.afterCommit { Self.changed.ring() }
        }
    }

    private static func end(
        _ id: String, as state: Job.State, result: String?, failure: LocalizedText?, at now: Int64, in db: Connection
    ) throws {
        try db.execute(
            """
            UPDATE job SET state = \(state.rawValue), result = \(result), failure_zh = \(failure?.zh),
                failure_en = \(failure?.en), lease_holder = NULL, lease_until = NULL, finished_at = \(now)
            WHERE job_id = \(id)
            """)
    }

    static let abandoned = LocalizedText(
        zh: "执行任务的程序多次意外中断，不再重试。请联系管理员查看日志。",
        en: "the program ended in the middle of the job again and again; it is not tried any more: look into the log")
}
