import Foundation
import SocialDomain
import Storage

#if canImport(Glibc)
    import Glibc
#endif

/// An extract that is in the library or was in it.
struct FeedRecord: Sendable {
    let id: Int64
    let file: String
    let feed: String
    let sha256: String
    let bytes: Int
    /// Data rows; known once a run has read the file.
    let rows: Int?
    let importedAt: String
    let importedThrough: String
    let replacedAt: String?

    static let columns: SQL = "import_id, file, feed, sha256, bytes, rows, imported_at, imported_through, replaced_at"

    init(_ row: Row) throws {
        id = try row.get("import_id")
        file = try row.get("file")
        feed = try row.get("feed")
        sha256 = try row.get("sha256")
        bytes = try row.get("bytes")
        rows = try row.get("rows")
        importedAt = try row.get("imported_at")
        importedThrough = try row.get("imported_through")
        replacedAt = try row.get("replaced_at")
    }
}

/// What taking in an extract did.
enum FeedReceipt: Sendable {
    case added(FeedRecord)
    case replaced(FeedRecord)
    /// The same bytes are in under this name already: nothing was written.
    case unchanged(FeedRecord)

    var record: FeedRecord {
        switch self {
        case .added(let record), .replaced(let record), .unchanged(let record): record
        }
    }
}

/// The extracts of other departments: files of the data folder, each under the name it came with, and their history in
/// the database.
struct FeedLibrary: Sendable {
    let database: AidDatabase

    private var folder: String { database.folder.feeds }
    private static let setAsidePrefix = ".set-aside-"

    /// Begins to receive an extract; its bytes are handed to the intake, then `finish` takes it in.
    func begin(name text: String) throws -> FeedIntake {
        let name = try FeedName(text)
        let kinds = try RuleFiles(folder: database.folder).kinds()
        guard let index = kinds.kind(forFile: name.text) else {
            throw FeedRefusal.unknownKind(file: name.text, kinds: kinds.kinds.map(\.name))
        }
        return try FeedIntake(name: name, kind: kinds.kinds[index], folder: folder)
    }

    /// Copies a file in.
    func takeIn(file path: String, name: String? = nil, through route: ImportRoute) throws -> FeedReceipt {
        let intake = try begin(name: name ?? path)
        do {
            try FileBytes.forEachPart(ofFile: path) { part throws(FileFault) in try intake.append(part) }
        } catch {
            throw FeedRefusal.file(error)
        }
        return try finish(intake, through: route)
    }

    /// Puts the received bytes in place of those that stood under the name.
    func finish(_ intake: FeedIntake, through route: ImportRoute) throws -> FeedReceipt {
        let digest = try intake.seal()
        let name = intake.name.text
        return try changing(name) { db in
            let before = try Self.current(name, in: db)
            if let before, before.sha256 == digest.sha256 { return .unchanged(before) }
            let record = ImportRecord(
                file: name, feed: intake.kind.name, digest: digest, rows: nil, time: database.clock.timestamp(),
                route: route)
            _ = try record.replaceCurrent(in: db, kind: "feed")
            guard let after = try Self.current(name, in: db) else { throw FeedRefusal.missing(file: name) }
            try place(intake.path, at: "\(folder)/\(name)")
            return before == nil ? .added(after) : .replaced(after)
        }
    }

    /// Takes an extract out; its history stays.
    func remove(_ text: String) throws {
        let name = try FeedName(text).text
        try changing(name) { db in
            guard try Self.current(name, in: db) != nil else { throw FeedRefusal.missing(file: name) }
            try ImportRecord.endCurrent(name, at: database.clock.timestamp(), in: db)
            let path = "\(folder)/\(name)"
            guard unlink(path) == 0 || errno == ENOENT else {
                throw FeedRefusal.file(FileFault(errno: errno, path: path))
            }
        }
    }

    /// The extracts that the next run reads, by name, bytewise.
    func current() throws -> [FeedRecord] {
        try database.read { db in
            try db.rows(
                "SELECT \(FeedRecord.columns) FROM import WHERE kind = 'feed' AND replaced_at IS NULL ORDER BY file"
            ).map(FeedRecord.init)
        }
    }

