import Security
import ServiceKit
import SocialDomain
import Storage
import TestDatabases
import TestPages
import Testing

@testable import TrainingService

/// Claims step by step, on classes of ten hours: session 1 of eight, session 2 of two.
@Suite struct SubsidyTests {
    private static let officer = Caller(kind: .person, id: "officer", name: "经办", scope: .ownMachine)
    private static let reviewer = Caller(kind: .person, id: "reviewer", name: "审核", scope: .ownMachine)
    private static let day = "2026-06-10T02:00:00Z"
    private static let afterNotice = "2026-06-20T02:00:00Z"

    private static func sample(_ engine: Engine, budget: Int64 = 10_000_00) async throws -> TrainingSample {
        let sample = try await TrainingSample(engine)
        try await run(sample, officer, day) { claims in
            try BudgetDesk(db: claims.db, caller: officer, time: day, request: "").set(
                Ledger.Key(division: "150402", year: 2026), to: Money(fen: budget), version: 0)
            try claims.db.execute(
                """
                INSERT INTO school (school_id, credit_code, name, division)
                VALUES (1, '52150402MJY1234565', '学校甲', '150402'), (2, '52150402MJY6543218', '学校乙', '150402')
                """)
            try claims.db.execute(
                "INSERT INTO room (room_id, school_id, name, seats) VALUES (1, 1, '一', 40), (2, 2, '二', 40)")
            for (id, school) in [(1, 1), (2, 2)] {
                try claims.db.execute(
                    """
                    INSERT INTO instructor (instructor_id, school_id, name, number_sealed, number_index)
                    VALUES (\(id), \(school), '教师', \([UInt8(id)]), \([UInt8(id), 9]))
                    """)
            }
        }
        return sample
    }

    /// A class that ended, of a trade of its own or another's.
    private static func addClass(
        _ id: Int64, school: Int64 = 1, trade: String = "4-10-01-06", month: Int64 = 5, _ db: Connection
    ) throws {
        try db.execute(
            """
            INSERT INTO program (program_id, school_id, title, trade, level, hours, price, subsidy, state)
            VALUES (\(id), \(school), '课', \(trade), 5, 10, 60000, 100000, 'approved')
            """)
        try db.execute(
            """
            INSERT INTO training_class (class_id, program_id, school_id, division, title, audience, capacity, starts_on,
                ends_on, sign_up_until, state)
            VALUES (\(id), \(id), \(school), '150402', \("班\(id)"), 'any', 30, '2026-05-01', '2026-05-31', '2026-04-30',
                'ended')
            """)
        let start = Int64(CalendarDate.dayNumber(year: 2026, month: 5, day: 1)) * 1440 + id * 2 * 1440
        for (index, hours) in [Int64(8), 2].enumerated() {
            let begins = start + Int64(index) * 1440 + 480
            try db.execute(
                """
                INSERT INTO class_session (session_id, class_id, room_id, instructor_id, instructor_number, starts_at,
                    ends_at, hours)
                VALUES (\(id * 10 + Int64(index)), \(id), \(school), \(school), \([UInt8(school), 9]), \(begins),
                    \(begins + 360), \(hours))
                """)
        }
    }

