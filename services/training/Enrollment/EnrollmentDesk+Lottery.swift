import Security
import ServiceKit
import SocialDomain
import Storage

extension EnrollmentDesk {
    /// The first of two people enters the number that was drawn in public.
    func enterSeed(_ seed: String, source: String, class id: Int64, _ act: Act) async throws {
        let now = now()
        try await database.writeByRows { db in
            let seats = try Self.lotteryClass(id, act, at: now, in: db)
            let entered = try db.execute(
                """
                INSERT INTO lottery_draw (class_id, seed, source, entered_by, entered_at)
                VALUES (\(id), \(seed), \(source), \(act.caller.id), \(now))
                ON CONFLICT (class_id) DO UPDATE SET seed = excluded.seed, source = excluded.source,
                    entered_by = excluded.entered_by, entered_at = excluded.entered_at
                WHERE lottery_draw.confirmed_by IS NULL
                """)
            guard entered == 1 else { throw EnrollmentRefusal.lotteryDrawn }
            try AuditLog.append([Self.event("lottery.enter", seats, act)], in: db)
        }
    }

    /// The second types the same number; then ranks are given and seats too, once.
    func draw(_ seed: String, class id: Int64, _ act: Act) async throws {
        let (now, settings) = (now(), settings)
        try await explained {
            try await database.writeByRows { db in
                let seats = try Self.lotteryClass(id, act, at: now, in: db)
                guard
                    let row = try db.first(
                        "SELECT seed, entered_by FROM lottery_draw WHERE class_id = \(id) AND confirmed_by IS NULL")
                else { throw EnrollmentRefusal.lotteryDrawn }
                guard try row.get("entered_by", as: String.self) != act.caller.id else {
                    throw EnrollmentRefusal.lotterySamePerson
                }
                guard try row.get("seed", as: String.self) == seed else { throw EnrollmentRefusal.lotteryDiffers }
                let count = try Self.rank(seats, seed: seed, at: now, in: db)
                guard count > 0 else { throw EnrollmentRefusal.lotteryEmpty }
                try db.execute(
                    """
                    UPDATE lottery_draw SET confirmed_by = \(act.caller.id), confirmed_at = \(now),
                        participants = \(count) WHERE class_id = \(id)
                    """)
                try db.execute(
                    """
                    UPDATE training_class SET lottery_seed = \(seed), lottery_drawn_at = \(now), version = version + 1
                    WHERE class_id = \(id)
                    """)
                try AuditLog.append([Self.event("lottery.draw", seats, act)], in: db)
                guard let drawn = try ClassSeats.find(id, in: db) else { throw DatabaseFault.damaged }
                try Self.seatWinners(drawn, at: now, in: db)
                try WaitingList(seats: drawn, settings: settings, now: now).move(in: db)
            }
        }
    }

    private static func lotteryClass(
        _ id: Int64, _ act: Act, at now: String, in db: Connection
    ) throws -> ClassSeats {
        guard let seats = try ClassSeats.locked(id, in: db),
            DivisionCode(prefix: seats.division).map(act.scope.contains) ?? false
        else { throw Problem.notFound }
        guard seats.policy == .lottery else { throw EnrollmentRefusal.notALottery }
        guard !seats.isDrawn else { throw EnrollmentRefusal.lotteryDrawn }
        if seats.state == "cancelled" { throw EnrollmentRefusal.classCancelled }
        guard BeijingTime.day(iso8601: now).description > seats.signUpUntil else {
            throw EnrollmentRefusal.lotteryTooEarly(until: seats.signUpUntil)
        }
        return seats
    }

    /// Every sign-up that stands gets its rank and waits.
    private static func rank(_ seats: ClassSeats, seed: String, at now: String, in db: Connection) throws -> Int {
        let rows = try db.rows(
            "SELECT enrollment_id, sequence FROM enrollment WHERE class_id = \(seats.id) AND state = 'applied'")
        var ids: [String: Int64] = [:]
        for row in rows {
            ids[Lottery.reference(class: seats.id, sequence: try row.get("sequence"))] = try row.get("enrollment_id")
        }
        for (index, reference) in Lottery.ranked(Array(ids.keys), seed: seed).enumerated() {
            guard let id = ids[reference] else { continue }
            try db.execute(
                """
                UPDATE enrollment SET lottery_rank = \(index + 1), state = 'waiting', changed_at = \(now),
                    version = version + 1 WHERE enrollment_id = \(id)
                """)
        }
        return ids.count
    }

    /// Those who won have their seats at once; nobody needs to accept what he signed up for.
    private static func seatWinners(_ seats: ClassSeats, at now: String, in db: Connection) throws {
        let today = BeijingTime.day(iso8601: now)
        let rows = try db.rows(
            """
            SELECT enrollment_id, learner_id FROM enrollment WHERE class_id = \(seats.id) AND state = 'waiting'
            ORDER BY lottery_rank
            """)
        for row in rows {
            let (id, learner): (Int64, Int64) = (try row.get("enrollment_id"), try row.get("learner_id"))
            // Whoever took a seat elsewhere at the same hours since then waits.
            guard try EnrollmentFacts.clash(of: learner, with: seats.id, in: db) == nil else { continue }
            guard try seats.take(in: db) else { return }
            try db.execute(
                """
                UPDATE enrollment SET state = 'seated', changed_at = \(now), version = version + 1
                WHERE enrollment_id = \(id)
                """)
            try seats.tellAid(.enrolled, learner: learner, id, on: today, in: db)
        }
    }

    private static func event(_ action: String, _ seats: ClassSeats, _ act: Act) -> AuditEvent {
        AuditEvent(
            action, subject: "class:\(seats.id)", division: seats.division, by: act.caller, request: act.requestID)
    }
}

/// What was drawn, as everyone may see it.
struct LotteryResult: Sendable {
    struct Line: Hashable, Sendable {
        let reference: String
        let rank: Int
        let state: EnrollmentState
    }

    let classID: Int64
    let title: String
    let seed: String
    let source: String
    let drawnAt: String
    let participants: Int
    let lines: [Line]

    /// Nil before the draw.
    static func read(class id: Int64, in db: Connection) throws -> LotteryResult? {
        guard
            let head = try db.first(
                """
                SELECT c.title, d.seed, d.source, d.confirmed_at, d.participants FROM lottery_draw d
                JOIN training_class c ON c.class_id = d.class_id
                WHERE d.class_id = \(id) AND d.confirmed_at IS NOT NULL
                """)
        else { return nil }
        let lines = try db.rows(
            """
            SELECT sequence, lottery_rank, state FROM enrollment
            WHERE class_id = \(id) AND lottery_rank IS NOT NULL ORDER BY lottery_rank
            """
        ).map { row in
            Line(
                reference: Lottery.reference(class: id, sequence: try row.get("sequence")),
                rank: try row.get("lottery_rank"),
                state: EnrollmentState(rawValue: try row.get("state")) ?? .withdrawn)
        }
        return LotteryResult(
            classID: id, title: try head.get("title"), seed: try head.get("seed"), source: try head.get("source"),
            drawnAt: try head.get("confirmed_at"), participants: try head.get("participants"), lines: lines)
    }

    /// The references whose rank is not the one that the rule gives; empty where all is as it was drawn.
    var differences: [String] {
        let ranked = Lottery.ranked(lines.map(\.reference), seed: seed)
        var wrong = zip(ranked, lines).filter { $0 != $1.reference || $1.rank < 1 }.map(\.0)
        if lines.count != participants || lines.map(\.rank) != Array(1...max(1, lines.count)) {
            wrong.append("\(lines.count) of \(participants)")
        }
        return wrong
    }
}
