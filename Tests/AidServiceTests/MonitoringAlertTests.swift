import Foundation
import Testing

@testable import AidService

/// Tiers, points, the bytes of alert lines, and the report.
@Suite struct MonitoringAlertTests {
    private static let me = Somebody.saRula

    @Suite struct Tiers {
        private func tier(_ points: [Int], _ tiers: String = "{ red: 60, orange: 40, yellow: 15 }") throws -> String? {
            var input = MonitoringCase()
            input.supportTiers = tiers
            for (number, one) in points.enumerated() { input.addIndicator("S0\(number)", points: one, when: "true") }
            let line = try input.run().alerts.first
            return line.map { $0.split(separator: ",")[2...3].joined(separator: ",") }
        }

        @Test func `the highest tier whose threshold is reached is the alert's`() throws {
            #expect(try tier([15]) == #""tier":"yellow","points":15"#)
            #expect(try tier([39]) == #""tier":"yellow","points":39"#)
            #expect(try tier([40]) == #""tier":"orange","points":40"#)
            #expect(try tier([30, 29]) == #""tier":"orange","points":59"#)
            #expect(try tier([30, 30]) == #""tier":"red","points":60"#)
        }

        @Test func `below the lowest threshold there is no alert`() throws {
            #expect(try tier([14]) == nil)
        }

        @Test func `points are at most 100`() throws {
            #expect(try tier([60, 60]) == #""tier":"red","points":100"#)
            #expect(try tier([1_000_000]) == #""tier":"red","points":100"#)
        }

        @Test func `the cap comes before the tiers`() throws {
            #expect(try tier([60, 60], "{ red: 101, orange: 100, yellow: 1 }") == #""tier":"orange","points":100"#)
        }

        @Test func `each person makes a signal of its own`() throws {
            var input = MonitoringCase()
            input.persons += "P2,H1,,,male,,child\nP10,H1,,,male,,child\n"
            input.addIndicator("S01", scope: "person", points: 10, when: "true")

            #expect(
                try input.run().alerts == [
                    #"{"household":"H1","direction":"support","tier":"yellow","points":30,"signals":["#
                        + #"{"indicator":"S01","subject":"P1","points":10,"facts":{}},"#
                        + #"{"indicator":"S01","subject":"P10","points":10,"facts":{}},"#
                        + #"{"indicator":"S01","subject":"P2","points":10,"facts":{}}]}"#
                ])
        }

