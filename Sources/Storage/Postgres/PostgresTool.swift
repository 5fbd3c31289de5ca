import Foundation
import Subprocess
import SystemPackage

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
    init(_ name: Name, target: String, server: Int, folders: String?) async throws(DatabaseFault) {
        self.name = name
        options = try ConnectionOptions(target)
        guard let path = Self.find(name.rawValue, in: folders ?? Self.standardFolders) else {
            throw .toolMissing(name.rawValue)
        }
        self.path = path
        guard let version = await Self.version(of: path) else { throw .toolMissing(name.rawValue) }
        guard version >= server else { throw .toolTooOld(name.rawValue, version: version, server: server) }
    }

    /// Runs it to its end; where the task is cancelled, it is ended too.
    ///
    /// - Parameters:
    ///   - isConnecting: whether it works on the database or on a file alone.
    ///   - progress: called with each table that it comes to.
    func run(
        _ arguments: [String], isConnecting: Bool = true, progress: (String) -> Void = { _ in }
    ) async throws(DatabaseFault) {
        // Its messages are read by this program.
        var environment: [Environment.Key: String?] = ["LC_ALL": "C"]
        if isConnecting {
            for (name, value) in options.secret {
                if let key = Environment.Key(rawValue: name) { environment[key] = value }
            }
        }
        var failure: String?
        let status: TerminationStatus
        do {
            status = try await Subprocess.run(
                .path(FilePath(path)),
                arguments: Arguments((isConnecting ? ["--no-password", "--dbname=\(options.open)"] : []) + arguments),
                environment: .inherit.updating(environment), input: .none, output: .discarded, error: .sequence
            ) { execution in
                for try await line in execution.standardError.strings() {
                    if let table = Self.table(in: line) { progress(table) }
                    if failure == nil { failure = Self.failure(in: line) }
                }
            }.terminationStatus
        } catch is SubprocessError {
            throw .toolMissing(name.rawValue)
        } catch {
            throw .backupFailed("\(name.rawValue): \(failure ?? "stopped")")
        }
        guard status.isSuccess else {
            throw .backupFailed("\(name.rawValue): \(failure ?? "ended with \(status)")")
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
    private static func version(of path: String) async -> Int? {
        let result = try? await Subprocess.run(
            .path(FilePath(path)), arguments: ["--version"], output: .string(limit: 1000))
        guard let text = result?.standardOutput, let start = text.firstRange(of: "(PostgreSQL) ") else { return nil }
        return Int(text[start.upperBound...].prefix { $0.isNumber })
    }
}
