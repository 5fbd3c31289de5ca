import Testing

@testable import AidService

/// What becomes of a row, and what is wrong with the register.
@Suite struct MonitoringRowTests {
    private static let me = Somebody.saRula

    @Suite struct Rejected {
        private static let fact = "{ feed: medical, sum: self_paid, where: \"hospital != 'x' && total >= 0.0\" }"
        private static let header = "settlement_no,id_number,name,settled_on,total,self_paid,hospital"

        private func rejects(_ rows: String...) throws -> [String] {
            var input = MonitoringCase(Self.fact)
            input.addFeed("medical.csv", "\(Self.header)\n" + rows.joined(separator: "\n") + "\n")
            return try input.run().rejects
        }

        @Test func `a whole row is not rejected`() throws {
            #expect(try rejects("A,\(me),,2026-01-01,1,1,h") == [])
        }

        @Test func `a broken row is told without a field`() throws {
            #expect(try rejects("A,\"\(me)\"x,,2026-01-01,1,1,h") == ["medical.csv,2,syntax,"])
        }

        @Test func `a row of another width is told without a field`() throws {
            #expect(
                try rejects("A,\(me),,2026-01-01,1,1", "A,\(me),,2026-01-01,1,1,h,", ",,,")
                    == ["medical.csv,2,columns,", "medical.csv,3,columns,", "medical.csv,4,columns,"])
        }

        @Test func `commas of the right number are a row without an identity number`() throws {
            #expect(try rejects(",,,,,,") == ["medical.csv,2,missing,id_number"])
        }

