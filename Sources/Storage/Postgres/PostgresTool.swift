import Foundation

/// One of the server's own programs, `pg_dump` or `pg_restore`, run as a child process. Passwords go through its environment, never on its
/// command line.
struct PostgresTool {
    enum Name: String {
        case dump = "pg_dump"
        case restore = "pg_restore"
    }

    let name: Name
    private let path: String
    private let options: ConnectionOptions

    /// - Parameters:
    ///   - server: the server's major version; an older program cannot read what it holds.
    ///   - folders: where to look for it, as `PATH`.
    init(_ name: Name, target: String, server: Int, folders: String?) throws(DatabaseFault) {
        self.name = name
        options = try ConnectionOptions(target)
        guard let path = Self.find(name.rawValue, in: folders ?? Self.standardFolders) else {
            throw .toolMissing(name.rawValue)
        }
        self.path = path
        guard let version = Self.version(of: path) else { throw .toolMissing(name.rawValue) }
        guard version >= server else { throw .toolTooOld(name.rawValue, version: version, server: server) }
    }

    /// Runs it to its end.
    ///
    /// - Parameters:
    ///   - isConnecting: whether it works on the database or on a file alone.
    ///   - progress: called with each table that it comes to.
    func run(
        _ arguments: [String], isConnecting: Bool = true, progress: (String) -> Void = { _ in }
    ) throws(DatabaseFault) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = (isConnecting ? ["--no-password", "--dbname=\(options.open)"] : []) + arguments
        var environment = ProcessInfo.processInfo.environment
        // Its messages are read by this program.
        environment["LC_ALL"] = "C"
        if isConnecting { environment.merge(options.secret) { $1 } }
        process.environment = environment
        let messages = Pipe()
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = messages
        do {
            try process.run()
        } catch {
            throw .toolMissing(name.rawValue)
        }
        var failure: String?
        var rest = Data()
        while true {
            let part = messages.fileHandleForReading.availableData
            if part.isEmpty { break }
            rest.append(part)
            while let end = rest.firstIndex(of: 0x0A) {
                let line = String(decoding: rest[..<end], as: UTF8.self)
                rest = Data(rest[rest.index(after: end)...])
                if let table = Self.table(in: line) { progress(table) }
                if failure == nil { failure = Self.failure(in: line) }
            }
        }
        process.waitUntilExit()
        guard process.terminationReason == .exit, process.terminationStatus == 0 else {
            throw .backupFailed("\(name.rawValue): \(failure ?? "ended with \(process.terminationStatus)")")
        }
    }

    // MARK: - Its messages

    /// `pg_dump: dumping contents of table "public.person"`, `pg_restore: processing data for table "public.person"`.
    private static func table(in line: String) -> String? {
        guard line.contains("contents of table \"") || line.contains("data for table \"") else { return nil }
        return line.split(separator: "\"").dropFirst().first.map(String.init)
    }

    /// The server's words may quote a row's values: what stands in quotes is left out.
    static func failure(in line: String) -> String? {
        guard let start = line.firstRange(of: "error: ") else { return nil }
        let pieces = line[start.upperBound...].split(separator: "\"", omittingEmptySubsequences: false)
        let words = pieces.enumerated().map { $0 % 2 == 0 ? String($1) : "…" }.joined()
        return String(words.prefix(200))
    }

    // MARK: - Finding it

    /// What `PATH` names, then where Debian keeps the programs of each version, the newest first.
    private static var standardFolders: String {
        let root = "/usr/lib/postgresql"
        let versions = ((try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []).compactMap(Int.init)
        let own = versions.sorted(by: >).map { "\(root)/\($0)/bin" }
        return ([ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin"] + own).joined(separator: ":")
    }

    private static func find(_ name: String, in folders: String) -> String? {
        folders.split(separator: ":").map { "\($0)/\(name)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    /// 15 of `pg_dump (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)`.
    private static func version(of path: String) -> Int? {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = ["--version"]
        let output = Pipe()
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return nil }
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        guard let start = text.firstRange(of: "(PostgreSQL) ") else { return nil }
        return Int(text[start.upperBound...].prefix { $0.isNumber })
    }
}
