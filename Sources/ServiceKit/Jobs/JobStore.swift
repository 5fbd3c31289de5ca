package import Foundation
package import Storage

/// The jobs in a service's own database: queued, running, then done, failed or cancelled.
package struct JobStore: Sendable {
    package let database: Database

    /// Rings when this process has committed a job, or asked one to stop.
    package static let changed = Signal()
    /// How long jobs are kept after their end.
    package static let keeps: Duration = .seconds(90 * 86_400)

    package init(database: Database) {
        self.database = database
    }

    /// Asks for a job within the caller's transaction; the id of the one that stands already, where it may not stand twice.
    @discardableResult
    package static func add(
        _ request: JobRequest, by caller: Caller, in db: Connection, at time: Date = Date()
    ) throws -> String {
        let id = UUID().uuidString.lowercased()
        let now = time.unixMilliseconds
        var (key, slot): (String?, String?) = (nil, nil)
        switch request.once {
        case .no: break
        case .whileOpen(let text): key = text
        case .slot(let text): slot = text
        }
        let added = try db.execute(
            """
            INSERT INTO job (job_id, kind, parameters, open_key, slot, state, requested_by, requester, requested_at, due_at)
            VALUES (\(id), \(request.kind), \(request.parameters), \(key), \(slot), 'queued', \(caller.id),
                \(caller.name), \(now), \(request.due?.unixMilliseconds ?? now))
            ON CONFLICT DO NOTHING
            """)
        if added == 1 {
            db.afterCommit { changed.ring() }
            return id
        }
        let known = try db.first(
            """
            SELECT job_id FROM job WHERE kind = \(request.kind) AND (slot = \(slot ?? "")
                OR (open_key = \(key ?? "") AND state IN ('queued', 'running')))
            """)
        guard let known else { throw DatabaseFault.conflict(.serialization) }
        return try known.get("job_id")
    }

    @discardableResult
    package func add(_ request: JobRequest, by caller: Caller, at time: Date = Date()) async throws -> String {
        try await database.write { db in try Self.add(request, by: caller, in: db, at: time) }
    }

    package func job(_ id: String) async throws -> Job? {
        try await database.read { db in try db.first("SELECT * FROM job WHERE job_id = \(id)").map(Job.init) }
    }

    /// The newest first.
    package func list(limit: Int) async throws -> [Job] {
        try await database.read { db in
            try db.rows("SELECT * FROM job ORDER BY requested_at DESC, job_id LIMIT \(limit)").map(Job.init)
        }
    }

    /// A queued job ends here; a running one is told. Who did it goes into the log in the same transaction. False where
    /// the job has ended already.
    package func stop(
        _ id: String, by caller: Caller, request: String = "", at time: Date = Date()
    ) async throws -> Bool {
        let now = time.unixMilliseconds
        return try await database.write { db in
            let cancelled = try db.execute(
                """
                UPDATE job SET state = 'cancelled', finished_at = \(now) WHERE job_id = \(id) AND state = 'queued'
                """)
            let told = try db.execute("UPDATE job SET stops = TRUE WHERE job_id = \(id) AND state = 'running'")
            guard cancelled + told > 0 else { return false }
            try AuditLog.append(
                [AuditEvent("job.stop", subject: id, by: caller, request: request, at: time)], in: db)
            db.afterCommit { Self.changed.ring() }
            return true
        }
    }

    func removeEnded(before milliseconds: Int64) async throws -> Int {
        try await database.write { db in
            try db.execute(
                """
                DELETE FROM job WHERE finished_at < \(milliseconds) AND state IN ('done', 'failed', 'cancelled')
                """)
        }
    }
}
