import ServiceKit
import SocialDomain
import Storage

/// How a class ends: at its end, or before it.
extension ChangeDesk {
    /// Why an enrollment ended with its class.
    enum ClassEndReason {
        static let ended = "class-ended"
        static let cancelled = "class-cancelled"
    }

    /// Who has a seat has completed the class; who was still waiting did not get in.
    func endClass(_ id: Int64, version: Int64) throws {
        let item = try trainingClass(id)
        if item.state == .ended { return }
        try require(version, item)
        guard item.state == .running else { throw StepRefusal.classStep }
        let row = try db.first(
            """
            SELECT count(*) AS n FROM class_session
            WHERE class_id = \(id) AND is_cancelled = 0 AND ends_at > \(minuteNow)
            """)
        let left: Int64 = try row?.get("n") ?? 0
        guard left == 0 else {
            throw StepRefusal.wrongState(
                LocalizedText(
                    zh: "还有 \(left) 节课没有上完，上完或停课以后才能结束。",
                    en: "\(left) sessions are still to be held: the class ends after them."))
        }
        try db.execute(
            """
            UPDATE enrollment SET state = 'completed', changed_at = \(time), version = version + 1
            WHERE class_id = \(id) AND state = 'seated'
            """)
        try db.execute(
            """
            UPDATE enrollment SET state = 'refused', reason = \(ClassEndReason.ended), offered_until = NULL,
                changed_at = \(time), version = version + 1
            WHERE class_id = \(id) AND state IN ('applied', 'waiting', 'offered')
            """)
        try db.execute(
            "UPDATE training_class SET state = 'ended', seated = 0, version = version + 1 WHERE class_id = \(id)")
        try note("class.end", item.subject, division: item.content.division)
    }

    /// Everyone in it is withdrawn with the reason, its sessions are free for others, and aid hears of the people that it
    /// asked for.
    func cancelClass(_ id: Int64, why: String, version: Int64) throws {
        let item = try trainingClass(id)
        if item.state == .cancelled { return }
        try require(version, item)
        guard item.state != .ended else { throw StepRefusal.classStep }
        guard !why.isEmpty, why.count <= 500 else { throw StepRefusal.noteMissing }
        let (seated, offered) = (try learners(of: id, .seated), try learners(of: id, .offered))
        try db.execute(
            """
            UPDATE enrollment SET state = 'withdrawn', reason = \(ClassEndReason.cancelled), offered_until = NULL,
                changed_at = \(time), version = version + 1
            WHERE class_id = \(id) AND state IN ('applied', 'waiting', 'offered', 'seated')
            """)
        for learner in seated {
            try Milestone.droppedOut.record(
                of: learner, on: today, title: "\(item.content.title)（开班取消）", trade: item.trade, level: item.level,
                reference: "class:\(id)", in: db)
        }
        for learner in offered { try NeedStore.reopen(learner: learner, in: db) }
        try db.execute("UPDATE class_session SET is_cancelled = 1 WHERE class_id = \(id) AND is_cancelled = 0")
        try db.execute(
            """
            UPDATE training_class SET state = 'cancelled', cancelled_why = \(why), seated = 0, version = version + 1
            WHERE class_id = \(id)
            """)
        try note("class.cancel", item.subject, division: item.content.division, why)
    }

    private func learners(of id: Int64, _ state: EnrollmentState) throws -> [Int64] {
        try db.rows(
            """
            SELECT learner_id FROM enrollment WHERE class_id = \(id) AND state = \(state.rawValue) ORDER BY learner_id
            """
        ).map { try $0.get("learner_id") }
    }
}

/// Someone whose class was cancelled.
struct AffectedLearner: Hashable, Sendable {
    let learner: Int64
    let name: String
    let numberSealed: [UInt8]
    let numberIndex: [UInt8]
    let phoneSealed: [UInt8]?
    let division: String

    init(_ row: Row) throws {
        learner = try row.get("learner_id")
        name = try row.get("name")
        numberSealed = try row.get("number_sealed")
        numberIndex = try row.get("number_index")
        phoneSealed = try row.get("phone_sealed")
        division = try row.get("division")
    }

    static func of(_ id: Int64, in db: Connection) throws -> [AffectedLearner] {
        try db.rows(
            """
            SELECT l.learner_id, l.name, l.number_sealed, l.number_index, l.phone_sealed, l.division
            FROM enrollment e JOIN learner l ON l.learner_id = e.learner_id
            WHERE e.class_id = \(id) AND e.state = 'withdrawn' AND e.reason = \(ChangeDesk.ClassEndReason.cancelled)
            ORDER BY e.sequence
            """
        ).map(AffectedLearner.init)
    }
}