    /// - Parameter sessions: which of the two the learner attended.
    private static func addLearner(
        _ learner: Int64, to id: Int64, sessions: [Int64] = [0, 1], certificate: Bool = true, lowIncome: String = "no",
        groups: String = "rural-transfer", trade: String = "4-10-01-06", _ db: Connection
    ) throws {
        try db.execute(
            """
            INSERT INTO learner (learner_id, division, name, number_sealed, number_index, born_on, sex, residence, groups,
                created_at)
            VALUES (\(learner), '150402', \("学员\(learner)"), \([UInt8(learner)]), \([UInt8(learner)]), '1990-01-01',
                'female', 'rural', \(groups), \(day)) ON CONFLICT DO NOTHING
            """)
        let enrollment = id * 100 + learner
        try db.execute(
            """
            INSERT INTO enrollment (enrollment_id, class_id, learner_id, division, state, sequence, low_income, created_at,
                changed_at)
            VALUES (\(enrollment), \(id), \(learner), '150402', 'completed', \(learner), \(lowIncome), \(day), \(day))
            """)
        for session in sessions {
            try db.execute(
                """
                INSERT INTO attendance (session_id, enrollment_id, class_id, state, source, marked_at)
                VALUES (\(id * 10 + session), \(enrollment), \(id), 'present', 'teacher', \(day))
                """)
        }
        guard certificate else { return }
        try db.execute(
            """
            INSERT INTO certificate (number, enrollment_id, learner_id, division, trade, level, issued_on, issued_by)
            VALUES (\("N\(enrollment)"), \(enrollment), \(learner), '150402', \(trade), 5, '2026-06-01', 'x')
            """)
    }

    @discardableResult
    private static func run<Value: Sendable>(
        _ sample: TrainingSample, _ caller: Caller, _ time: String,
        _ work: @escaping @Sendable (ClaimDesk) throws -> Value
    ) async throws -> Value {
        try await sample.store.database.write { db in
            try work(ClaimDesk(db: db, caller: caller, time: time, request: "", settings: SubsidySettings()))
        }
    }

    private static func submit(_ sample: TrainingSample, _ classID: Int64) async throws {
        try await run(sample, officer, day) { desk in
            let id = try desk.draft(of: classID, id: "c\(classID)")
            let claim = try desk.find(id)
            try desk.submit(id, version: claim.version, digest: desk.sheet(of: classID, claim: id).sheet.digest)
        }
    }

    private static func approve(_ sample: TrainingSample, _ classID: Int64) async throws {
        try await run(sample, reviewer, day) { desk in
            try desk.review("c\(classID)", version: desk.find("c\(classID)").version, .notice, note: "")
        }
        try await run(sample, reviewer, afterNotice) { desk in
            try desk.approve("c\(classID)", version: desk.find("c\(classID)").version)
        }
    }

    private static func faults(_ sample: TrainingSample) async throws -> [String] {
        try await sample.store.database.read { db in try LedgerCheck.run(in: db).faults }
    }

    private static func refusals(_ sample: TrainingSample, _ claim: String) async throws -> [String?] {
        try await sample.store.database.read { db in
            try ClaimStore.lines(of: claim, in: db).map { $0.refusal?.rawValue }
        }
    }

    @Test(arguments: TestServer.engines) func `each line is paid or refused by the rule that says why`(
        _ engine: Engine
    ) async throws {
        let sample = try await Self.sample(engine)
        try await Self.run(sample, Self.officer, Self.day) { desk in
            try Self.addClass(1, desk.db)
            // Eight of ten hours are exactly 80 %.
            try Self.addLearner(1, to: 1, sessions: [0], desk.db)
            try Self.addLearner(2, to: 1, sessions: [1], desk.db)
            try Self.addLearner(3, to: 1, certificate: false, desk.db)
            try Self.addLearner(4, to: 1, groups: "", desk.db)
            try Self.addLearner(5, to: 1, lowIncome: "yes", groups: "", desk.db)
        }

        try await Self.submit(sample, 1)

        let refusals = try await Self.refusals(sample, "c1")
        #expect(refusals == [nil, "attendance-below-80", "no-certificate", "not-in-group", nil, nil])
        let total = try await Self.run(sample, Self.officer, Self.day) { try $0.find("c1").total }
        // Twice the standard of 1,000 yuan, and two days of 50 yuan for the low-income learner.
        #expect(total == Money(fen: 2100_00))
        #expect(try await Self.faults(sample).isEmpty)
    }

