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
            let digest = String(Lottery.digest(seed: seed, reference: "entered").prefix(16))
            try AuditLog.append([Self.event("lottery.enter", seats, act, digest)], in: db)
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
                let ranked = try Self.rank(seats, seed: seed, at: now, in: db)
                guard !ranked.isEmpty else { throw EnrollmentRefusal.lotteryEmpty }
                try db.execute(
                    """
                    UPDATE lottery_draw SET confirmed_by = \(act.caller.id), confirmed_at = \(now),
                        ranked = \(ranked.joined(separator: ",")) WHERE class_id = \(id)
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
            try act.scope.contains(seats.division, school: seats.school, in: db)
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
    private static func rank(_ seats: ClassSeats, seed: String, at now: String, in db: Connection) throws -> [String] {
        let rows = try db.rows(
            "SELECT enrollment_id, sequence FROM enrollment WHERE class_id = \(seats.id) AND state = 'applied'")
        var ids: [String: Int64] = [:]
        for row in rows {
            ids[Lottery.reference(class: seats.id, sequence: try row.get("sequence"))] = try row.get("enrollment_id")
        }
        let ranked = Lottery.ranked(Array(ids.keys), seed: seed)
        for (index, reference) in ranked.enumerated() {
            guard let id = ids[reference] else { continue }
            try db.execute(
                """
                UPDATE enrollment SET lottery_rank = \(index + 1), state = 'waiting', changed_at = \(now),
                    version = version + 1 WHERE enrollment_id = \(id)
                """)
        }
        return ranked
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

    /// - Parameter reason: for the log; of a number that was entered its digest, which shows later that it was this one.
    private static func event(
        _ action: String, _ seats: ClassSeats, _ act: Act, _ reason: String = ""
    ) -> AuditEvent {
        AuditEvent(
            action, subject: "class:\(seats.id)", division: seats.division, reason: reason, by: act.caller,
            request: act.requestID)
    }
}

/// What was drawn, as everyone may see it: it stays as it was drawn, whatever became of the sign-ups since.
struct LotteryResult: Hashable, Sendable {
    let classID: Int64
    let title: String
    let seed: String
    let source: String
    let drawnAt: String
    /// The references by rank, the first first.
    let ranked: [String]

    /// Nil before the draw.
    static func read(class id: Int64, in db: Connection) throws -> LotteryResult? {
        try db.first(
            """
            SELECT c.title, d.seed, d.source, d.confirmed_at, d.ranked FROM lottery_draw d
            JOIN training_class c ON c.class_id = d.class_id
            WHERE d.class_id = \(id) AND d.confirmed_at IS NOT NULL
            """
        ).map { row in
            LotteryResult(
                classID: id, title: try row.get("title"), seed: try row.get("seed"), source: try row.get("source"),
                drawnAt: try row.get("confirmed_at"),
                ranked: try row.get("ranked", as: String.self).split(separator: ",").map(String.init))
        }
    }

    /// The references whose rank is not the one that the rule gives; empty where all is as the seed says.
    var differences: [String] {
        zip(Lottery.ranked(ranked, seed: seed), ranked).filter { $0 != $1 }.map(\.1)
    }
}
