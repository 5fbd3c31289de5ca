import Contracts
import Foundation
import Security
import ServiceKit
import SocialDomain
import Storage

/// Takes a file of items into the catalogue, all of it or nothing.
struct ImportItems: Sendable {
    struct Options: Hashable, Sendable {
        /// Before the citizens at once, without a second person: the operator answers for the file.
        var publishes = false
        /// Takes in the good rows of a file that has bad ones too.
        var skipsRejected = false
        /// Says what would happen, and changes nothing.
        var checksOnly = false
        /// Where rows and departments belong that name no division; nil to refuse them.
        var division: String?
    }

    struct Result: Hashable, Sendable {
        var mapping = LocalizedText(zh: "", en: "")
        var rows = 0
        var new = 0
        var changed = 0
        var unchanged = 0
        var newDepartments = 0
        var faults: [ImportFault] = []
        /// Whether the counts were carried out.
        var isDone = false

        /// Rows that were not taken in.
        var rejected: Int { rows - new - changed - unchanged }
    }

    let file: String
    let reader: ImportReader
    let options: Options
    let caller: Caller
    /// ISO 8601 in UTC.
    let time: String
    var request = ""
    /// Called now and then with the number of rows done.
    var progress: @Sendable (Int) -> Void = { _ in }

    private static let progressStep = 500

    /// Ends the transaction without keeping what it did.
    private struct Undone: Error {
        let result: Result
    }

    func run(_ database: Database) async throws -> Result {
        do {
            return try await database.write { db in
                var result = try apply(in: db)
                guard !options.checksOnly, result.faults.isEmpty || options.skipsRejected else {
                    throw Undone(result: result)
                }
                result.isDone = true
                try note(result, in: db)
                return result
            }
        } catch let undone as Undone {
            return undone.result
        }
    }

    private func note(_ result: Result, in db: Connection) throws {
        guard result.new + result.changed + result.newDepartments > 0 else { return }
        let event = AuditEvent(
            "catalogue.import", subject: file, division: caller.scope.division?.prefix ?? "",
            reason: "new \(result.new), changed \(result.changed), unchanged \(result.unchanged), "
                + "rejected \(result.rejected)" + (options.publishes ? ", published" : ""),
            by: caller, request: request)
        try AuditLog.append([event], in: db)
    }

    // MARK: - Rows

    private func apply(in db: Connection) throws -> Result {
        var result = Result()
        result.mapping = reader.mapping.title
        result.rows = reader.table.records.count + reader.table.faults.count
        result.faults = reader.table.faults
        var work = try ImportWork(options: options, caller: caller, time: time, db: db)
        let lines = Dictionary(grouping: reader.table.records, by: reader.code).mapValues { $0.map(\.line) }
        for (index, record) in reader.table.records.enumerated() {
            if index % Self.progressStep == Self.progressStep - 1 { progress(index + 1) }
            do {
                let row = try reader.row(record)
                if let others = lines[row.code]?.filter({ $0 != record.line }), !others.isEmpty {
                    throw Self.twice(record.line, others.prefix(5).map(String.init))
                }
                switch try work.take(row, reader) {
                case .new: result.new += 1
                case .changed: result.changed += 1
                case .unchanged: result.unchanged += 1
                }
            } catch let fault as ImportFault {
                result.faults.append(fault)
            }
        }
        result.newDepartments = work.newDepartments
        result.faults.sort { $0.line < $1.line }
        return result
    }

    private static func twice(_ line: Int, _ others: [String]) -> ImportFault {
        ImportFault(
            line: line, "编码与第 \(others.joined(separator: "、")) 行相同；每个事项一行，请删掉或改正一行。",
            "has the code of line \(others.joined(separator: ", ")) too: one row for each item, so remove or mend one.")
    }
}