    @Test(arguments: TestServer.engines) func `the same trade and level is paid once, at whatever school`(
        _ engine: Engine
    ) async throws {
        let sample = try await Self.sample(engine)
        try await Self.run(sample, Self.officer, Self.day) { desk in
            for id in [Int64(1), 2] {
                try Self.addClass(id, school: id, desk.db)
                try Self.addLearner(1, to: id, desk.db)
                try Self.addLearner(10 + id, to: id, desk.db)
            }
        }

        try await Self.submit(sample, 1)
        try await Self.submit(sample, 2)

        #expect(try await Self.refusals(sample, "c1") == [nil, nil])
        #expect(try await Self.refusals(sample, "c2") == ["same-trade-and-level", nil])
    }

    @Test(arguments: TestServer.engines) func `the fourth training of a year is not paid for`(_ engine: Engine)
        async throws
    {
        let sample = try await Self.sample(engine)
        let trades = ["4-10-01-06", "4-10-01-05", "4-10-01-03", "4-10-01-04"]
        try await Self.run(sample, Self.officer, Self.day) { desk in
            for (index, trade) in trades.enumerated() {
                let id = Int64(index) + 1
                try Self.addClass(id, trade: trade, desk.db)
                try Self.addLearner(1, to: id, trade: trade, desk.db)
                try Self.addLearner(10 + id, to: id, trade: trade, desk.db)
            }
        }

        for id in 1...4 { try await Self.submit(sample, Int64(id)) }

        #expect(try await Self.refusals(sample, "c3") == [nil, nil])
        #expect(try await Self.refusals(sample, "c4") == ["more-than-three-this-year", nil])
        #expect(try await Self.faults(sample).isEmpty)
    }

    @Test(arguments: TestServer.engines) func `two claims at once never take more than the budget`(
        _ engine: Engine
    ) async throws {
        // One and a half standards: of two people one is paid for.
        let sample = try await Self.sample(engine, budget: 1500_00)
        try await Self.run(sample, Self.officer, Self.day) { desk in
            for id in [Int64(1), 2] {
                try Self.addClass(id, school: id, desk.db)
                try Self.addLearner(id, to: id, desk.db)
            }
        }

        let outcomes = await withTaskGroup(of: Bool.self) { group in
            for id in [Int64(1), 2] {
                group.addTask {
                    do {
                        try await Self.submit(sample, id)
                        return true
                    } catch { return false }
                }
            }
            return await group.reduce(into: [Bool]()) { $0.append($1) }
        }

        #expect(outcomes.count(where: { $0 }) == 1)
        let committed = try await sample.store.database.read { db in
            try db.first("SELECT committed AS n FROM budget")?.get("n", as: Int64.self)
        }
        #expect(committed == 1000_00)
        #expect(try await Self.faults(sample).isEmpty)
    }