    /// Every extract that was ever taken in, the newest first.
    func history(limit: Int = 1000) throws -> [FeedRecord] {
        try database.read { db in
            try db.rows(
                "SELECT \(FeedRecord.columns) FROM import WHERE kind = 'feed' ORDER BY import_id DESC LIMIT \(limit)"
            ).map(FeedRecord.init)
        }
    }

    /// The files as the engine takes them.
    func files() throws -> [FeedFile] {
        try current().map { FeedFile(name: $0.file, path: "\(folder)/\($0.file)") }
    }

    private static func current(_ name: String, in db: Connection) throws -> FeedRecord? {
        try db.first(
            """
            SELECT \(FeedRecord.columns) FROM import WHERE kind = 'feed' AND file = \(name) AND replaced_at IS NULL
            """
        ).map(FeedRecord.init)
    }

    /// A transaction that also changes the file: what stood there is set aside first and comes back if the transaction
    /// fails; `recover` does the same after a crash.
    private func changing<Value>(_ name: String, _ body: (Connection) throws -> Value) throws -> Value {
        let path = "\(folder)/\(name)"
        let aside = "\(folder)/\(Self.setAsidePrefix)\(UInt64.random(in: .min ... .max))-\(name)"
        var before = Before.unknown
        func restore() {
            switch before {
            case .unknown: break
            case .nothing: unlink(path)
            case .aside:
                // `rename` does nothing where both names are the same file, so the second one is taken away too.
                Glibc.rename(aside, path)
                unlink(aside)
            }
            before = .unknown
        }
        do {
            let value = try database.write { db in
                // The database may have undone the body and run it again.
                restore()
                if link(path, aside) == 0 {
                    before = .aside
                } else if errno == ENOENT {
                    before = .nothing
                } else {
                    throw FeedRefusal.file(FileFault(errno: errno, path: path))
                }
                do {
                    return try body(db)
                } catch {
                    restore()
                    throw error
                }
            }
            unlink(aside)
            return value
        } catch {
            restore()
            throw error
        }
    }

    /// What stood under a name before a change.
    private enum Before {
        case unknown
        case nothing
        case aside
    }

    /// The bytes keep their first name too, for a second attempt; the intake takes that away.
    private func place(_ path: String, at target: String) throws {
        let second = path + "-placed"
        unlink(second)
        guard link(path, second) == 0, rename(second, target) == 0 else {
            throw FeedRefusal.file(FileFault(errno: errno, path: target))
        }
        try syncFolder()
    }

    private func syncFolder() throws {
        let handle = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard handle >= 0 else { throw FeedRefusal.file(FileFault(errno: errno, path: folder)) }
        defer { close(handle) }
        guard fsync(handle) == 0 else { throw FeedRefusal.file(FileFault(errno: errno, path: folder)) }
    }

    /// Mends what a crash left: half-received files go; a file that was set aside comes back where the database still
    /// names its bytes.
    func recover() throws {
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: folder)
        } catch {
            throw FeedRefusal.file(FileFault(error, path: folder))
        }
        for name in names where name.hasPrefix(FeedIntake.prefix) {
            removeIfLeftBehind("\(folder)/\(name)")
        }
        for name in names where name.hasPrefix(Self.setAsidePrefix) {
            let aside = "\(folder)/\(name)"
            let file = String(name.dropFirst(Self.setAsidePrefix.count).drop { $0 != "-" }.dropFirst())
            // Under the write lock no other process is between setting aside and its commit.
            try database.write { db in
                let digest = try? FileDigest(ofFile: aside)
                if let digest, try Self.current(file, in: db)?.sha256 == digest.sha256 {
                    Glibc.rename(aside, "\(folder)/\(file)")
                }
                unlink(aside)
            }
        }
    }

    private func removeIfLeftBehind(_ path: String) {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return }
        if flock(file, LOCK_EX | LOCK_NB) == 0 { unlink(path) }
        close(file)
    }
}
