import Foundation
import SocialDomain
import Tabular
import Testing

@testable import AidService

/// A long random run over values, expressions, rules files and whole runs: a command of its own, see Tests/Fuzz.
@Suite(.enabled(if: Fuzz.seconds > 0), .serialized) struct MonitoringFuzzTests {
    @Test func `a date that is read reads back from its own text`() throws {
        let seeds = ["2026-06-30", "2026/6/3", "20260630", "2026年6月30日", "２０２６．６．３０", " 0001-01-01 "]

        try Fuzz.run("dates", seeds.map { Array($0.utf8) }) { bytes, _ in
            for encoding in [TextEncoding.utf8, .gb18030] {
                let day = Self.value(bytes) { CellValues.date($0, encoding) }
                guard day > Absence.undated else { continue }
                let date = CalendarDate(dayNumber: day)
                try Fuzz.require((1...9999).contains(date.year), "\(date) has a year of four digits")
                let again = Self.value(Array(date.description.utf8)) { CellValues.date($0, encoding) }
                try Fuzz.require(again == day, "\(date) reads back")
            }
        }
    }

    @Test func `an amount that is read reads back from its own text`() throws {
        let seeds = ["1234.50", "¥ 1,234,567.8 元", "￥12元", "１２．５", "9999999999999.99", "0", "-1", "12 345"]

        try Fuzz.run("amounts", seeds.map { Array($0.utf8) }) { bytes, _ in
            let fen = Self.value(bytes) { CellValues.amount($0, .utf8) }
            let area = Self.value(bytes) { CellValues.area($0, .utf8) }
            try Fuzz.require(area < 0 || area == fen, "every area is an amount")
            guard fen >= 0 else { return }
            try Fuzz.require(!bytes.contains(UInt8(ascii: "-")) && !bytes.contains(UInt8(ascii: "+")), "no sign")
            let cents = fen % 100
            let text = "\(fen / 100).\(cents < 10 ? "0" : "")\(cents)"
            guard text.utf8.count <= 16 else { return }
            let again = Self.value(Array(text.utf8)) { CellValues.amount($0, .utf8) }
            try Fuzz.require(again == fen, "\(text) reads back")
        }
    }

    @Test func `an identity number is read as CitizenID reads it`() throws {
        let seeds = [Somebody.saRula, Somebody.withX, "150102700101123", "１５０１０２１９９００１０１１２３０", " 15010219880808003x "]

        try Fuzz.run("ids", seeds.map { Array($0.utf8) }) { bytes, _ in
            let body = Self.value(bytes) { cell in IdentityNumber.reader.withFastReader { $0.read(cell, .utf8) } }
            let text = String(decoding: bytes, as: UTF8.self)
            let id = try? CitizenID(text)
            try Fuzz.require(
                id.map { Int64($0.body) } ?? -1 == max(body, -1), "\(body) as CitizenID \(String(describing: id))")
            guard let id else { return }
            let again = Self.value(Array(id.text.utf8)) { cell in
                IdentityNumber.reader.withFastReader { $0.read(cell, .utf8) }
            }
            try Fuzz.require(again == body, "\(id.text) reads back")
        }
    }

    @Test func `a changed expression is taken or refused at a place of it`() throws {
        let seeds = [
            "person.age >= 70 && household.size == 1 || !has(household.incomePerCapita)",
            "int(paid) / bills > 2500 ? paid < 1.0 : bills % 3 == -1",
            "household.category in ['dibao', \\\"x\\u82CF\\\"] && size('苏') + 1 > 0",
            "highest != null && highest * 2.5e3 - -1.0 >= param.line", "string(paid).contains('.') && 'a' + 'b' < 'c'",
            "double(bills) / 0.0 > 1.0 || (0x1F == 31 && 1u == 1u)",
        ]

        try Fuzz.run("expressions", seeds.map { Array($0.utf8) }) { bytes, _ in
            let text = String(decoding: bytes, as: UTF8.self)
            let quoted = text.unicodeScalars.map { $0 == "'" ? "''" : String($0) }.joined()
            try Self.tryRules(Self.rules(when: quoted.contains("\n") ? text : "'\(quoted)'"))
        }
    }

    @Test func `a changed rules file is taken or refused at a place of it`() throws {
        let fixture = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Fixtures/monitoring/rules.yaml")
        let seeds = [Array(Self.rules(when: "paid > 1.0").utf8), [UInt8](try Data(contentsOf: fixture))]

        try Fuzz.run("rules", seeds) { bytes, _ in try Self.tryRules(String(decoding: bytes, as: UTF8.self)) }
    }

    @Test func `the counts of a changed run add up, with one thread as with three`() throws {
        let header = "settlement_no,id_number,name,settled_on,self_paid"
        let rows = [
            "A1,\(Somebody.saRula),萨如拉,2026-01-01,12.5", "A1,\(Somebody.saRula),,2026/1/2,¥3元",
            "\"A\"\"2\",\(Somebody.saRula),他人,20260101,\"1,2\n\"", "A3,\(Somebody.stranger),,,0", ",,,,",
        ]
        let feed = "\(header)\n" + rows.joined(separator: "\n") + "\n"
        let persons = "\(MonitoringCase.personsHeader)P1,H1,\(Somebody.saRula),萨如拉,female,1990-01-01,head\n"

        try Fuzz.run("runs", [Array(feed.utf8), Array(persons.utf8)]) { bytes, random in
            var input = MonitoringCase("{ feed: medical, sum: self_paid, months: 12, latest: true }")
            if bytes.starts(with: Array("settle".utf8)) || random.below(4) > 0 {
                input.addFeed("medical.csv", bytes: bytes)
                input.addFeed("medical-2.csv", bytes: Fuzz.changed(Array(feed.utf8), &random))
            } else {
                input.personsFile = bytes
                input.addFeed("medical.csv", feed)
            }
            var results: [MonitoringResult] = []
            for threads in [1, 3] {
                input.threads = threads
                do {
                    results.append(try input.run())
                } catch is MonitoringFailure {
                    continue
                }
            }
            guard results.count == 2 else { return try Fuzz.require(results.isEmpty, "both runs end alike") }
            try Fuzz.require(results[0].bytes == results[1].bytes, "the same bytes with one thread and three")
            for file in results[0].report.files {
                let counts = file.counts
                let sum = counts.rejected + counts.unmatched + counts.conflict + counts.duplicate + counts.matched
                try Fuzz.require(counts.rows == sum, "the counts of \(file.file) add up")
            }
            let told = results[0].report.files.reduce(0) { $0 + $1.counts.rejected }
            try Fuzz.require(results[0].rejects.count == told, "every reject is told")
        }
    }

    private static func rules(when: String) -> String {
        """
        version: "f"
        parameters:
          line: { default: 760.0, "1503": 905.0 }
        facts:
          paid: { feed: medical, sum: self_paid, months: 12 }
          bills: { feed: medical, count: rows }
          highest: { feed: medical, max: self_paid, where: "person.age < 99 && hospital != 'x'" }
        indicators:
          - { id: S01, title: { zh: 一, en: One }, direction: support, scope: person, points: 20, when: \(when) }
        tiers:
          support: { red: 60, orange: 40, yellow: 15 }
          review: { red: 60, orange: 40, yellow: 20 }

        """
    }

    /// Loads a rules file; where it is taken tries it on a household, where it is refused looks at the places told.
    private static func tryRules(_ yaml: String) throws {
        let kinds = try FeedKindCatalogue.shipped()
        do throws(RuleFileError) {
            let rules = try RuleBook.load(yaml: yaml, file: "rules.yaml", kinds: kinds)
            var register = RegisterBuilder()
            register.addHousehold(
                id: "H1", division: "150302", settlement: "urban", category: "dibao", incomePerCapita: nil,
                enrolledOn: nil)
            register.addPerson(
                id: "P1", household: "H1", idNumber: nil, name: "甲", sex: "male", birthDate: nil, relation: "head")
            let run = MonitoringRun(
                rules: rules, kinds: kinds, asOf: CalendarDate(dayNumber: 20_634), threads: 1)
            guard let outcome = try? run.execute(register: register.build(), feeds: []) else { return }
            _ = outcome.report.json()
        } catch {
            // Everything that YAML 1.1 takes for a line's end.
            let ends: Set<Unicode.Scalar> = ["\n", "\r", "\u{85}", "\u{2028}", "\u{2029}"]
            let lines = yaml.unicodeScalars.count { ends.contains($0) } + 1
            let isPlaced = error.faults.allSatisfy { $0.line >= 1 && $0.line <= lines + 1 && $0.column >= 1 }
            guard !error.faults.isEmpty, isPlaced, !error.rendered(in: { $0.zh }).isEmpty else {
                Issue.record("\(error.faults.map { "\($0.line):\($0.column)" }) of \(lines) lines: \(yaml)")
                return
            }
        }
    }

    private static func value<Value>(_ bytes: [UInt8], _ body: (Cell) -> Value) -> Value {
        bytes.withUnsafeBufferPointer { bytes in
            // An empty array has no address: any will do for a cell of no bytes.
            withUnsafePointer(to: UInt8(0)) { body(Cell(start: bytes.baseAddress ?? $0, count: bytes.count)) }
        }
    }
}
