import Contracts
import Foundation
import Security
import ServiceKit
import SocialDomain
import Storage

/// Holds a seat of a class for a person for whom aid asked: learner, enrollment and milestone in one transaction.
struct OfferPlace {
    let db: Connection
    let seal: LearnerSeal
    let scope: Scope
    /// ISO 8601 in UTC.
    let time: String
    let caller: Caller
    let request: String

    /// How long the seat is held, but not beyond the class's first day.
    static let hours: Int64 = 72

    struct Outcome: Sendable {
        let enrollment: Int64
        let learner: Int64
        let offeredUntil: String
        /// Whether the learner's page has the new secret address.
        let takesToken: Bool
    }

    private struct Learner {
        let id: Int64
        let takesToken: Bool
    }

    /// - Parameters:
    ///   - person: as aid has just told.
    ///   - token: the secret part of the page's address, for a learner who has none yet.
    func callAsFunction(_ person: PersonRecord, classID: Int64, version: Int64, token: String) throws -> Outcome {
        guard let need = try NeedStore.need(of: person.person, within: scope, in: db) else { throw Problem.notFound }
        guard need.version == version else { throw NeedRefusal.changed(need) }
        guard need.state.takesOffers else { throw NeedRefusal.notOpen(need.state) }
        let day = BeijingTime.day(iso8601: time)
        let open = try NeedStore.openClasses(within: scope, on: day, in: db)
        guard let chosen = open.first(where: { $0.id == classID }) else { throw NeedRefusal.classGone }
        let learner = try learner(person, need, token: token)
        if let held = try NeedStore.places(of: [learner.id], in: db)[learner.id]?
            .first(where: { $0.isHeld || $0.classID == classID && $0.state == .completed })
        {
            throw NeedRefusal.hasPlace(title: held.title, held.state)
        }
        let (enrollment, sequence, until) = try hold(chosen, for: learner.id, person)
        try db.execute(
            """
            UPDATE training_need SET state = 'offered', learner_id = \(learner.id), handled_by = \(caller.id),
                version = version + 1
            WHERE aid_person = \(need.person)
            """)
        try Milestone.offered.record(
            of: learner.id, on: day, title: chosen.title, trade: chosen.trade, level: chosen.level,
            reference: "enrollment:\(enrollment):\(sequence)", in: db)
        try AuditLog.append(
            [
                AuditEvent(
                    "need.offer", subject: need.person, division: need.division,
                    reason: "class \(classID), enrollment \(enrollment)", by: caller, request: request)
            ], in: db)
        return Outcome(
            enrollment: enrollment, learner: learner.id, offeredUntil: until, takesToken: learner.takesToken)
    }

    /// Takes one of the class's seats, where one is free at this moment.
    private func hold(
        _ chosen: OpenClass, for learner: Int64, _ person: PersonRecord
    ) throws -> (enrollment: Int64, sequence: Int64, until: String) {
        // Its row is locked from here on, as for every change of who has a seat.
        guard let seats = try ClassSeats.locked(chosen.id, in: db), seats.state == "open",
            let until = seats.offerEnd(hours: Self.hours, after: time)
        else { throw NeedRefusal.classGone }
        guard try seats.take(in: db) else { throw NeedRefusal.classFull }
        let sequence = try seats.nextSequence(in: db)
        let lowIncome = person.isLowIncome ? "yes" : "no"
        // Whoever withdrew or was refused comes back in the row of then.
        let made = try db.first(
            """
            INSERT INTO enrollment (class_id, learner_id, division, state, sequence, offered_until, low_income,
                low_income_at, source, residence, groups, created_at, changed_at)
            VALUES (\(chosen.id), \(learner), \(chosen.division), 'offered', \(sequence), \(until), \(lowIncome), \(time),
                'offer', (SELECT residence FROM learner WHERE learner_id = \(learner)),
                (SELECT groups FROM learner WHERE learner_id = \(learner)), \(time), \(time))
            ON CONFLICT (class_id, learner_id) DO UPDATE SET state = 'offered', sequence = \(sequence),
                offered_until = \(until), low_income = \(lowIncome), low_income_at = \(time), source = 'offer', reason = '',
                residence = excluded.residence, groups = excluded.groups,
                transferred_to = NULL, changed_at = \(time), version = enrollment.version + 1
            RETURNING enrollment_id
            """)
        guard let enrollment: Int64 = try made?.get("enrollment_id") else { throw DatabaseFault.damaged }
        return (enrollment, sequence, until)
    }

    // MARK: - The learner

    /// Finds the learner by the number, or makes one; either is known by aid's id from then on.
    private func learner(_ person: PersonRecord, _ need: TrainingNeed, token: String) throws -> Learner {
        guard let number = try? CitizenID(person.idNumber) else { throw NeedRefusal.badNumber }
        let index = seal.index(of: number)
        if let known = try db.first("SELECT number_index FROM learner WHERE aid_person = \(person.person)"),
            try known.get("number_index", as: [UInt8].self) != index
        {
            throw NeedRefusal.numberDiffers
        }
        let found = try db.first(
            """
            SELECT learner_id, aid_person, groups, wish, schooling, token_digest FROM learner WHERE number_index = \(index)
            """)
        return try found.map { try adopt($0, person, need, token: token) }
            ?? make(person, number, index, need, token: token)
    }

    private func make(
        _ person: PersonRecord, _ number: CitizenID, _ index: [UInt8], _ need: TrainingNeed, token: String
    ) throws -> Learner {
        let residence: Residence = person.settlement == "urban" ? .urban : .rural
        let groups = person.isLowIncome ? LearnerGroup.lowIncome.rawValue : ""
        let row = try db.first(
            """
            INSERT INTO learner (division, name, number_sealed, number_index, token_digest, born_on, sex, residence,
                schooling, wish, groups, aid_person, created_at)
            VALUES (\(need.division), \(person.name), \(seal.seal(number)), \(index), \(LearnerSeal.digest(of: token)),
                \(number.birthDate.description), \(number.sex.rawValue), \(residence.rawValue),
                \(need.schooling.rawValue), \(need.wish.rawValue), \(groups), \(person.person), \(time))
            RETURNING learner_id
            """)
        guard let id: Int64 = try row?.get("learner_id") else { throw DatabaseFault.damaged }
        return Learner(id: id, takesToken: true)
    }

    private func adopt(
        _ row: Row, _ person: PersonRecord, _ need: TrainingNeed, token: String
    ) throws -> Learner {
        let id: Int64 = try row.get("learner_id")
        let known: String? = try row.get("aid_person")
        guard known == nil || known == person.person else { throw NeedRefusal.otherPerson }
        var groups = Set(try row.get("groups", as: String.self).split(separator: ",").map(String.init))
        if person.isLowIncome { groups.insert(LearnerGroup.lowIncome.rawValue) }
        // What the learner said of himself stays.
        let wish: String = try row.get("wish")
        let schooling: String = try row.get("schooling")
        let digest: [UInt8]? = try row.get("token_digest")
        let newDigest = digest ?? LearnerSeal.digest(of: token)
        try db.execute(
            """
            UPDATE learner SET aid_person = \(person.person), groups = \(groups.sorted().joined(separator: ",")),
                wish = \(wish == WorkWish.any.rawValue ? need.wish.rawValue : wish),
                schooling = \(schooling == Schooling.unknown.rawValue ? need.schooling.rawValue : schooling),
                token_digest = \(newDigest), version = version + 1
            WHERE learner_id = \(id)
            """)
        return Learner(id: id, takesToken: digest == nil)
    }
}
