import GRDB
import GRDBSQLite
import Synchronization

/// Connections for reads so short that going to another thread would cost more than they do: whoever asks takes one that is
/// free, without waiting.
final class SQLiteGlances: Sendable {
    private struct Kept {
        var free: [DatabaseQueue] = []
        var made = 0
        var isClosed = false
    }

    private enum Taken {
        case free(DatabaseQueue)
        case new
        case none
    }

    private let path: String
    private let configuration: Configuration
    private let most: Int
    private let kept = Mutex(Kept())

    /// - Parameter most: how many connections at most.
    init(path: String, configuration: Configuration, most: Int) {
        var configuration = configuration
        configuration.readonly = true
        configuration.label = "storage-glance"
        self.path = path
        self.configuration = configuration
        self.most = most
    }

    /// One snapshot; nil where no connection is free.
    func read<Value>(_ body: (Connection) throws -> Value) throws -> Value? {
        guard let queue = try take() else { return nil }
        defer { giveBack(queue) }
        return try queue.unsafeRead { db in
            let session = SQLiteSession(db)
            try session.run("BEGIN")
            var isOpen = true
            defer { if isOpen { try? session.run("ROLLBACK") } }
            let connection = Connection(session)
            let value = try body(connection)
            if let failure = connection.failure { throw failure }
            try session.run("COMMIT")
            isOpen = false
            return value
        }
    }

    func close() {
        let free = kept.withLock { kept in
            kept.isClosed = true
            defer { kept.free = [] }
            return kept.free
        }
        for queue in free { try? queue.close() }
    }

    private func take() throws -> DatabaseQueue? {
        let taken = kept.withLock { kept -> Taken in
            if kept.isClosed { return .none }
            if let free = kept.free.popLast() { return .free(free) }
            guard kept.made < most else { return .none }
            kept.made += 1
            return .new
        }
        switch taken {
        case .free(let queue): return queue
        case .none: return nil
        case .new:
            do {
                return try DatabaseQueue(path: path, configuration: configuration)
            } catch {
                kept.withLock { $0.made -= 1 }
                throw error
            }
        }
    }

    private func giveBack(_ queue: DatabaseQueue) {
        let isClosed = kept.withLock { kept in
            if !kept.isClosed { kept.free.append(queue) }
            return kept.isClosed
        }
        if isClosed { try? queue.close() }
    }
}
