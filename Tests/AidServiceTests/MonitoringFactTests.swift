import Testing

@testable import AidService

/// Facts by the words of the page: functions, windows, the latest row, conditions that fail.
@Suite struct MonitoringFactTests {
    private static let me = Somebody.saRula
    private static let header = "settlement_no,id_number,settled_on,self_paid"

    private static func rows(_ rows: [String]) -> String {
        "\(header)\n" + rows.enumerated().map { "A\($0.offset),\(me),\($0.element)\n" }.joined()
    }

    private static func fact(_ fact: String, _ dated: String...) throws -> String? {
        var input = MonitoringCase(fact)
        input.addFeed("medical.csv", rows(dated))
        return try input.run().facts
    }

    @Suite struct Functions {
        @Test func `sum adds whole fen`() throws {
            #expect(
                try fact("{ feed: medical, sum: self_paid }", "2026-01-01,0.10", "2026-01-01,0.20", "2026-01-01,0.07")
                    == "{\"f\":0.37}")
        }

        @Test func `max and min take the greatest and the least`() throws {
            let rows = ["2026-01-01,3.5", "2026-01-01,0", "2026-01-01,12"]
            #expect(try fact("{ feed: medical, max: self_paid }", rows[0], rows[1], rows[2]) == "{\"f\":12.0}")
            #expect(try fact("{ feed: medical, min: self_paid }", rows[0], rows[1], rows[2]) == "{\"f\":0.0}")
        }

        @Test func `over no rows count and sum are 0, max and min absent`() throws {
            var input = MonitoringCase()
            input.facts = [
                "a: { feed: medical, count: rows }", "b: { feed: medical, sum: self_paid }",
                "c: { feed: medical, max: self_paid }", "d: { feed: disability, min: level }",
                "e: { feed: medical, count: persons }",
            ]
            input.show(["a", "b", "c", "d", "e"])

            #expect(try input.run().facts == "{\"a\":0,\"b\":0.0,\"c\":null,\"d\":null,\"e\":0}")
        }

        @Test func `an int field's max, min and sum are ints`() throws {
            var input = MonitoringCase()
            input.facts = [
                "a: { feed: disability, max: level }", "b: { feed: disability, min: level }",
                "c: { feed: disability, sum: level }",
            ]
            input.show(["a", "b", "c"])
            input.addFeed("disability.csv", "certificate_no,id_number,level\nA,\(me),二级\nB,\(me),4\n")

            #expect(try input.run().facts == "{\"a\":4,\"b\":2,\"c\":6}")
        }

        @Test func `count persons counts each person with such a row once`() throws {
            var input = MonitoringCase("{ feed: medical, count: persons }")
            input.persons += "P2,H1,\(Somebody.bayar),,male,,spouse\nP3,H1,\(Somebody.child),,male,,child\n"
            input.addFeed(
                "medical.csv",
                "settlement_no,id_number\nA,\(me)\nB,\(me)\nC,\(Somebody.bayar)\nD,\(Somebody.stranger)\n")

            #expect(try input.run().facts == "{\"f\":2}")
        }

        @Test func `count members counts the members for whom the condition holds`() throws {
            var input = MonitoringCase("{ count: members, where: \"person.age < 16\" }")
            input.persons += "P2,H1,\(Somebody.child),,male,2015-03-10,child\nP3,H1,,,male,2012-01-01,child\n"

            #expect(try input.run().facts == "{\"f\":2}")
        }

