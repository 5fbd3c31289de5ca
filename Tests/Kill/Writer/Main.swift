import Foundation
import Storage

/// Writes transfers until it is killed, and says each acknowledged one on standard output; or checks what is left.
///
/// `endure` goes on where a write fails. `kill-writer write ADDRESS FIRST-NUMBER` and `kill-writer check ADDRESS < acknowledged-numbers`.
@main
enum KillWriter {
    private static let schema = Migration(
        number: 1, title: "transfers",
        sql: """
            CREATE TABLE transfer (number BIGINT PRIMARY KEY);
            CREATE TABLE entry (
                number BIGINT NOT NULL REFERENCES transfer (number), side TEXT NOT NULL, fen BIGINT NOT NULL,
                PRIMARY KEY (number, side));
            """)

    static func main() async {
        let arguments = CommandLine.arguments
        guard arguments.count >= 3 else {
            FileHandle.standardError.write(Data("usage: kill-writer write|endure|check ADDRESS [FIRST-NUMBER]\n".utf8))
            exit(64)
        }
        do {
            let database = try Database(DatabaseAddress(arguments[2]))
            try database.migrate([schema], at: "2026-01-01T00:00:00Z")
            if arguments[1] == "write" || arguments[1] == "endure" {
                let first = arguments.count > 3 ? Int64(arguments[3]) ?? 0 : 0
                try await write(database, from: first, endures: arguments[1] == "endure")
            } else {
                try await check(database)
            }
        } catch {
            FileHandle.standardError.write(Data("\(error)\n".utf8))
            exit(1)
        }
    }

    /// - Parameter endures: what fails is not acknowledged, and the next is tried.
    private static func write(_ database: Database, from first: Int64, endures: Bool) async throws {
        try await withThrowingTaskGroup { group in
            for lane in 0..<Int64(4) {
                group.addTask {
                    var number = first + lane
                    while true {
                        let transfer = number
                        number += 4
                        do {
                            try await database.write { db in
                                try db.execute("INSERT INTO transfer (number) VALUES (\(transfer))")
                                try db.execute("INSERT INTO entry VALUES (\(transfer), 'from', \(-transfer))")
                                try db.execute("INSERT INTO entry VALUES (\(transfer), 'to', \(transfer))")
                            }
                        } catch let fault as DatabaseFault where endures {
                            FileHandle.standardError.write(Data("\(fault.code)\n".utf8))
                            try await Task.sleep(for: .milliseconds(50))
                            continue
                        }
                        // One write call a line, so that no line is cut.
                        FileHandle.standardOutput.write(Data("\(transfer)\n".utf8))
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    private static func check(_ database: Database) async throws {
        let (kept, halves) = try await database.read { db in
            var kept: Set<Int64> = []
            try db.forEach("SELECT number FROM transfer") { row in kept.insert(try row.get("number")) }
            let halves = try db.rows(
                """
                SELECT number FROM transfer t
                WHERE (SELECT count(*) FROM entry e WHERE e.number = t.number) <> 2
                """
            ).count
            if db.engine == .sqlite {
                let verdict = try db.first("PRAGMA integrity_check")?.get("integrity_check", as: String.self)
                guard verdict == "ok" else { throw DatabaseFault.damaged }
            }
            return (kept, halves)
        }
        var acknowledged = 0
        var lost = 0
        while let line = readLine() {
            guard let number = Int64(line) else { continue }
            acknowledged += 1
            if !kept.contains(number) { lost += 1 }
        }
        print("acknowledged \(acknowledged), kept \(kept.count), lost \(lost), half \(halves)")
        if lost > 0 || halves > 0 { exit(1) }
    }
}