    @Test(arguments: TestServer.engines) func `nobody reviews what they handed in, and approval waits for the notice`(
        _ engine: Engine
    ) async throws {
        let sample = try await Self.sample(engine)
        try await Self.run(sample, Self.officer, Self.day) { desk in
            try Self.addClass(1, desk.db)
            try Self.addLearner(1, to: 1, desk.db)
        }
        try await Self.submit(sample, 1)

        await #expect(throws: ClaimRefusal.samePerson) {
            try await Self.run(sample, Self.officer, Self.day) { desk in
                try desk.review("c1", version: desk.find("c1").version, .notice, note: "")
            }
        }
        try await Self.run(sample, Self.reviewer, Self.day) { desk in
            try desk.review("c1", version: desk.find("c1").version, .notice, note: "")
        }
        await #expect(throws: ClaimRefusal.self) {
            try await Self.run(sample, Self.reviewer, Self.day) { desk in
                try desk.approve("c1", version: desk.find("c1").version)
            }
        }
        let version = try await Self.run(sample, Self.reviewer, Self.day) { try $0.find("c1").version }
        for _ in 0..<2 {
            try await Self.run(sample, Self.reviewer, Self.afterNotice) { try $0.approve("c1", version: version) }
        }
        #expect(try await Self.faults(sample).isEmpty)
    }

    @Test(arguments: TestServer.engines) func `a payment is made once, a failed one goes again, a result counts once`(
        _ engine: Engine
    ) async throws {
        let sample = try await Self.sample(engine)
        try await Self.run(sample, Self.officer, Self.day) { desk in
            try Self.addClass(1, desk.db)
            try Self.addLearner(1, to: 1, desk.db)
        }
        try await Self.submit(sample, 1)
        try await Self.approve(sample, 1)
        func pay<Value: Sendable>(_ work: @escaping @Sendable (PaymentDesk) throws -> Value) async throws -> Value {
            try await sample.store.database.write { db in
                try work(PaymentDesk(db: db, caller: Self.officer, time: Self.afterNotice, request: ""))
            }
        }
        struct Stop: Error {}

        // Stopped in the middle: nothing is half done.
        await #expect(throws: Stop.self) {
            try await pay { desk in
                var desk = desk
                desk.before = { step in if step == "claim" { throw Stop() } }
                try desk.make(for: "150402", id: "b0")
            }
        }
        try await pay { try $0.make(for: "150402", id: "b1") }
        await #expect(throws: ClaimRefusal.nothingDue) { try await pay { try $0.make(for: "150402", id: "b2") } }
        let payments = try await sample.store.database.read { db in try PaymentStore.payments(of: "b1", in: db) }
        // 600 yuan back to the learner, 400 to the school.
        #expect(payments.map(\.amount.fen).sorted() == [400_00, 600_00])
        func result(_ isPaid: @escaping (Payment) -> Bool, _ list: [Payment]) -> ResultFile {
            ResultFile(
                rows: Dictionary(
                    uniqueKeysWithValues: list.enumerated().map { line, payment in
                        let ok = isPaid(payment)
                        return (
                            payment.id,
                            ResultFile.Row(line: line + 2, amount: payment.amount, isPaid: ok, reason: ok ? "" : "户名不符")
                        )
                    }))
        }
        let first = result({ $0.amount.fen == 400_00 }, payments)
        #expect(try await pay { try $0.settle("b1", first, fileDigest: "d1") })
        #expect(try await pay { try $0.settle("b1", first, fileDigest: "d1") } == false)
        #expect(try await Self.faults(sample).isEmpty)

        try await pay { try $0.make(for: "150402", id: "b3") }
        let again = try await sample.store.database.read { db in try PaymentStore.payments(of: "b3", in: db) }
        #expect(again.map(\.amount.fen) == [600_00])
        let second = result({ _ in true }, again)
        #expect(try await pay { try $0.settle("b3", second, fileDigest: "d2") })
        let state = try await Self.run(sample, Self.officer, Self.afterNotice) { try $0.find("c1").state }
        #expect(state == .paid)
        #expect(try await Self.faults(sample).isEmpty)
    }

    @Test(arguments: TestServer.engines) func `postings stay as they are`(_ engine: Engine) async throws {
        let sample = try await Self.sample(engine)

        for change in ["UPDATE ledger_posting SET amount = 1", "DELETE FROM ledger_posting"] as [SQL] {
            await #expect(throws: DatabaseFault.self) {
                _ = try await sample.store.database.write { db in try db.execute(change) }
            }
        }
    }

    @Test func `a neighbour county's claim is not there`() async throws {
        let sample = try await Self.sample(.sqlite)
        try await Self.run(sample, Self.officer, Self.day) { desk in
            try Self.addClass(1, desk.db)
            try Self.addLearner(1, to: 1, desk.db)
        }
        try await Self.submit(sample, 1)
        let neighbour = Scope(
            roles: ["training": ["officer", "reviewer"]], division: DivisionCode("150403"))
        let caller = Caller(kind: .person, id: "n", name: "邻县", scope: neighbour)

        await #expect(throws: Problem.self) { try await Self.run(sample, caller, Self.day) { try $0.find("c1") } }
    }
}