        @Test func `count members is 0 or 1 for a person`() throws {
            var input = MonitoringCase()
            input.facts = ["f: { count: members, where: \"person.age < 16\" }"]
            input.persons += "P2,H1,\(Somebody.child),,male,2015-03-10,child\n"
            input.addIndicator("S01", scope: "person", points: 10, when: "f >= 0")

            #expect(
                try input.run().alerts == [
                    #"{"household":"H1","direction":"support","tier":"yellow","points":20,"signals":[{"indicator":"S01","subject":"P1","points":10,"facts":{"f":0}},{"indicator":"S01","subject":"P2","points":10,"facts":{"f":1}}]}"#
                ])
        }

        @Test func `the indicator's scope decides whose rows a fact takes`() throws {
            var input = MonitoringCase()
            input.facts = ["f: { feed: medical, sum: self_paid }"]
            input.persons += "P2,H1,\(Somebody.bayar),,male,,spouse\n"
            input.addFeed("medical.csv", "settlement_no,id_number,self_paid\nA,\(me),1\nB,\(Somebody.bayar),20\n")
            input.addIndicator("S01", when: "f > 0.0")
            input.addIndicator("S02", scope: "person", points: 1, when: "f > 0.0")

            let line = try #require(try input.run().alerts.first)

            #expect(line.contains(#""subject":"H1","points":20,"facts":{"f":21.0}"#))
            #expect(line.contains(#""subject":"P1","points":1,"facts":{"f":1.0}"#))
            #expect(line.contains(#""subject":"P2","points":1,"facts":{"f":20.0}"#))
        }

        @Test func `areas are added in hundredths`() throws {
            let input = MonitoringCase(
                "{ feed: property, sum: area }", "property.csv", "certificate_no,id_number,area", "A,\(me),88.55",
                "B,\(me),0.1")

            #expect(try input.run().facts == "{\"f\":88.65}")
        }
    }

    @Suite struct Windows {
        @Test func `months keeps what lies after the day N months ago, up to the day itself`() throws {
            #expect(
                try fact(
                    "{ feed: medical, sum: self_paid, months: 12 }", "2025-06-30,1", "2025-07-01,20", "2026-06-30,300",
                    "2026-07-01,4000", ",50000")
                    == "{\"f\":320.0}")
        }

        @Test func `subtracting months clips to the month's last day`() throws {
            var input = MonitoringCase("{ feed: medical, sum: self_paid, months: 1 }")
            input.asOf = "2026-03-31"
            input.addFeed("medical.csv", rows(["2026-02-28,1", "2026-03-01,20"]))

            #expect(try input.run().facts == "{\"f\":20.0}")
        }

        @Test func `subtracting months clips to 29 February in a leap year`() throws {
            var input = MonitoringCase("{ feed: medical, sum: self_paid, months: 4 }")
            input.asOf = "2024-06-30"
            input.addFeed("medical.csv", rows(["2024-02-29,1", "2024-03-01,20"]))

            #expect(try input.run().facts == "{\"f\":20.0}")
        }

        @Test func `without months every day up to the day is kept`() throws {
            #expect(
                try fact(
                    "{ feed: medical, sum: self_paid }", "0001-01-01,1", "2026-06-30,20", "2026-07-01,300", ",4000")
                    == "{\"f\":21.0}")
        }

        @Test func `more months than the calendar has keep everything`() throws {
            #expect(try fact("{ feed: medical, sum: self_paid, months: 1200 }", "1930-01-01,1") == "{\"f\":1.0}")
        }

        @Test func `a file without the date column keeps its rows whatever the day`() throws {
            let input = MonitoringCase(
                "{ feed: medical, sum: self_paid }", "medical.csv", "settlement_no,id_number,self_paid", "A,\(me),1")

            #expect(try input.run().facts == "{\"f\":1.0}")
        }
    }

    @Suite struct Latest {
        private static let fact = "{ feed: employment, sum: monthly_wage, latest: true, where: \"status == '在业'\" }"
        private static let header = "id_number,changed_on,status,monthly_wage"

        private func value(_ fact: String = Self.fact, _ rows: String...) throws -> String? {
            var input = MonitoringCase(fact)
            input.addFeed("employment.csv", "\(Self.header)\n" + rows.map { "\(me),\($0)\n" }.joined())
            return try input.run().facts
        }

        @Test func `only the row with the greatest date is looked at`() throws {
            #expect(
                try value(Self.fact, "2026-05-01,在业,3", "2026-01-01,在业,1", "2026-04-01,在业,2") == "{\"f\":3.0}")
        }

        @Test func `the condition applies to the latest row, not before`() throws {
            #expect(try value(Self.fact, "2026-01-01,在业,1", "2026-05-01,失业,2") == "{\"f\":0.0}")
        }

        @Test func `months apply to the latest row, not before`() throws {
            #expect(
                try value(
                    "{ feed: employment, sum: monthly_wage, latest: true, months: 6 }", "2025-05-01,在业,1",
                    "2025-12-30,在业,2") == "{\"f\":0.0}")
        }

        @Test func `rows after the day are not looked at`() throws {
            #expect(try value(Self.fact, "2026-06-30,在业,1", "2026-07-01,失业,2") == "{\"f\":1.0}")
        }

        @Test func `of equal dates the later row counts`() throws {
            var input = MonitoringCase("{ feed: medical, sum: self_paid, latest: true }")
            input.addFeed(
                "medical-1.csv",
                "settlement_no,id_number,settled_on,self_paid\nA,\(me),2026-01-01,1\nB,\(me),2026-01-01,2\n")
            input.addFeed("medical-0.csv", "settlement_no,id_number,settled_on,self_paid\nC,\(me),2026-01-01,4\n")

            #expect(try input.run().facts == "{\"f\":2.0}")
        }

        @Test func `each person has a latest row`() throws {
            var input = MonitoringCase(Self.fact)
            input.persons += "P2,H1,\(Somebody.bayar),,male,,spouse\n"
            input.addFeed(
                "employment.csv", "\(Self.header)\n\(me),2026-01-01,在业,1\n\(Somebody.bayar),2026-02-01,在业,20\n")

            #expect(try input.run().facts == "{\"f\":21.0}")
        }

        @Test func `a duplicate is not the latest row`() throws {
            var input = MonitoringCase("{ feed: medical, sum: self_paid, latest: true }")
            input.addFeed(
                "medical.csv",
                "settlement_no,id_number,settled_on,self_paid\nA,\(me),2026-03-01,1\nB,\(me),2026-02-01,20\nA,\(me),2026-01-01,300\n"
            )

            #expect(try input.run().facts == "{\"f\":20.0}")
        }
    }

    @Suite struct Conditions {
        private func count(_ condition: String, _ file: String, _ rows: String...) throws -> String? {
            var input = MonitoringCase("{ feed: \(file), count: rows, where: \"\(condition)\" }")
            input.addFeed("\(file).csv", rows.joined(separator: "\n") + "\n")
            return try input.run().facts
        }

        @Test func `money is a double of yuan`() throws {
            #expect(
                try count(
                    "total == 0.1 || total > 12.34", "medical", "settlement_no,id_number,total", "A,\(me),0.10",
                    "B,\(me),12.34", "C,\(me),12.35") == "{\"f\":2}")
        }

        @Test func `a level is an int`() throws {
            #expect(
                try count(
                    "level % 2 == 0", "disability", "certificate_no,id_number,level", "A,\(me),一级", "B,\(me),二级",
                    "C,\(me),4") == "{\"f\":2}")
        }

        @Test func `a date is a string however it is written`() throws {
            #expect(
                try count(
                    "settled_on == '2026-01-02'", "medical", "settlement_no,id_number,settled_on",
                    "A,\(me),2026年1月2日", "B,\(me),20260102", "C,\(me),2026-01-03") == "{\"f\":2}")
        }

        @Test func `text is trimmed and not folded`() throws {
            #expect(
                try count(
                    "hospital == 'A'", "medical", "settlement_no,id_number,hospital", "A,\(me), A\u{3000}",
                    "B,\(me),Ａ", "C,\(me),a") == "{\"f\":1}")
        }

        @Test func `text of a GB18030 file is text`() throws {
            var input = MonitoringCase("{ feed: medical, count: rows, where: \"hospital == '苏日'\" }")
            input.addFeed("medical.csv", bytes: "settlement_no,id_number,hospital\nA,\(me),　苏日\n".gb18030)

            #expect(try input.run().facts == "{\"f\":1}")
        }

        @Test func `the person of the row is in scope`() throws {
            #expect(
                try count(
                    "person.age == 36 && person.sex == 'female' && person.relation == 'head'", "medical",
                    "settlement_no,id_number", "A,\(me)") == "{\"f\":1}")
        }

        @Test func `any text is taken for a status`() throws {
            #expect(
                try count(
                    "status == '休眠'", "employment", "id_number,changed_on,status", "\(me),2026-01-01,休眠")
                    == "{\"f\":1}")
        }
    }

    @Suite struct Failures {
        @Test func `a condition that fails leaves the row out and is counted once a row`() throws {
            var input = MonitoringCase("{ feed: disability, count: rows, where: \"8 / (level - 2) > 0\" }")
            input.addFeed(
                "disability.csv",
                "certificate_no,id_number,level\nA,\(me),2\nB,\(me),3\nC,\(me),2\nD,\(Somebody.stranger),2\n")

            let result = try input.run()

            #expect(result.facts == "{\"f\":1}")
            #expect(result.failures == ["fact f 2 P1 P1"])
        }

        @Test func `a duplicate's condition is not counted`() throws {
            var input = MonitoringCase("{ feed: disability, count: rows, where: \"8 / (level - 2) > 0\" }")
            input.addFeed("disability.csv", "certificate_no,id_number,level\nA,\(me),2\nA,\(me),3\n")

            #expect(try input.run().failures == [])
        }

        @Test func `a fact that no indicator names is evaluated over the rows kept by date`() throws {
            var input = MonitoringCase("{ count: members }")
            input.facts.append("g: { feed: disability, count: rows, where: \"8 / (level - 2) > 0\" }")
            input.addFeed(
                "disability.csv",
                "certificate_no,id_number,level,issued_on\nA,\(me),2,2026-01-01\nB,\(me),2,2026-07-01\nC,\(me),2,\n")

            #expect(try input.run().failures == ["fact g 1 P1"])
        }

        @Test func `a condition over an absent age fails`() throws {
            var input = MonitoringCase("{ count: members, where: \"person.age < 16\" }")
            input.persons = "P1,H1,,萨如拉,female,,head\n"

            let result = try input.run()

            #expect(result.facts == "{\"f\":0}")
            #expect(result.failures == ["fact f 1 P1"])
        }

        @Test func `an indicator that fails makes no signal and is counted`() throws {
            var input = MonitoringCase()
            input.facts = ["f: { feed: medical, max: self_paid }"]
            input.households = "H2,1,urban,dibao,,\nH1,1,urban,dibao,1,\n"
            input.addIndicator("S02", when: "f > 1.0")
            input.addIndicator("S01", when: "household.incomePerCapita >= 0.0")

            let result = try input.run()

            #expect(result.failures == ["indicator S01 1 H2", "indicator S02 2 H1 H2"])
            #expect(result.alerts.count == 1)
        }

        @Test func `facts come in the file's order, then indicators by id`() throws {
            var input = MonitoringCase()
            input.facts = [
                "z: { count: members, where: \"1 / (person.age - 36) > 0\" }",
                "a: { count: members, where: \"1 / (person.age - 36) > 1\" }",
            ]
            input.addIndicator("T", when: "1 / (household.size - 1) > 0")
            input.addIndicator("B", scope: "person", when: "1 / (household.size - 1) > 0")

            #expect(
                try input.run().failures == ["fact z 1 P1", "fact a 1 P1", "indicator B 1 P1", "indicator T 1 H1"])
        }

        @Test func `only the first hundred subjects are told, in the order of households`() throws {
            var input = MonitoringCase()
            let numbers = (100..<250).map { "H\($0)" }
            input.households = numbers.reversed().map { "\($0),1,urban,dibao,,\n" }.joined()
            input.persons = ""
            input.addIndicator("S01", when: "household.incomePerCapita > 0.0")

            let failure = try #require(try input.run().report.failures.first)

            #expect(failure.count == 150)
            #expect(failure.subjects == Array(numbers.prefix(100)))
        }
    }

    @Suite struct Subjects {
        private func holds(
            _ when: String, scope: String = "household", _ change: (inout MonitoringCase) -> Void = { _ in }
        )
            throws -> Bool
        {
            var input = MonitoringCase()
            change(&input)
            input.addIndicator("S01", scope: scope, when: when)
            let result = try input.run()
            #expect(result.failures == [])
            return !result.alerts.isEmpty
        }

        @Test func `a household's fields are in scope`() throws {
            #expect(
                try holds(
                    "household.category == 'dibao' && household.settlement == 'urban' && household.division == '150102'"
                        + " && household.size == 1 && household.incomePerCapita == 500.0 && household.monthsEnrolled == 29"
                ))
        }

        @Test(arguments: [
            ("2026-06-01", 0), ("2026-05-31", 1), ("2026-05-30", 1), ("2025-06-30", 12), ("2025-07-01", 11), ("", 0),
            ("2027-01-01", 0),
        ])
        func `monthsEnrolled counts whole months`(_ day: String, _ months: Int) throws {
            #expect(
                try holds("household.monthsEnrolled == \(months)") { $0.households = "H1,150102,urban,dibao,,\(day)\n" }
            )
        }

        @Test func `a month is reached on its clipped last day`() throws {
            #expect(
                try holds("household.monthsEnrolled == 1") {
                    $0.asOf = "2026-02-28"
                    $0.households = "H1,150102,urban,dibao,,2026-01-31\n"
                })
        }

        @Test(arguments: [("2010-06-30", 16), ("2010-07-01", 15), ("2026-06-30", 0), ("2027-01-01", 0)])
        func `an age is counted in full years and never below 0`(_ birth: String, _ age: Int) throws {
            #expect(
                try holds("person.age == \(age)", scope: "person") { $0.persons = "P1,H1,,,male,\(birth),head\n" })
        }

        @Test(arguments: [("2025-02-28", 20), ("2025-03-01", 21), ("2024-02-28", 19), ("2024-02-29", 20)])
        func `a birthday on 29 February is reached on 1 March in a common year`(_ day: String, _ age: Int) throws {
            #expect(
                try holds("person.age == \(age)", scope: "person") {
                    $0.asOf = day
                    $0.persons = "P1,H1,,,male,2004-02-29,head\n"
                })
        }

        @Test func `an age comes from the identity number where there is no birth date`() throws {
            #expect(
                try holds("person.age == 41", scope: "person") { $0.persons = "P1,H1,\(Somebody.bayar),,male,,head\n" })
        }

        @Test func `the birth date comes before the identity number`() throws {
            #expect(
                try holds("person.age == 6", scope: "person") {
                    $0.persons = "P1,H1,\(Somebody.bayar),,male,2020-01-01,head\n"
                })
        }

        @Test(arguments: [
            ("150302", 3.0), ("150399001", 2.0), ("1503", 2.0), ("150402", 1.0), ("", 1.0), ("15030", 2.0),
        ])
        func `a parameter's longest matching prefix wins`(_ division: String, _ value: Double) throws {
            #expect(
                try holds("param.p == \(value)") {
                    $0.parameters = [#"p: { default: 1.0, "1503": 2.0, "150302": 3.0 }"#]
                    $0.households = "H1,\(division),urban,dibao,,\n"
                })
        }

        @Test func `has tells whether a value of the register is present`() throws {
            #expect(
                try holds("!has(household.incomePerCapita) && household.incomePerCapita == null") {
                    $0.households = "H1,150102,urban,dibao,x,\n"
                })
        }
    }
}
