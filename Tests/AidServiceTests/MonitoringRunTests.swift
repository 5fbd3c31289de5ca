import Foundation
import SocialDomain
import Synchronization
import Tabular
import Testing

@testable import AidService

/// Outputs, exit codes, and the same result whatever the parts and threads.
@Suite struct MonitoringRunTests {
    private static let me = Somebody.saRula

    @Suite struct Outputs {
        private func outcome() throws -> MonitoringOutcome {
            var register = RegisterBuilder()
            register.addHousehold(
                id: "H1", division: "150102", settlement: "urban", category: "dibao", incomePerCapita: nil,
                enrolledOn: nil)
            var input = MonitoringCase()
            input.addIndicator("S01", when: "true")
            let kinds = try FeedKindCatalogue.shipped()
            let run = MonitoringRun(
                rules: try RuleBook.load(yaml: input.rules, file: "rules.yaml", kinds: kinds), kinds: kinds,
                asOf: try #require(CalendarDate(iso8601: "2026-06-30")), threads: 1)
            return try run.execute(register: register.build(), feeds: [])
        }

        @Test func `the four files are written into a folder that is made`() throws {
            let folder = try TestFolder()

            try outcome().write(to: folder.path("a/b"))

            let names = try FileManager.default.contentsOfDirectory(atPath: folder.path("a/b")).sorted()
            #expect(names == ["alerts.jsonl", "conflicts.csv", "rejects.csv", "report.json"])
        }

        @Test func `earlier files of the same names are replaced and others stay`() throws {
            let folder = try TestFolder()
            try folder.write([1, 2, 3], to: "alerts.jsonl")
            try folder.write([4], to: "mine.txt")

            try outcome().write(to: folder.path(""))

            #expect(try Data(contentsOf: folder.url.appending(path: "alerts.jsonl")).count > 100)
            #expect(try Data(contentsOf: folder.url.appending(path: "mine.txt")) == Data([4]))
        }

        @Test func `a run stopped while it writes leaves nothing behind`() throws {
            let folder = try TestFolder()
            let outcome = try outcome()

            #expect(throws: MonitoringFailure.stopped) {
                try outcome.write(to: folder.path("out"), isStopped: { true })
            }

            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path("out")) == [])
        }

        @Test func `a name that cannot be given leaves the earlier results as they were`() throws {
            let folder = try TestFolder()
            try folder.write([1], to: "out/alerts.jsonl")
            try folder.write([2], to: "out/report.json/in-the-way")
            let outcome = try outcome()

            #expect(throws: MonitoringFailure.self) { try outcome.write(to: folder.path("out")) }

            let names = try FileManager.default.contentsOfDirectory(atPath: folder.path("out")).sorted()
            #expect(names == ["alerts.jsonl", "report.json"])
            #expect(try Data(contentsOf: folder.url.appending(path: "out/alerts.jsonl")) == Data([1]))
        }

        @Test func `a folder below a file cannot be written`() throws {
            let folder = try TestFolder()
            try folder.write([1], to: "file")
            let outcome = try outcome()

            #expect(
                throws: MonitoringFailure.cannotWrite(path: folder.path("file/out"), detail: "Not a directory")
            ) {
                try outcome.write(to: folder.path("file/out"))
            }
        }
    }

    @Suite struct ExitCodes {
        @Test(
            arguments: [
                (.refusedRegister(file: "persons.csv", reason: .encoding, field: ""), 65), (.registerTooLarge, 65),
                (.noInput(path: "feeds", detail: ""), 66), (.cannotWrite(path: "out", detail: ""), 73),
                (.writeFailed(path: "out", detail: ""), 74), (.readFailed(.changed(path: "a.csv")), 74),
                (.readFailed(.cannotRead(path: "a.csv", code: 5)), 74), (.stopped, 130),
            ] as [(MonitoringFailure, Int32)])
        func `every failure has the page's exit code`(_ failure: MonitoringFailure, _ code: Int32) {
            #expect(failure.exitCode == code)
        }

        @Test func `a folder that is not there is no input`() {
            #expect(throws: MonitoringFailure.noInput(path: "/nowhere", detail: "No such file or directory")) {
                try FeedFile.list("/nowhere")
            }
        }

        @Test func `a run that is stopped ends as stopped`() throws {
            let input = MonitoringCase("{ feed: deaths, count: rows }", "deaths.csv", "id_number", me)

            #expect(throws: MonitoringFailure.stopped) { try input.run(isStopped: { true }) }
        }
    }

    @Suite struct Parts {
        private static let header = "settlement_no,id_number,name,settled_on,self_paid,hospital\n"
        private static let fact = "{ feed: medical, sum: self_paid }"

        /// About 3 MB of rows whose hospital holds quoted line breaks that look like rows.
        private static func text(rows: Int) -> String {
            let hospital = "\"a,b\nA9,\(me),,2026-01-01,7,x\n\"\"q\"\"\n\""
            return header + (0..<rows).map { "A\($0),\(me),,2026-01-01,1,\(hospital)\n" }.joined()
        }

        private static func run(_ bytes: [UInt8], threads: Int) throws -> MonitoringResult {
            var input = MonitoringCase(fact)
            input.threads = threads
            input.addFeed("medical.csv", bytes: bytes)
            return try input.run()
        }

        @Test(arguments: [1, 2, 3, 8])
        func `quoted line breaks over part borders are not rows, whatever the threads`(_ threads: Int) throws {
            let text = Self.text(rows: 35_000) + "B,x,,,,\n"
            #expect(text.utf8.count > 3_000_000)

            let result = try Self.run(Array(text.utf8), threads: threads)

            #expect(result.counts("medical.csv") == [35_001, 1, 0, 0, 0, 35_000])
            #expect(result.facts == "{\"f\":35000.0}")
            #expect(result.rejects == ["medical.csv,140002,bad_id,id_number"])
        }

        @Test(arguments: [1, 3])
        func `a quoted field longer than several parts is one field`(_ threads: Int) throws {
            let long = String(repeating: "B1,\(me),,2026-01-01,5,\"\"x\"\"\n", count: 40_000)
            let text = "\(Self.header)A1,\(me),,2026-01-01,1,\"\(long)\"\nA2,\(me),,2026-01-01,2,h\nA3,x,,,,\n"

            let result = try Self.run(Array(text.utf8), threads: threads)

            #expect(result.counts("medical.csv") == [3, 1, 0, 0, 0, 2])
            #expect(result.facts == "{\"f\":3.0}")
            #expect(result.rejects == ["medical.csv,40004,bad_id,id_number"])
        }

        @Test(arguments: [1, 3])
        func `a quote never closed breaks one row of a large file`(_ threads: Int) throws {
            let row = "A1,\(me),,2026-01-01,1,h\n"
            let text = Self.header + "Q,\(me),,2026-01-01,1,\"h\n" + String(repeating: row, count: 50_000)

            let result = try Self.run(Array(text.utf8), threads: threads)

            #expect(result.counts("medical.csv") == [50_001, 1, 0, 0, 49_999, 1])
            #expect(result.rejects == ["medical.csv,2,syntax,"])
        }

        @Test(arguments: [1, 3])
        func `the last byte of a large file decides on its encoding`(_ threads: Int) throws {
            let rows = (0..<60_000).map { "A\($0),\(me),,2026-01-01,1,h\n" }.joined()
            let text = Array((Self.header + rows).utf8)

            let chinese = try Self.run(text + "B,\(me),萨如拉,2026-01-01,1,日".gb18030, threads: threads)
            let neither = try Self.run(text + [0x41, 0x80], threads: threads)

            #expect(chinese.counts("medical.csv") == [60_001, 0, 0, 0, 0, 60_001])
            #expect(neither.refused == ["medical.csv encoding "])
        }

        @Test func `a line longer than several parts is one row`() throws {
            let long = String(repeating: "x", count: 2_000_000)
            let text = "\(Self.header)A1,\(me),,2026-01-01,1,\(long)\nA2,\(me),,2026-01-01,2,h\nA3,x,,,,\n"

            let result = try Self.run(Array(text.utf8), threads: 3)

            #expect(result.counts("medical.csv") == [3, 1, 0, 0, 0, 2])
            #expect(result.rejects == ["medical.csv,4,bad_id,id_number"])
        }

        @Test func `the four files are the same bytes with any number of threads`() throws {
            let rows = (0..<40_000).map { number in
                switch number % 7 {
                case 0: "A\(number),\(me),他人,2026-01-01,1,h\n"
                case 1: "A\(number),x,,2026-01-01,1,h\n"
                case 2: "A\(number % 100),\(me),,2026-01-01,1.5,\"h\n\"\"\"\n"
                case 3: "A\(number),\(Somebody.stranger),,2026-01-01,1,h\n"
                case 4: "A\(number),\(me),,2026-01-01,\"1\"x,h\n"
                case 5: "\nA\(number),\(me),,2026-01-01,1\n"
                default: "A\(number),\(Somebody.bayar),,2027-01-01,1,h\n"
                }
            }
            var input = MonitoringCase(Self.fact)
            input.persons += "P2,H1,\(Somebody.bayar),,male,,spouse\n"
            input.addFeed("medical.csv", Self.header + rows.joined())

            var results: [[[UInt8]]] = []
            for threads in [1, 2, 3, 5] {
                input.threads = threads
                results.append(try input.run().bytes)
            }

            #expect(results.allSatisfy { $0 == results[0] })
        }

        @Test func `a register in parts is the same with any number of threads`() throws {
            var input = MonitoringCase("{ count: members }")
            input.households = (0..<20_000).map { "H\($0),150102,urban,dibao,\($0 % 9 == 0 ? "x" : "1"),2024-01-01\n" }
                .joined()
            input.persons = (0..<40_000).map { "P\($0),H\($0 % 20_001),,\"Ba\nt\",male,1990-01-01,head\n" }.joined()

            var results: [[[UInt8]]] = []
            for threads in [1, 4] {
                input.threads = threads
                results.append(try input.run().bytes)
            }

            #expect(results[0] == results[1])
            #expect(results[0][0].count { $0 == 0x0A } == 20_000)
        }

        @Test func `a file that grows while it is read ends the run`() throws {
            let folder = try TestFolder()
            try folder.write(Array(Self.text(rows: 10_000).utf8), to: "medical.csv")
            let file = FeedFile(name: "medical.csv", path: folder.path("medical.csv"))
            let isChanged = Mutex(false)
            let input = MonitoringCase(Self.fact)
            let kinds = try FeedKindCatalogue.shipped()
            let run = MonitoringRun(
                rules: try RuleBook.load(yaml: input.rules, file: "rules.yaml", kinds: kinds), kinds: kinds,
                asOf: try #require(CalendarDate(iso8601: "2026-06-30")), threads: 2)

            #expect(throws: MonitoringFailure.readFailed(.changed(path: file.path))) {
                try run.execute(
                    register: RegisterBuilder().build(), feeds: [file],
                    progress: { progress in
                        isChanged.withLock { isDone in
                            guard !isDone, progress.doneBytes > 0 else { return }
                            isDone = true
                            let handle = FileHandle(forWritingAtPath: file.path)
                            _ = try? handle?.seekToEnd()
                            try? handle?.write(contentsOf: Data("x".utf8))
                        }
                    })
            }
        }
    }
}
