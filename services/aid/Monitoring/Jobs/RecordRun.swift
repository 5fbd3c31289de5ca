import Foundation
import Storage

/// Records a computed run: its files, its figures, the alerts and the evidence, in one transaction, which also ends it.
struct RecordRun: Sendable {
    let database: AidDatabase

    /// The order in which figures are counted.
    private static let directions: [Direction] = [.support, .review]
    /// Rows that are sealed together, on all cores.
    private static let sealBatch = 4096
    private static let tiers: [Tier] = [.red, .orange, .yellow]

    func callAsFunction(_ id: Int64, _ outcome: any RunOutcome, control: RunSwitch) throws {
        control.enter("recording")
        let folder = database.folder.run(id)
        do {
            try outcome.write(to: folder, isStopped: { control.isStopped })
            let report = try Data(contentsOf: URL(fileURLWithPath: folder + "/report.json"))
            let files = try JSONDecoder().decode(ReportFiles.self, from: report).files
            try database.writeInBulk { db in
                var counts = DivisionCounts(width: Self.directions.count * Self.tiers.count)
                let changes = try AlertStore(database: database).apply(
                    run: id,
                    { body in
                        try outcome.forEachAlert { alert in
                            try control.checkStopped()
                            counts.add(1, at: Self.place(of: alert), division: alert.division)
                            try body(alert)
                        }
                    }, in: db)
                let time = database.clock.timestamp()
                try AskTraining(db: db, seal: database.seal, time: time).forFindings(of: id)
                try replaceEvidence(id, outcome, control: control, in: db)
                try insertFigures(id, counts, in: db)
                try insertPopulation(id, in: db)
                try insertFiles(id, files, in: db)
                try finish(id, changes, report: String(decoding: report, as: UTF8.self), in: db)
                try control.checkStopped()
            }
        } catch {
            try? FileManager.default.removeItem(atPath: folder)
            throw error
        }
    }

    private static func place(of alert: FoundAlert) -> Int {
        let tier =
            switch alert.tier {
            case .red: 0
            case .orange: 1
            case .yellow: 2
            }
        return alert.direction == .support ? tier : tiers.count + tier
    }

    private func replaceEvidence(
        _ id: Int64, _ outcome: any RunOutcome, control: RunSwitch, in db: Connection
    ) throws {
        try db.execute("DELETE FROM evidence")
        let seal = database.seal
        let insert = try db.prepare(
            "INSERT INTO evidence (household_id, run_id, rows, sealed) VALUES (?1, ?2, '', ?3)")
        insert.bind(2, id)
        var waiting: [(household: String, json: [UInt8])] = []
        func flush() throws {
            try control.checkStopped()
            let sealed = try RecordSeal.sideBySide(waiting) { try seal.evidence($0.json, household: $0.household) }
            for (one, bytes) in zip(waiting, sealed) {
                insert.bind(1, one.household)
                insert.bind(3, blob: bytes)
                try insert.run()
            }
            waiting.removeAll(keepingCapacity: true)
        }
        try outcome.forEachEvidence { household, rows in
            waiting.append((household, Array(rows)))
            if waiting.count == Self.sealBatch { try flush() }
        }
        try flush()
    }

    private func insertFigures(_ id: Int64, _ counts: DivisionCounts, in db: Connection) throws {
        let insert = try db.prepare(
            "INSERT INTO run_figure (run_id, division, direction, tier, alerts) VALUES (?1, ?2, ?3, ?4, ?5)")
        insert.bind(1, id)
        for (division, numbers) in counts.byPrefix() {
            insert.bind(2, division)
            for (index, number) in numbers.enumerated() where number > 0 {
                insert.bind(3, Self.directions[index / Self.tiers.count].rawValue)
                insert.bind(4, Self.tiers[index % Self.tiers.count].rawValue)
                insert.bind(5, Int64(number))
                try insert.run()
            }
        }
    }

    private func insertPopulation(_ id: Int64, in db: Connection) throws {
        var counts = DivisionCounts(width: 3)
        let rows = try db.prepare(
            """
            SELECT division, count(*), CAST(sum(size) AS BIGINT),
                CAST(sum(CASE WHEN category <> 'monitored' THEN size ELSE 0 END) AS BIGINT)
            FROM household GROUP BY division
            """)
        while try rows.step() {
            let division = rows.text(0)
            for index in 0..<3 {
                counts.add(Int(rows.integer(index + 1)), at: index, division: division)
            }
        }
        let insert = try db.prepare(
            """
            INSERT INTO run_population (run_id, division, households, persons, covered) VALUES (?1, ?2, ?3, ?4, ?5)
            """)
        insert.bind(1, id)
        for (division, numbers) in counts.byPrefix() {
            insert.bind(2, division)
            for (index, number) in numbers.enumerated() { insert.bind(index + 3, Int64(number)) }
            try insert.run()
        }
    }

    private func insertFiles(_ id: Int64, _ files: [ReportFiles.File], in db: Connection) throws {
        for file in files {
            try db.execute(
                """
                INSERT INTO run_file (run_id, file, feed, rows, rejected, unmatched, conflict, duplicate, matched)
                VALUES (\(id), \(file.file), \(file.feed), \(file.rows), \(file.rejected), \(file.unmatched),
                    \(file.conflict), \(file.duplicate), \(file.matched))
                """)
            try db.execute(
                """
                UPDATE import SET rows = \(file.rows)
                WHERE file = \(file.file) AND kind = 'feed' AND replaced_at IS NULL
                    AND rows IS DISTINCT FROM \(file.rows)
                """)
        }
    }

    private func finish(_ id: Int64, _ changes: AlertChanges, report: String, in db: Connection) throws {
        try db.execute(
            """
            UPDATE run SET (households, persons, covered) =
                (SELECT households, persons, covered FROM run_population WHERE run_id = \(id) AND division = '')
            WHERE run_id = \(id)
            """)
        try db.execute(
            """
            UPDATE run SET state = 'done', finished_at = \(database.clock.timestamp()), phase = '',
                opened = \(changes.opened), updated = \(changes.updated), cleared = \(changes.cleared),
                reopened = \(changes.reopened), unchanged = \(changes.unchanged), report = \(report)
            WHERE run_id = \(id)
            """)
    }
}

/// The part of report.json that the database keeps in a table of its own.
private struct ReportFiles: Decodable {
    struct File: Decodable {
        let file: String
        let feed: String
        let rows: Int
        let rejected: Int
        let unmatched: Int
        let conflict: Int
        let duplicate: Int
        let matched: Int
    }

    let files: [File]
}
