import Security
import ServiceKit
import SocialDomain
import Storage
import TestDatabases
import Testing

@testable import TrainingService

/// Claims that meet at one moment, and long random lives of many claims.
@Suite struct SubsidyRandomTests {
    /// SplitMix64: the same seed gives the same life.
    struct Generator: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }
    }

    @Test(arguments: TestServer.engines)
    func `of two schools that claim the same trade for one person at one moment one is paid`(
        _ engine: Engine
    ) async throws {
        // Budgets of two counties, so that nothing but the person is shared.
        let sample = try await SubsidySample(engine)
        try await sample.prepare { db in
            for id in [Int64(1), 2] {
                try SubsidySample.addClass(id, school: id, db)
                try SubsidySample.addLearner(1, to: id, db)
            }
        }
        var digests: [Int64: String] = [:]
        for id in [Int64(1), 2] {
            digests[id] = try await sample.claims { desk in
                _ = try desk.draft(of: id, id: "C\(id)")
                return try desk.sheet(of: id, claim: "C\(id)").sheet.digest
            }
        }

        let shown = digests
        let refusals = await withTaskGroup(of: (any Error)?.self) { group in
            for id in [Int64(1), 2] {
                group.addTask {
                    do {
                        try await sample.claims { try $0.submit("C\(id)", version: 1, digest: shown[id] ?? "") }
                        return nil
                    } catch { return error }
                }
            }
            return await group.reduce(into: [(any Error)?]()) { $0.append($1) }
        }

        #expect(refusals.count { $0 == nil } == 1)
        #expect(refusals.compactMap(\.self).map { $0 as? ClaimRefusal } == [.sheetChanged])
        let sum = try await sample.committed("150402") ?? 0
        let other = try await sample.committed("150403") ?? 0
        #expect(sum + other == 1000_00)
        #expect(try await sample.faults() == [])
    }

    @Test(arguments: TestServer.engines) func `ten claims at once take the budget to the last fen and no further`(
        _ engine: Engine
    ) async throws {
        // Four people's worth, one fen short of five.
        let sample = try await SubsidySample(engine, budget: 4999_99)
        try await sample.prepare { db in
            for id in Int64(1)...10 {
                try SubsidySample.addClass(id, db)
                try SubsidySample.addLearner(id, to: id, db)
            }
        }

        await withTaskGroup(of: Void.self) { group in
            for id in Int64(1)...10 { group.addTask { try? await sample.submit(id) } }
        }

        #expect(try await sample.committed() == 4000_00)
        #expect(try await sample.faults() == [])
    }

    @Test(arguments: TestServer.engines) func `the budget is that of the year in Beijing`(_ engine: Engine) async throws
    {
        let sample = try await SubsidySample(engine)
        try await sample.prepare { db in
            for id in Int64(1)...2 {
                try SubsidySample.addClass(id, db)
                try SubsidySample.addLearner(id, to: id, db)
            }
        }

        try await sample.submit(1, at: "2025-12-31T15:59:59Z")
        try await sample.submit(2, at: "2025-12-31T16:00:00Z")

        let years = try await sample.claims { try [$0.find("C1").budgetYear, $0.find("C2").budgetYear] }
        #expect(years == [2025, 2026])
        #expect(try await sample.faults() == [])
    }

    @Test(arguments: TestServer.engines) func `a refused claim frees its budget, its people and its class`(
        _ engine: Engine
    ) async throws {
        let sample = try await SubsidySample(engine)
        try await sample.prepare { db in
            try SubsidySample.addClass(1, db)
            try SubsidySample.addLearner(1, to: 1, db)
            try SubsidySample.addLearner(2, to: 1, isCertified: false, db)
        }
        try await sample.submit(1)
        try await sample.review("C1", .return)
        #expect(try await sample.committed() == 0)
        // Certified meanwhile: handed in again it says what changed.
        try await sample.prepare { db in try SubsidySample.certify(2, in: 1, db) }
        try await sample.submit(1)
        let changes = try await sample.claims { try $0.find("C1").changes }
        #expect(changes.map(\.enrollment) == [102])
        #expect(changes.map(\.beforeRule) == [.noCertificate])
        #expect(try await sample.committed() == 2000_00)

        try await sample.review("C1", .refuse)
        let next = try await sample.claims { try $0.draft(of: 1, id: "C9") }

        #expect(try await sample.committed() == 0)
        #expect(next == "C9")
        #expect(try await sample.faults() == [])
    }

    @Test(arguments: TestServer.engines) func `whoever is certified after the approval is claimed for in another claim`(
        _ engine: Engine
    ) async throws {
        let sample = try await SubsidySample(engine)
        try await sample.prepare { db in
            try SubsidySample.addClass(1, db)
            try SubsidySample.addLearner(1, to: 1, db)
            try SubsidySample.addLearner(2, to: 1, isCertified: false, db)
        }
        try await sample.submit(1)
        try await sample.review("C1", .notice)
        try await sample.claims(by: SubsidySample.reviewer, at: "2026-06-18T02:00:00Z") { desk in
            try desk.approve("C1", version: desk.find("C1").version)
        }
        try await sample.prepare { db in try SubsidySample.certify(2, in: 1, db) }

        let people = try await sample.claims { desk in
            _ = try desk.draft(of: 1, id: "C2")
            return try ClaimStore.lines(of: "C2", in: desk.db).map(\.learner)
        }

        #expect(people == [2])
        await #expect(throws: DatabaseFault.self) {
            try await sample.prepare { db in
                try db.execute("UPDATE subsidy_line SET is_counted = 0 WHERE claim_id = 'C1'")
            }
        }
    }

    @Test(arguments: TestServer.engines) func `the ledger is whole after every step of a random life`(
        _ engine: Engine
    ) async throws {
        let trades = ["4-10-01-06", "4-10-01-05", "4-10-01-03", "4-10-01-04", "4-10-01-01"]
        let sample = try await SubsidySample(engine, budget: 6000_00)
        try await sample.prepare { db in
            for id in Int64(1)...8 {
                let trade = trades[Int(id) % trades.count]
                try SubsidySample.addClass(id, school: 1 + id % 2, trade: trade, price: id * 111_11, db)
                for learner in Int64(1)...4 {
                    try SubsidySample.addLearner(
                        learner, to: id, sessions: (learner + id) % 5 == 0 ? [1] : [0, 1],
                        lowIncome: learner == 2 ? "yes" : "no", trade: trade, db)
                }
            }
        }
        var life = Life(sample: sample, generator: Generator(state: 20_260_630))
        for step in 0..<250 {
            let name = try await life.step()
            let faults = try await sample.faults()
            try #require(faults == [], "step \(step), \(name)")
        }

        let (most, twice) = try await sample.database.read { db in
            (
                try db.rows(
                    """
                    SELECT count(*) AS n FROM subsidy_line WHERE is_counted = 1 AND kind = 'training'
                    GROUP BY learner_id, year HAVING count(*) > 3
                    """
                ).count,
                try db.rows(
                    "SELECT due_id FROM payment WHERE state = 'paid' GROUP BY due_id HAVING count(*) > 1"
                ).count
            )
        }
        #expect((most, twice) == (0, 0))
        #expect(life.done["settle", default: 0] > 2)
        #expect(life.done["approve", default: 0] > 1)
        #expect(life.done["refuse", default: 0] > 0)
    }

    /// Steps drawn by chance. A step that is refused is a step too.
    struct Life {
        let sample: SubsidySample
        var generator: Generator
        var day = CalendarDate(year: 2026, month: 6, day: 10) ?? CalendarDate(dayNumber: 0)
        /// How often each was done and not refused.
        var done: [String: Int] = [:]
        private var serial = 0

        init(sample: SubsidySample, generator: Generator) {
            self.sample = sample
            self.generator = generator
        }

        mutating func step() async throws -> String {
            let name =
                [
                    "draft", "submit", "submit", "notice", "return", "refuse", "approve", "approve", "batch", "settle",
                    "budget", "wait",
                ].randomElement(using: &generator) ?? "wait"
            do {
                try await perform(name)
                done[name, default: 0] += 1
            } catch is ClaimRefusal {
                return "\(name), refused"
            }
            return name
        }

        private mutating func perform(_ name: String) async throws {
            serial += 1
            let (id, time) = ("X\(serial)", "\(day)T02:00:00Z")
            switch name {
            case "draft":
                let classID = Int64.random(in: 1...8, using: &generator)
                try await sample.claims(at: time) { _ = try $0.draft(of: classID, id: id) }
            case "submit":
                guard let claim = try await pick(["draft", "returned"]) else { return }
                try await sample.claims(at: time) { desk in
                    let found = try desk.find(claim)
                    try desk.submit(
                        claim, version: found.version, digest: desk.sheet(of: found.classID, claim: claim).sheet.digest)
                }
            case "notice", "return", "refuse":
                guard let claim = try await pick(["submitted", "noticed"]),
                    let decision = ClaimDesk.Decision(rawValue: name)
                else { throw ClaimRefusal.notSubmitted }
                try await sample.claims(by: SubsidySample.reviewer, at: time) { desk in
                    try desk.review(claim, version: desk.find(claim).version, decision, note: "因")
                }
            case "approve":
                guard let claim = try await pick(["noticed"]) else { throw ClaimRefusal.notNoticed }
                try await sample.claims(by: SubsidySample.reviewer, at: time) { desk in
                    try desk.approve(claim, version: desk.find(claim).version)
                }
            case "batch":
                let division = ["150402", "150403"].randomElement(using: &generator) ?? ""
                try await sample.payments { try $0.make(for: division, id: id) }
            case "settle": try await settle()
            case "budget":
                let division = ["150402", "150403"].randomElement(using: &generator) ?? ""
                let amount = Int64.random(in: 3_000_00...12_000_00, using: &generator)
                try await sample.prepare { db in
                    let row = try db.first(
                        "SELECT version FROM budget WHERE division = \(division) AND year = 2026")
                    try SubsidySample.budget(division, 2026, amount, version: row?.get("version") ?? 0, db)
                }
            default: day = day.adding(days: Int.random(in: 1...8, using: &generator))
            }
        }

        private mutating func pick(_ states: [String]) async throws -> String? {
            let ids = try await sample.database.read { db in
                try db.rows("SELECT claim_id FROM subsidy_claim WHERE state IN \(list: states) ORDER BY claim_id")
                    .map { try $0.get("claim_id", as: String.self) }
            }
            return ids.randomElement(using: &generator)
        }

        /// About one in four fails. Each result comes twice.
        private mutating func settle() async throws {
            let batches = try await sample.database.read { db in
                try PaymentStore.batches(within: nil, limit: 100, in: db).filter { !$0.isSettled }
            }
            guard let batch = batches.randomElement(using: &generator) else { throw ClaimRefusal.nothingDue }
            let payments = try await sample.database.read { db in try PaymentStore.payments(of: batch.id, in: db) }
            var rows: [String: ResultFile.Row] = [:]
            for payment in payments {
                let isPaid = Int.random(in: 0..<4, using: &generator) > 0
                rows[payment.id] = .init(line: 2, amount: payment.amount, isPaid: isPaid, reason: isPaid ? "" : "户名不符")
            }
            let file = ResultFile(rows: rows)
            try await sample.payments { try $0.settle(batch.id, file, fileDigest: "d-\(batch.id)") }
            try await sample.payments { try $0.settle(batch.id, file, fileDigest: "d-\(batch.id)") }
        }
    }
}