        @Test func `the directions do not add up`() throws {
            var input = MonitoringCase()
            input.addIndicator("S01", points: 15, when: "true")
            input.addIndicator("R01", direction: "review", points: 60, when: "true")

            #expect(
                try input.run().alerts == [
                    #"{"household":"H1","direction":"review","tier":"red","points":60,"signals":[{"indicator":"R01","subject":"H1","points":60,"facts":{}}]}"#,
                    #"{"household":"H1","direction":"support","tier":"yellow","points":15,"signals":[{"indicator":"S01","subject":"H1","points":15,"facts":{}}]}"#,
                ])
        }
    }

    @Suite struct Lines {
        @Test func `alerts are sorted by household, bytewise`() throws {
            var input = MonitoringCase()
            input.households = ["H2", "é", "h1", "H10", "H1", "HouseholdOne2", "HouseholdOne10"]
                .map { "\($0),1,urban,dibao,,\n" }.joined()
            input.addIndicator("S01", when: "true")

            let households = try input.run().alerts.map { $0.split(separator: "\"")[3] }

            #expect(households == ["H1", "H10", "H2", "HouseholdOne10", "HouseholdOne2", "h1", "é"])
        }

        @Test func `signals are sorted by indicator, then subject`() throws {
            var input = MonitoringCase()
            input.persons += "P0,H1,,,male,,child\n"
            for id in ["S2", "S10", "a"] { input.addIndicator(id, points: 20, when: "true") }
            input.addIndicator("S15", scope: "person", points: 1, when: "true")

            let line = try #require(try input.run().alerts.first)

            let order = line.split(separator: "{").dropFirst().compactMap { part -> String? in
                let words = part.split(separator: "\"")
                return words.first == "indicator" ? "\(words[2]) \(words[6])" : nil
            }
            #expect(order == ["S10 H1", "S15 P0", "S15 P1", "S2 H1", "a H1"])
        }

        @Test func `only quotes, backslashes and control characters are escaped`() throws {
            var input = MonitoringCase()
            input.households = "\"H\"\"\\/\u{1}\t\n\u{1F}\u{7F}é\u{2028}<&苏😀\",1,urban,dibao,,\n"
            input.addIndicator("S01", when: "true")

            let line = try #require(try input.run().alerts.first)

            #expect(
                line.hasPrefix(
                    #"{"household":"H\"\\/\u0001\t\n\u001f"# + "\u{7F}é\u{2028}<&苏😀" + #"","direction":"support""#))
        }

        @Test(
            arguments: [
                (["42000.5"], "42000.5"), (["42000"], "42000.0"), (["0.07"], "0.07"), (["0.10", "0.20"], "0.3"),
                (["0"], "0.0"), (["9999999999999.99"], "9999999999999.99"),
                (["9999999999999.99", "9999999999999.99"], "19999999999999.98"),
                (Array(repeating: "9999999999999.99", count: 1001), "10009999999999990.0"),
            ] as [([String], String)])
        func `a double prints as the shortest decimal without an exponent`(_ amounts: [String], _ text: String) throws {
            var input = MonitoringCase("{ feed: medical, sum: self_paid }")
            let rows = amounts.enumerated().map { "A\($0.offset),\(me),\($0.element)\n" }.joined()
            input.addFeed("medical.csv", "settlement_no,id_number,self_paid\n\(rows)")

            #expect(try input.run().facts == "{\"f\":\(text)}")
        }

        @Test func `facts are sorted by name, by code points`() throws {
            var input = MonitoringCase()
            input.facts = ["b", "B", "a", "_c", "a1"].map { "\($0): { count: members }" }
            input.show(["b", "B", "a", "_c", "a1"])

            #expect(try input.run().facts == #"{"B":1,"_c":1,"a":1,"a1":1,"b":1}"#)
        }

        @Test func `facts are shown whether or not the evaluation reached them`() throws {
            var input = MonitoringCase()
            input.facts = ["f: { count: members }", "g: { feed: medical, max: self_paid }", "h: { count: members }"]
            input.addIndicator("S01", when: "f > 0 || g > 1.0")

            #expect(try input.run().facts == #"{"f":1,"g":null}"#)
        }

        @Test func `each line ends with one LF`() throws {
            var input = MonitoringCase()
            input.households += "H2,1,urban,dibao,,\n"
            input.addIndicator("S01", when: "true")

            let bytes = try input.run().bytes[0]

            #expect(bytes.count { $0 == 0x0A } == 2)
            #expect(bytes.last == 0x0A)
        }

        @Test func `no alerts are an empty file`() throws {
            var input = MonitoringCase()
            input.addIndicator("S01", when: "false")

            #expect(try input.run().bytes[0] == [])
        }

        @Test func `without rejects and conflicts their files hold the header alone`() throws {
            var input = MonitoringCase()
            input.addIndicator("S01", when: "false")

            let bytes = try input.run().bytes

            #expect(bytes[1] == Array("file,line,reason,field\n".utf8))
            #expect(
                bytes[2]
                    == Array(
                        "file,line,feed,reason,id_number,name,registered_name,person_id,household_id\n".utf8))
        }
    }

    @Suite struct Report {
        @Test func `the report tells of every file, problem, alert and failure`() throws {
            var input = MonitoringCase("{ feed: medical, sum: self_paid, months: 12 }")
            input.households += "H2,1,urban,dibao,x,\n"
            input.addIndicator("R01", direction: "review", points: 50, when: "household.incomePerCapita > 1.0")
            let header = "settlement_no,id_number,name,settled_on,self_paid\n"
            input.addFeed("medical-1.csv", "\(header)A,\(me),,2026-01-01,1\nB,\(me),,x,1\nC,\(me),乙,,1\n")
            input.addFeed("medical-2.csv", "\(header)A,\(me),,2026-01-01,1\nD,\(Somebody.stranger),,,1\n")
            input.addFeed("deaths.csv", "name\n")
            input.addFeed("notes.txt", "")

            let report = try input.run().reportJSON

            let expected = """
                {"rules": "t", "asOf": "2026-06-30",
                "files": [
                {"file": "medical-1.csv", "feed": "medical", "rows": 3, "rejected": 1, "unmatched": 0, "conflict": 1,
                "duplicate": 1, "matched": 0},
                {"file": "medical-2.csv", "feed": "medical", "rows": 2, "rejected": 0, "unmatched": 1, "conflict": 0,
                "duplicate": 0, "matched": 1}],
                "feeds": {"medical": {"rows": 5, "rejected": 1, "unmatched": 1, "conflict": 1, "duplicate": 1,
                "matched": 1}},
                "refused": [{"file": "deaths.csv", "reason": "missing_column", "field": "id_number"}],
                "ignored": ["notes.txt"], "registry": {"households": 2, "persons": 1},
                "registry_problems": [
                {"file": "households.csv", "line": 3, "reason": "bad_amount", "subject": "H2"}],
                "alerts": {"review": {"orange": 1}, "support": {"yellow": 2}},
                "failures": [{"indicator": "R01", "count": 1, "subjects": ["H2"]}]}
                """
            #expect(report == (try MonitoringResult.withoutMeasures(Data(expected.utf8))))
        }

        @Test func `the report's measures are its phases and the peak of memory`() throws {
            var input = MonitoringCase()
            input.addIndicator("S01", when: "true")

            let json = try JSONSerialization.jsonObject(with: Data(try input.run().report.json()))

            let report = try #require(json as? [String: Any])
            #expect(try #require(report["peakBytes"] as? Int) > 1_000_000)
            #expect(try #require(report["seconds"] as? [String: Double]).keys.contains("alerts"))
        }

        @Test func `no files at all are a report of nothing`() throws {
            var input = MonitoringCase()
            input.addIndicator("S01", when: "true")

            let result = try input.run()

            #expect(result.report.files.isEmpty && result.report.feeds.isEmpty && result.report.ignored.isEmpty)
            #expect(result.alerts.count == 1)
        }
    }
}