        @Test func `the identity number is looked at before the other fields`() throws {
            #expect(
                try rejects(",x,,x,x,x,", ",,,x,x,x,")
                    == ["medical.csv,2,bad_id,id_number", "medical.csv,3,missing,id_number"])
        }

        @Test func `the required fields and the date are looked at in the table's order`() throws {
            #expect(
                try rejects(
                    ",\(me),,x,x,x,", "A,\(me),,x,x,x,", "A,\(me),,,x,x,", "A,\(me),,,1,x,", "A,\(me),,,1,1,",
                    "A,\(me),,,,1,h", "A,\(me),,,1,,h")
                    == [
                        "medical.csv,2,missing,settlement_no", "medical.csv,3,bad_date,settled_on",
                        "medical.csv,4,bad_amount,total", "medical.csv,5,bad_amount,self_paid",
                        "medical.csv,6,missing,hospital", "medical.csv,7,missing,total",
                        "medical.csv,8,missing,self_paid",
                    ])
        }

        @Test func `an unknown person's row is rejected for its faults too`() throws {
            #expect(try rejects("A,\(Somebody.stranger),,x,1,1,h") == ["medical.csv,2,bad_date,settled_on"])
        }

        @Test func `a level and an area have codes of their own`() throws {
            var input = MonitoringCase("{ feed: disability, min: level }", "disability.csv")
            input.facts.append("g: { feed: property, sum: area }")
            input.addFeed("disability-1.csv", "certificate_no,id_number,level\nA,\(me),5\n")
            input.addFeed("property.csv", "certificate_no,id_number,area\nA,\(me),x\nB,\(me),-0\n")

            #expect(
                try input.run().rejects == [
                    "disability-1.csv,2,bad_level,level", "property.csv,2,bad_number,area",
                    "property.csv,3,bad_number,area",
                ])
        }

        @Test func `fields that no fact needs reject nothing`() throws {
            let input = MonitoringCase(
                "{ feed: medical, count: rows }", "medical.csv", "settlement_no,id_number,total,self_paid",
                "A,\(me),x,-1")

            #expect(try input.run().counts("medical.csv") == [1, 0, 0, 0, 0, 1])
        }

        @Test func `an impossible date rejects though no fact has months`() throws {
            let input = MonitoringCase(
                "{ feed: medical, count: rows }", "medical.csv", "settlement_no,id_number,settled_on",
                "A,\(me),2026-02-30")

            #expect(try input.run().rejects == ["medical.csv,2,bad_date,settled_on"])
        }

        @Test func `a date is not parsed where no fact reads the feed`() throws {
            var input = MonitoringCase("{ feed: medical, count: rows }", "medical.csv", "settlement_no,id_number")
            input.addFeed("vehicles.csv", "plate,id_number,registered_on\nA,\(me),never\n")

            #expect(try input.run().counts("vehicles.csv") == [1, 0, 0, 0, 0, 1])
        }

        @Test func `the line is that of the row's first line, blank lines counted`() throws {
            #expect(
                try rejects("", "A,\(me),,2026-01-01,1,1,\"h\nh\"", "B,x,,,,,\"\n\"", "C,y,,,,,")
                    == ["medical.csv,5,bad_id,id_number", "medical.csv,7,bad_id,id_number"])
        }

        @Test func `rejects stand in the order of file names, then lines`() throws {
            var input = MonitoringCase("{ feed: medical, count: rows }")
            input.addFeed("vehicles.csv", "plate,id_number\nA,x\n")
            input.addFeed("deaths.csv", "id_number\nx\ny\n")
            input.addFeed("medical-1.csv", "settlement_no,id_number\nA,\n")

            #expect(
                try input.run().rejects == [
                    "deaths.csv,2,bad_id,id_number", "deaths.csv,3,bad_id,id_number",
                    "medical-1.csv,2,missing,id_number",
                    "vehicles.csv,2,bad_id,id_number",
                ])
        }

        @Test func `a file name is quoted where it has a comma`() throws {
            var input = MonitoringCase("{ feed: medical, count: rows }")
            input.addFeed("deaths, 2026 \"new\".csv", "id_number\nx\n")

            #expect(try input.run().rejects == ["\"deaths, 2026 \"\"new\"\".csv\",2,bad_id,id_number"])
        }
    }

    @Suite struct Matching {
        private func counts(_ rows: String...) throws -> [Int]? {
            var input = MonitoringCase("{ feed: medical, sum: self_paid }")
            input.addFeed(
                "medical.csv", "settlement_no,id_number,name,self_paid\n" + rows.joined(separator: "\n") + "\n")
            return try input.run().counts("medical.csv")
        }

        @Test func `nobody with the number is unmatched, whatever the name`() throws {
            #expect(try counts("A,\(Somebody.stranger),萨如拉,1") == [1, 0, 1, 0, 0, 0])
        }

        @Test func `another name is a conflict`() throws {
            #expect(try counts("A,\(me),萨如娜,1") == [1, 0, 0, 1, 0, 0])
        }

        @Test func `the later row of a key wins`() throws {
            let input = MonitoringCase(
                "{ feed: medical, sum: self_paid }", "medical.csv", "settlement_no,id_number,self_paid", "A,\(me),1",
                "B,\(me),20", "A,\(me),300")

            let result = try input.run()

            #expect(result.counts("medical.csv") == [3, 0, 0, 0, 1, 2])
            #expect(result.facts == "{\"f\":320.0}")
        }

        @Test func `the later file wins over the earlier one`() throws {
            var input = MonitoringCase(
                "{ feed: medical, sum: self_paid }", "medical-2.csv", "settlement_no,id_number,self_paid", "A,\(me),1")
            input.addFeed("medical-1.csv", "settlement_no,id_number,self_paid\nA,\(me),300\n")

            let result = try input.run()

            #expect(result.facts == "{\"f\":1.0}")
            #expect(result.counts("medical-1.csv") == [1, 0, 0, 0, 1, 0])
        }

        @Test func `rejected, unmatched and conflicting rows replace nothing`() throws {
            let input = MonitoringCase(
                "{ feed: medical, sum: self_paid }", "medical.csv", "settlement_no,id_number,name,self_paid",
                "A,\(me),,5", "A,\(me),,x", "A,\(Somebody.stranger),,6", "A,\(me),他人,7")

            let result = try input.run()

            #expect(result.facts == "{\"f\":5.0}")
            #expect(result.counts("medical.csv") == [4, 1, 1, 1, 0, 1])
        }

        @Test func `keys are text trimmed and not folded, case counting`() throws {
            #expect(
                try counts(
                    "A,\(me),,1", " A\u{3000},\(me),,1", "a,\(me),,1", "Ａ,\(me),,1", "\u{E9},\(me),,1",
                    "e\u{301},\(me),,1")
                    == [6, 0, 0, 0, 1, 5])
        }

        @Test func `a key's dates are compared as dates and its identity number normalised`() throws {
            var input = MonitoringCase("{ feed: employment, count: rows }")
            input.persons = "P1,H1,\(Somebody.withX),,male,,head\n"
            input.addFeed(
                "employment.csv",
                "id_number,changed_on\n\(Somebody.withX),2026-01-02\n15010219880808003x,2026年1月2日\n\(Somebody.withX),2026-01-03\n"
            )

            let result = try input.run()

            #expect(result.counts("employment.csv") == [3, 0, 0, 0, 1, 2])
        }

        @Test func `the parts of a key do not run into each other`() throws {
            var input = MonitoringCase("{ feed: schooling, count: rows }")
            input.addFeed("companies.csv", "credit_code,id_number\nA,\(me)\nB,\(me)\n")
            input.addFeed("schooling.csv", "id_number,school,enrolled_on\n\(me),S,2026-01-01\n\(me),S2,2026-01-01\n")

            let result = try input.run()

            #expect(result.counts("companies.csv") == [2, 0, 0, 0, 0, 2])
            #expect(result.counts("schooling.csv") == [2, 0, 0, 0, 0, 2])
        }

        @Test func `an identity number of 15 digits meets the person of 18`() throws {
            var input = MonitoringCase("{ feed: deaths, count: rows }")
            input.persons = "P1,H1,150102197001011231,,male,,head\n"
            input.addFeed("deaths.csv", "id_number\n150102700101123\n")

            #expect(try input.run().counts("deaths.csv") == [1, 0, 0, 0, 0, 1])
        }

        @Test func `a file without a name column conflicts with nobody`() throws {
            let input = MonitoringCase("{ feed: deaths, count: rows }", "deaths.csv", "id_number", me)

            #expect(try input.run().counts("deaths.csv") == [1, 0, 0, 0, 0, 1])
        }
    }

    @Suite struct Conflicts {
        @Test func `a conflict shows the row and the person`() throws {
            let input = MonitoringCase(
                "{ feed: deaths, count: rows }", "deaths.csv", "id_number,name", "15010219900101123０,\"A,\"\"B\"\"\"")

            #expect(
                try input.run().conflicts
                    == ["deaths.csv,2,deaths,name,\(me),\"A,\"\"B\"\"\",萨如拉,P1,H1"])
        }

        @Test func `the persons of a shared number are told without a registered name, sorted`() throws {
            var input = MonitoringCase("{ feed: deaths, count: rows }", "deaths.csv", "id_number,name", "\(me),萨如拉")
            input.households += "H0,150102,urban,dibao,,\n"
            input.persons += "P0,H1,\(me),萨如拉,female,,child\nP10,H0,\(me),乙,male,,head\n"

            let result = try input.run()

            #expect(result.conflicts == ["deaths.csv,2,deaths,duplicate_id,\(me),萨如拉,,P0 P1 P10,H0 H1"])
            #expect(result.counts("deaths.csv") == [1, 0, 0, 1, 0, 0])
        }
    }

    @Suite struct RegisterProblems {
        private func run(_ change: (inout MonitoringCase) -> Void) throws -> MonitoringResult {
            var input = MonitoringCase("{ count: members }")
            change(&input)
            return try input.run()
        }

        @Test func `a sound register has none`() throws {
            #expect(try run { _ in }.problems == [])
        }

        @Test func `rows of another width, broken or without their id are left out`() throws {
            let result = try run {
                $0.households += "H2,1,urban\n,150102,urban,dibao,1,2024-01-01\n\"H3\"x,,,,,\n"
                $0.persons += "P2,H1\n , H1,,,,,\n"
            }

            #expect(
                result.problems == [
                    "households.csv:3 columns ", "households.csv:4 missing ", "households.csv:5 syntax ",
                    "persons.csv:3 columns ", "persons.csv:4 missing ",
                ])
            #expect([result.report.households, result.report.persons] == [1, 1])
        }

        @Test func `an id already seen is left out`() throws {
            let result = try run {
                $0.households += "H1,150103,rural,tekun,1,2020-01-01\n"
                $0.persons += " P1 ,H1,\(Somebody.bayar),乙,male,,child\n"
            }

            #expect(result.problems == ["households.csv:3 duplicate H1", "persons.csv:3 duplicate P1"])
            #expect(result.facts == "{\"f\":1}")
        }

        @Test func `a person of an unknown household is left out`() throws {
            let result = try run { $0.persons += "P2,H9,,,,,\n" }

            #expect(result.problems == ["persons.csv:3 unknown_household P2"])
            #expect(result.report.persons == 1)
        }

        @Test func `a row that is left out is told once`() throws {
            let result = try run { $0.persons += "P1,H9,x,,,x,\n" }

            #expect(result.problems == ["persons.csv:3 duplicate P1"])
        }

        @Test func `a bad value leaves the row in with the value absent`() throws {
            let result = try run {
                $0.households = "H1,150102,urban,dibao,-5,2024-02-30\n"
                $0.persons = "P1,H1,123,萨如拉,female,1990-13-01,head\n"
            }

            #expect(
                result.problems == [
                    "households.csv:2 bad_amount H1", "households.csv:2 bad_date H1", "persons.csv:2 bad_id P1",
                    "persons.csv:2 bad_date P1",
                ])
            #expect(result.facts == "{\"f\":1}")
        }

        @Test func `an absent identity number is told, an absent income or day of enrolment is not`() throws {
            let result = try run {
                $0.households = "H1,150102,urban,dibao,, \n"
                $0.persons = "P1,H1,,萨如拉,female,,head\n"
            }

            #expect(result.problems == ["persons.csv:2 missing P1"])
        }

        @Test func `shared identity numbers come last, by first appearance, then person_id`() throws {
            let result = try run {
                $0.persons =
                    "P9,H1,\(Somebody.bayar),甲,male,,head\nP8,H1,\(Somebody.child),乙,male,,child\n"
                    + "P3,H1,\(Somebody.child),丙,male,,child\nP2,H1,\(Somebody.bayar),丁,male,,other\nP2,H1,,,,,\n"
            }

            #expect(
                result.problems == [
                    "persons.csv:6 duplicate P2", "persons.csv:0 duplicate_id P2", "persons.csv:0 duplicate_id P9",
                    "persons.csv:0 duplicate_id P3", "persons.csv:0 duplicate_id P8",
                ])
        }

        @Test func `persons who share a number stay members, without rows`() throws {
            let result = try run {
                $0.facts.append("g: { feed: deaths, count: rows }")
                $0.indicators = []
                $0.show(["f", "g"])
                $0.persons += "P2,H1,\(me),乙,male,,child\n"
                $0.addFeed("deaths.csv", "id_number\n\(me)\n")
            }

            #expect(result.facts == "{\"f\":2,\"g\":0}")
        }

        @Test func `a left-out person does not share a number`() throws {
            let result = try run { $0.persons += "P2,H9,\(me),乙,male,,child\n" }

            #expect(result.problems == ["persons.csv:3 unknown_household P2"])
        }

        @Test func `a household without members is evaluated with size 0`() throws {
            var input = MonitoringCase()
            input.households += "H2,150102,urban,dibao,1,2024-01-01\n"
            input.addIndicator("S01", when: "household.size == 0")

            #expect(
                try input.run().alerts == [
                    #"{"household":"H2","direction":"support","tier":"yellow","points":20,"signals":[{"indicator":"S01","subject":"H2","points":20,"facts":{}}]}"#
                ])
        }
    }
}
