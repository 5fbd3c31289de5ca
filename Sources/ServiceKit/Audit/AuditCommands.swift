import ArgumentParser
import Foundation
package import Security
package import SocialDomain
package import Storage

/// What a service's `audit verify` and `audit export` do; the service says where its database and keys are.
package enum AuditWork {
    /// Exit code 0 where the chain is whole, 1 where it is not.
    package static func verify(_ database: Database, checkpoint path: String, key: [UInt8]) throws {
        let file = AuditCheckpointFile(path)
        let result = try AuditLog(database: database).verify(since: file.read(), key: key)
        guard result.findings.isEmpty else {
            for finding in result.findings {
                let words = words(for: finding)
                FileHandle.standardError.write(Data("\(words.en)\n\(words.zh)\n".utf8))
            }
            throw ExitCode(1)
        }
        try file.write(result.latest)
        print("\(result.latest.sequence) entries, unchanged 共 \(result.latest.sequence) 条，完好")
    }

    /// Every entry as CSV, the oldest first.
    package static func export(_ database: Database) throws {
        FileHandle.standardOutput.write(Data((AuditCSV.header + "\r\n").utf8))
        var last: UInt64 = 0
        while true {
            let lines = try database.readBlocking { db in
                try db.rows(
                    "SELECT * FROM audit_entry WHERE sequence > \(Int64(last)) ORDER BY sequence LIMIT 1000"
                ).map { row in
                    last = UInt64(try row.get("sequence", as: Int64.self))
                    return try AuditCSV.line(AuditLog.entry(row))
                }
            }
            if lines.isEmpty { return }
            FileHandle.standardOutput.write(Data(lines.joined().utf8))
        }
    }

    package static func words(for finding: AuditFinding) -> LocalizedText {
        switch finding {
        case .changed(let sequence):
            LocalizedText(zh: "第 \(sequence) 条被改动过。", en: "entry \(sequence) was changed")
        case .removed(let from, let through):
            LocalizedText(
                zh: "第 \(from) 至 \(through) 条被删除。", en: "entries \(from) to \(through) were removed")
        case .insertedOrReordered(let sequence):
            LocalizedText(zh: "第 \(sequence) 条是插入的或调换了顺序。", en: "entry \(sequence) was put in or reordered")
        case .chainRewritten(let sequence):
            LocalizedText(
                zh: "第 \(sequence) 条以前的链条被重写，与核对点不符。",
                en: "the chain up to entry \(sequence) was rewritten: it differs from the checkpoint")
        case .forgedCheckpoint(let sequence):
            LocalizedText(
                zh: "核对点（第 \(sequence) 条）不是本系统签的。", en: "the checkpoint at entry \(sequence) is not genuine")
        }
    }
}

/// The log as a table for spreadsheets.
package enum AuditCSV {
    package static let header = "sequence,time,kind,actor,name,action,subject,division,reason,request"

    package static func line(_ entry: AuditEntry) -> String {
        [
            String(entry.sequence), time(entry.unixMilliseconds), entry.role, entry.actor, entry.name, entry.action,
            entry.subject, entry.division, entry.reason, entry.requestID,
        ].map(field).joined(separator: ",") + "\r\n"
    }

    /// ISO 8601 in UTC.
    static func time(_ milliseconds: Int64) -> String {
        Date(timeIntervalSince1970: Double(milliseconds) / 1000).formatted(.iso8601)
    }

    private static func field(_ text: String) -> String {
        var text = text
        // A spreadsheet would run these as formulas.
        if let first = text.unicodeScalars.first, "=+-@\t\r".unicodeScalars.contains(first) { text = "'" + text }
        guard text.contains(where: { $0 == "\"" || $0 == "," || $0 == "\n" || $0 == "\r\n" || $0 == "\r" }) else {
            return text
        }
        return "\"" + text.replacing("\"", with: "\"\"") + "\""
    }
}
