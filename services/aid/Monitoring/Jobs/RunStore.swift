import SocialDomain
import Storage

/// The runs in the database and the states they go through: queued, running, then done, failed or stopped.
struct RunStore: Sendable {
    let database: AidDatabase

    func request(
        asOf: CalendarDate, rules: LoadedRules, along: AidActions.AlongRun = { _, _ in }
    ) throws -> Int64 {
        try database.write { db in
            let row = try db.first(
                """
                INSERT INTO run (state, as_of, rules_version, rules_sha256, requested_at)
                VALUES ('queued', \(asOf.description), \(rules.book.version), \(rules.sha256),
                    \(database.clock.timestamp()))
                RETURNING run_id
                """)
            guard let row else { throw DatabaseFault.closed }
            let id: Int64 = try row.get("run_id")
            try along(id, db)
            return id
        }
    }

    /// A queued run begins, by the rules as they are now. False where it is not queued any more.
    func begin(_ id: Int64, rules: LoadedRules) throws -> Bool {
        try database.write { db in
            try db.execute(
                """
                UPDATE run SET state = 'running', started_at = \(database.clock.timestamp()),
                    rules_version = \(rules.book.version), rules_sha256 = \(rules.sha256)
                WHERE run_id = \(id) AND state = 'queued'
                """) == 1
        }
    }

    /// Nothing is written for a run that has ended meanwhile.
    func note(_ progress: MonitoringProgress, of id: Int64) throws {
        try database.write { db in
            _ = try db.execute(
                """
                UPDATE run SET phase = \(progress.phase), done_units = \(progress.doneBytes),
                    total_units = \(progress.totalBytes)
                WHERE run_id = \(id) AND state = 'running'
                """)
        }
    }

    /// A run ends without a result.
    func end(_ id: Int64, as state: RunRecord.State, words: LocalizedText?) throws {
        try database.write { db in
            _ = try db.execute(
                """
                UPDATE run SET state = \(state.rawValue), finished_at = \(database.clock.timestamp()),
                    failure = \(words?.zh), failure_en = \(words?.en)
                WHERE run_id = \(id) AND state IN ('queued', 'running')
                """)
        }
    }

    /// Marks the runs that a process left behind when it died; only for who holds the run lock. Their ids.
    func failAbandoned() throws -> [Int64] {
        let abandoned = try database.read { db in
            try db.rows("SELECT run_id FROM run WHERE state = 'running' ORDER BY run_id").map {
                try $0.get("run_id", as: Int64.self)
            }
        }
        for id in abandoned { try end(id, as: .failed, words: RunFailure.abandoned.explanation) }
        return abandoned
    }

    func queued() throws -> [Int64] {
        try database.read { db in
            try db.rows("SELECT run_id FROM run WHERE state = 'queued' ORDER BY run_id").map { try $0.get("run_id") }
        }
    }

    func run(_ id: Int64) throws -> RunRecord? {
        try database.read { db in
            try db.first("SELECT * FROM run WHERE run_id = \(id)").map(RunRecord.init)
        }
    }

    /// The newest first.
    func list(limit: Int) throws -> [RunRecord] {
        try database.read { db in
            try db.rows("SELECT * FROM run ORDER BY run_id DESC LIMIT \(limit)").map(RunRecord.init)
        }
    }

    /// What the whole register's alerts are, by direction and tier.
    func figures(of id: Int64) throws -> [RunFigure] {
        try database.read { db in
            try db.rows(
                """
                SELECT direction, tier, alerts FROM run_figure WHERE run_id = \(id) AND division = ''
                ORDER BY direction DESC, CASE tier WHEN 'red' THEN 0 WHEN 'orange' THEN 1 ELSE 2 END
                """
            ).map {
                RunFigure(
                    direction: try $0.get("direction"), tier: try $0.get("tier"), alerts: try $0.get("alerts"))
            }
        }
    }
}

/// Why a run ended without a result, where the engine itself has no word for it.
enum RunFailure: ExplainedFault, Hashable {
    case abandoned
    case noRegister
    case unknown(Int64)
    case stopped

    var explanation: LocalizedText {
        switch self {
        case .abandoned:
            LocalizedText(
                zh: "运行中途程序意外中断，没有改动任何预警。请重新运行。",
                en: "the program ended in the middle of the run; no alert was changed: run it again")
        case .noRegister:
            LocalizedText(
                zh: "还没有导入低收入人口名册，请先导入再运行。",
                en: "no register of low-income households is in yet: import it first")
        case .unknown(let id):
            LocalizedText(zh: "没有编号为 \(id) 的运行。", en: "there is no run \(id)")
        case .stopped:
            LocalizedText(zh: "运行已按要求停止，没有改动任何预警。", en: "the run was stopped; no alert was changed")
        }
    }

    /// Words for the operator for whatever ended a run.
    static func words(for error: any Error) -> LocalizedText {
        switch error {
        case let fault as any ExplainedFault: fault.explanation
        case let failure as MonitoringFailure:
            LocalizedText(zh: String(describing: failure), en: String(describing: failure))
        case let failure as RuleFileError:
            LocalizedText(zh: failure.rendered { $0.zh }, en: failure.rendered { $0.en })
        default:
            LocalizedText(
                zh: "程序内部出错（\(type(of: error))）。", en: "an unexpected error of the program (\(type(of: error)))")
        }
    }
}
