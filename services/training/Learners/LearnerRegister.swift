import SocialDomain
import Storage

/// People in the database, by the blind index of their number.
struct LearnerRegister: Sendable {
    let seal: LearnerSeal

    /// What is sealed before a transaction begins, so that nobody waits for it.
    struct Sealed: Sendable {
        let person: SignUpPerson
        let index: [UInt8]
        let number: [UInt8]
        let phone: [UInt8]
    }

    /// Whom a number belongs to.
    struct Known: Hashable, Sendable {
        let id: Int64
        let isNew: Bool
        /// Whoever asks has the secret of the person's own page.
        let ownsPage: Bool
    }

    func sealed(_ person: SignUpPerson) throws -> Sealed {
        let index = seal.index(of: person.number)
        return Sealed(
            person: person, index: index, number: try seal.seal(person.number),
            phone: try seal.seal(phone: person.phone, index: index))
    }

    /// The person's row, made where there is none.
    ///
    /// Who comes again must name the same name and phone, or have the secret of the own page; staff, who see the card, enter a new phone: the
    /// number alone is known to too many. A page that nobody has yet (staff entered the person) is given to none here.
    func findOrAdd(
        _ sealed: Sealed, token: LearnerToken?, byStaff: Bool, at time: String, in db: Connection
    ) throws -> Known {
        let person = sealed.person
        let added = try db.first(
            """
            INSERT INTO learner (division, name, number_sealed, number_index, phone_sealed, token_digest, born_on, sex,
                residence, schooling, wish, groups, monthly_income_before, created_at)
            VALUES (\(person.division.text), \(person.name), \(sealed.number), \(sealed.index), \(sealed.phone),
                \(token?.digest), \(person.number.birthDate.description), \(person.number.sex.rawValue),
                \(person.residence.rawValue), \(person.schooling.rawValue), \(person.wish.rawValue),
                \(person.groupsText), \(person.incomeBefore?.fen), \(time))
            ON CONFLICT (number_index) DO NOTHING RETURNING learner_id
            """)
        if let added { return Known(id: try added.get("learner_id"), isNew: true, ownsPage: token != nil) }
        guard
            let row = try db.first(
                "SELECT learner_id, name, phone_sealed, token_digest FROM learner WHERE number_index = \(sealed.index)")
        else { throw DatabaseFault.damaged }
        let id: Int64 = try row.get("learner_id")
        let ownsPage = try token.map { try row.get("token_digest", as: [UInt8]?.self) == $0.digest } ?? false
        if !ownsPage {
            let phone = try row.get("phone_sealed", as: [UInt8]?.self).map {
                try seal.openPhone($0, index: sealed.index)
            }
            let isSameName = try !PersonName.differ(person.name, from: row.get("name", as: String.self))
            guard isSameName, byStaff || phone == person.phone else { throw EnrollmentRefusal.otherPerson }
        }
        // What the person says now, not what was said a year ago. The name stays: a new one is the school's to check.
        try db.execute(
            """
            UPDATE learner SET division = \(person.division.text), residence = \(person.residence.rawValue),
                phone_sealed = \(sealed.phone), schooling = \(person.schooling.rawValue), wish = \(person.wish.rawValue),
                groups = \(person.groupsText),
                monthly_income_before = coalesce(\(person.incomeBefore?.fen), monthly_income_before),
                version = version + 1
            WHERE learner_id = \(id)
            """)
        return Known(id: id, isNew: false, ownsPage: ownsPage)
    }

    /// A new secret for the person's own page; the one before leads nowhere from now on.
    static func replaceToken(of learner: Int64, with token: LearnerToken, in db: Connection) throws {
        try db.execute(
            "UPDATE learner SET token_digest = \(token.digest), version = version + 1 WHERE learner_id = \(learner)")
    }

    static func learner(with token: LearnerToken, in db: Connection) throws -> Int64? {
        try db.first("SELECT learner_id FROM learner WHERE token_digest = \(token.digest)")?.get("learner_id")
    }
}
