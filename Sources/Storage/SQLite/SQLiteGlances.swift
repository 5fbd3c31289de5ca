import Synchronization

/// Connections for reads so short that going to another thread would cost more than they do: whoever asks takes one that is
/// free, without waiting.
final class SQLiteGlances: Sendable {
    private struct Kept {
        var free: [SQLiteReader] = []
        var made = 0
        var isClosed = false
    }

    private enum Taken {
        case free(SQLiteReader)
        case new
        case none
    }

    private let path: String
    private let patience: Int
    private let most: Int
    private let kept = Mutex(Kept())

    /// - Parameters:
    ///   - patience: how long a connection waits for a lock, in milliseconds.
    ///   - most: how many connections at most.
    init(path: String, patience: Int, most: Int) {
        self.path = path
        self.patience = patience
        self.most = most
    }

    /// One snapshot; nil where no connection is free.
    func read<Value>(_ body: (Connection) throws -> Value) throws -> Value? {
        guard let reader = try take() else { return nil }
        defer { giveBack(reader) }
        return try reader.read(body)
    }

    func close() {
        // A connection is closed when the last who holds it lets it go.
        kept.withLock { kept in
            kept.isClosed = true
            kept.free = []
        }
    }

    private func take() throws -> SQLiteReader? {
        let taken = kept.withLock { kept -> Taken in
            if kept.isClosed { return .none }
            if let free = kept.free.popLast() { return .free(free) }
            guard kept.made < most else { return .none }
            kept.made += 1
            return .new
        }
        switch taken {
        case .free(let reader): return reader
        case .none: return nil
        case .new:
            do {
                return try SQLiteReader(path: path, patience: patience)
            } catch {
                kept.withLock { $0.made -= 1 }
                throw error
            }
        }
    }

    private func giveBack(_ reader: SQLiteReader) {
        kept.withLock { kept in
            if kept.isClosed { return }
            if reader.isIdle { kept.free.append(reader) } else { kept.made -= 1 }
        }
    }
}
