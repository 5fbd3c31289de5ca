import Dispatch
import Foundation
import Synchronization

/// A pool of connections to a PostgreSQL server, that replaces by itself those that broke.
final class PostgresSource: TransactionSource {
    private struct Idle {
        var sessions: [PostgresSession] = []
        var isClosed = false
    }

    let target: String
    let options: DatabaseOptions
    private let idle = Mutex(Idle())
    private let permits: DispatchSemaphore

    init(target: String, options: DatabaseOptions) throws(DatabaseFault) {
        self.target = target
        self.options = options
        permits = DispatchSemaphore(value: options.readers + options.writers)
        let first = try PostgresSession(target: target, options: options)
        let locale = try first.rows(
            """
            SELECT pg_encoding_to_char(encoding) AS encoding, datcollate AS collation FROM pg_database
            WHERE datname = current_database()
            """)
        guard let row = locale.first, try row.get("encoding", as: String.self) == "UTF8",
            ["C", "POSIX", "C.UTF-8", "C.utf8"].contains(try row.get("collation", as: String.self))
        else { throw .unsuitableLocale }
        idle.withLock { $0.sessions.append(first) }
    }

    func read<Value>(_ body: (Connection) throws -> Value) throws -> Value {
        try transaction("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", body)
    }

    /// A server is always waited for.
    func glance<Value>(_ body: (Connection) throws -> Value) throws -> Value? { nil }

    func write<Value>(_ body: (Connection) throws -> Value) throws -> Value {
        try transaction("BEGIN ISOLATION LEVEL SERIALIZABLE", body)
    }

    func writeByRows<Value>(_ body: (Connection) throws -> Value) throws -> Value {
        try transaction("BEGIN ISOLATION LEVEL READ COMMITTED", body)
    }

    func migrate<Value>(_ body: (Connection) throws -> Value) throws -> Value {
        try transaction("BEGIN ISOLATION LEVEL READ COMMITTED", isPatient: true) { connection in
            // Any number will do, if it is always the same. Building an index on a large table takes its time.
            try connection.script("SET LOCAL statement_timeout = 0; SELECT pg_advisory_xact_lock(6173746672473)")
            return try body(connection)
        }
    }

    func writeInBulk<Value>(checkingAtEnd tables: [String], _ body: (Connection) throws -> Value) throws -> Value {
        try transaction("BEGIN ISOLATION LEVEL SERIALIZABLE", isPatient: true) { connection in
            try connection.script("SET LOCAL statement_timeout = 0; SET CONSTRAINTS ALL DEFERRED")
            return try body(connection)
        }
    }

    func compact() throws {
        // Outside any transaction, on a connection of its own.
        let session = try PostgresSession(target: target, options: options)
        session.isPatient = true
        try session.script("SET statement_timeout = 0")
        try session.script("VACUUM")
    }

    func close() {
        idle.withLock { idle in
            idle.isClosed = true
            idle.sessions = []
        }
    }

    /// Runs the body until it commits, fails for a reason of its own, or patience ends.
    private func transaction<Value>(
        _ begin: String, isPatient: Bool = false, _ body: (Connection) throws -> Value
    ) throws -> Value {
        let deadline = ContinuousClock.now + options.patience
        var pause = 0.005
        while true {
            do {
                return try once(begin, isPatient, until: deadline, body)
            } catch let fault as DatabaseFault where fault.isTransient && ContinuousClock.now < deadline {
                // Those that were in each other's way should not meet again.
                Thread.sleep(forTimeInterval: pause * Double.random(in: 0.5...1.5))
                pause = min(pause * 2, 0.5)
            }
        }
    }

    private func once<Value>(
        _ begin: String, _ isPatient: Bool, until deadline: ContinuousClock.Instant,
        _ body: (Connection) throws -> Value
    ) throws -> Value {
        let wait = max(0, (deadline - ContinuousClock.now) / .milliseconds(1))
        guard permits.wait(timeout: .now() + .milliseconds(Int(wait) + 1)) == .success else {
            throw DatabaseFault.timedOut
        }
        defer { permits.signal() }
        let session = try take()
        defer { giveBack(session) }
        session.isPatient = isPatient
        defer { session.isPatient = false }
        try session.script(begin)
        let connection = Connection(session)
        do {
            let value = try body(connection)
            if let failure = connection.failure { throw failure }
            try session.commit()
            connection.hasCommitted()
            return value
        } catch {
            session.rollBack()
            // The body may have dressed it in an error of its own.
            throw connection.failure.flatMap { $0.isTransient ? $0 : nil } ?? error
        }
    }

    private func take() throws(DatabaseFault) -> PostgresSession {
        let (session, isClosed) = idle.withLock { ($0.sessions.popLast(), $0.isClosed) }
        if isClosed { throw .closed }
        if let session { return session }
        return try PostgresSession(target: target, options: options)
    }

    private func giveBack(_ session: PostgresSession) {
        idle.withLock { idle in
            if session.isUsable {
                if !idle.isClosed { idle.sessions.append(session) }
            } else {
                // What broke one has most likely broken all that were idle.
                idle.sessions = []
            }
        }
    }
}
