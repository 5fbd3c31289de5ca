import Foundation
import Hummingbird
import HummingbirdTesting
import NIOCore
import ServiceKit
import SocialDomain
import Synchronization

@testable import AidService

/// The pages over a small database of their own, with actions that only note that they were asked.
struct PageSample: Sendable {
    let data: SampleData
    let database: AidDatabase
    let log: ActionLog
    let application: AidApplication

    final class ActionLog: Sendable {
        private let lines = Mutex<[String]>([])
        var all: [String] { lines.withLock { $0 } }
        func note(_ line: String) { lines.withLock { $0.append(line) } }
    }

    /// - Parameter sql: What stands in the database beside what every page test needs.
    init(_ sql: String = "", uploadLimit: Int = 10_000, signIn: SignIn? = nil) throws {
        data = try SampleData()
        database = try data.database()
        try database.run(Self.rows + sql)
        let log = ActionLog()
        self.log = log
        let rules = try PublishedRules(RuleFiles(folder: data.folder).load().book)
        application = try AidApplication(
            resources: ServeOptions.resources, database: database.database, seal: database.seal,
            actions: AidActions(
                now: { "2026-06-30T02:00:00Z" },
                today: { CalendarDate(iso8601: "2026-06-30") ?? CalendarDate(dayNumber: 0) },
                rules: { rules },
                takeIn: { files in
                    for file in files {
                        let text = (try? String(contentsOfFile: file.path, encoding: .utf8)) ?? "?"
                        log.note("take in \(file.name) \(file.bytes) \(text)")
                    }
                    return files.map { file in
                        TakenFile(
                            name: file.name,
                            refusal: file.name.hasSuffix(".pdf") ? LocalizedText(zh: "不是表格。", en: "No table.") : nil)
                    }
                },
                removeFile: { log.note("remove \($0)") },
                startRun: { day, _ in
                    log.note("start \(day)")
                    return 9
                },
                stopRun: { log.note("stop \($0)") },
                closeAlert: { id, note, _, _ in log.note("close \(id) \(note)") },
                runFile: { [data] id, file in
                    id == 2 && file == .rejects ? data.path + "/rejects.csv" : nil
                },
                writeWorkbook: { path, header, next in
                    var text = "\(header.count)\n"
                    while let row = try next() { text += "\(row)\n" }
                    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
                }),
            uploads: UploadReader(folder: data.path + "/incoming", sizeLimit: uploadLimit),
            signIn: signIn ?? .off())
        try data.write("file,line,reason,field\n", to: "rejects.csv")
    }

    struct Answer {
        let status: Int
        let headers: HTTPFields
        let text: String
    }

    func get(_ path: String, headers: HTTPFields = [.accept: "text/html"]) async throws -> Answer {
        try await ask(path, .get, headers, nil)
    }

    /// As a form of these pages is sent.
    func post(_ path: String, _ body: String, headers: HTTPFields = [:]) async throws -> Answer {
        var all: HTTPFields = [.accept: "text/html", .contentType: "application/x-www-form-urlencoded"]
        for field in headers { all[field.name] = field.value }
        return try await ask(path, .post, all, ByteBuffer(string: body))
    }

    func ask(
        _ path: String, _ method: HTTPRequest.Method, _ headers: HTTPFields, _ body: ByteBuffer?
    ) async throws -> Answer {
        let app = Application(router: application.buildRouter())
        return try await app.test(.router) { client in
            try await client.execute(uri: path, method: method, headers: headers, body: body) { response in
                Answer(
                    status: Int(response.status.code), headers: response.headers,
                    text: String(buffer: response.body))
            }
        }
    }

    /// Two households: one with a red alert for support, one whose review alert has lost its signals.
    static let rows = """
        INSERT INTO run (run_id, state, as_of, rules_version, rules_sha256, requested_at, households, persons, covered,
            opened, updated, cleared, unchanged, report)
        VALUES (1, 'done', '2026-05-31', '2026.1', 'x', '2026-05-31T01:00:00Z', 2, 3, 2, 2, 0, 0, 0, '{}'),
            (2, 'done', '2026-06-30', '2026.1', 'x', '2026-06-30T01:00:00Z', 2, 3, 2, 0, 1, 1, 0,
             '{"refused":[{"file":"deaths.csv","reason":"missing_column","field":"died_on"}]}');
        INSERT INTO household (household_id, division, settlement, category, income_per_capita, enrolled_on, size, position)
        VALUES ('H1', '150402001002', 'urban', 'dibao', 78433, '2021-08-13', 2, 0),
            ('H2', '150403001002', 'rural', 'monitored', NULL, NULL, 1, 1);
        INSERT INTO person (person_id, household_id, id_number, name, sex, birth_date, relation, position)
        VALUES ('P1', 'H1', '11010519491231002X', '乌兰其其格', 'female', '1949-12-31', 'head', 0),
            ('P2', 'H1', NULL, '<b>巴特尔</b>', 'male', '2015-02-03', 'child', 1),
            ('P3', 'H2', NULL, '李强', 'male', NULL, 'head', 2);
        INSERT INTO run_population (run_id, division, households, persons, covered)
        VALUES (2, '15', 2, 3, 2), (2, '1504', 2, 3, 2), (2, '150402', 1, 2, 2), (2, '150403', 1, 1, 0);
        INSERT INTO run_figure (run_id, division, direction, tier, alerts)
        VALUES (1, '1504', 'support', 'red', 4), (2, '15', 'support', 'red', 5), (2, '1504', 'support', 'red', 5),
            (2, '150402', 'support', 'red', 5);
        INSERT INTO alert (alert_id, household_id, division, direction, state, tier, points, opened_at, opened_run,
            changed_at, changed_run)
        VALUES (1, 'H1', '150402001002', 'support', 'open', 'red', 60, '2026-05-31T01:00:00Z', 1, '2026-06-30T01:00:00Z', 2),
            (2, 'H2', '150403001002', 'review', 'cleared', 'yellow', 30, '2026-05-31T01:00:00Z', 1, '2026-06-30T01:00:00Z', 2);
        INSERT INTO alert_signal (alert_id, indicator, subject, points, facts)
        VALUES (1, 'S01', 'H1', 40, '{"medicalSelfPaid":42000.5}'), (1, 'S03', 'P1', 20, '{"severelyDisabled":1}');
        INSERT INTO alert_change (alert_id, number, run_id, changed_at, change, tier, points, signals, note)
        VALUES (1, 1, 1, '2026-05-31T01:00:00Z', 'opened', 'red', 60, '[]', NULL),
            (2, 1, 1, '2026-05-31T01:00:00Z', 'opened', 'yellow', 30, '[]', NULL),
            (2, 2, 2, '2026-06-30T01:00:00Z', 'cleared', 'yellow', 30, '[]', NULL);
        INSERT INTO evidence (household_id, run_id, rows)
        VALUES ('H1', 2, '[{"person":"P1","feed":"medical","file":"medical-2026.csv","line":77,"date":"2026-03-12",
            "key":{"settlement_no":"YB1"},"values":{"self_paid":42000.5},"facts":["medicalSelfPaid"]}]');
        """
}
