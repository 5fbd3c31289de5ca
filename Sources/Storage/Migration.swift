import Crypto
import Foundation

/// One numbered step of the schema, in plain SQL; frozen once it was applied anywhere.
package struct Migration: Hashable, Sendable {
    package let number: Int
    package let title: String
    package let sql: String

    package init(number: Int, title: String, sql: String) {
        self.number = number
        self.title = title
        self.sql = sql
    }

    /// SHA-256 of the SQL, in hexadecimal.
    package var checksum: String {
        let digits = Array("0123456789abcdef".utf8)
        let digest = SHA256.hash(data: Data(sql.utf8))
        return String(decoding: digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    /// The steps in a folder, by number: `NNNN-title.sql`, or `NNNN-title.sqlite.sql` beside `NNNN-title.postgres.sql`
    /// where they must differ. Numbers run from 1 without a gap.
    package static func inFolder(_ path: String, for engine: Engine) throws(DatabaseFault) -> [Migration] {
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: path).filter { $0.hasSuffix(".sql") }.sorted()
        } catch {
            throw .badMigrations("the folder cannot be read")
        }
        var found: [Migration] = []
        for name in names {
            let parts = name.split(separator: ".").map(String.init)
            guard parts.count == 2 || parts.count == 3, let dash = parts[0].firstIndex(of: "-"),
                let number = Int(parts[0][..<dash])
            else { throw .badMigrations("\(name) is not named NNNN-title.sql") }
            if parts.count == 3 {
                guard let variant = Engine(rawValue: parts[1]) else { throw .badMigrations("\(name) names no engine") }
                if variant != engine { continue }
            }
            guard let sql = try? String(contentsOfFile: path + "/" + name, encoding: .utf8) else {
                throw .badMigrations("\(name) cannot be read as UTF-8")
            }
            let title = parts[0][parts[0].index(after: dash)...]
            found.append(Migration(number: number, title: String(title), sql: sql))
        }
        for (index, migration) in found.enumerated() where migration.number != index + 1 {
            throw .badMigrations("number \(index + 1) is missing or stands twice")
        }
        return found
    }
}
