import Security
import SocialDomain
import Storage

/// Employers and vacancies as staff find them, within their division.
enum EmploymentQueries {
    struct EmployerLine: Hashable, Sendable {
        let employer: Employer
        /// Vacancies that take applications.
        let open: Int64
        /// People at work there through the office.
        let working: Int64
    }

    static func employers(
        named text: String, after: Int64, limit: Int, within scope: Scope, in db: Connection
    ) throws -> [EmployerLine] {
        let like = "%" + ClassCatalogue.escaped(text) + "%"
        let condition: SQL = text.isEmpty ? "1 = 1" : "(m.name LIKE \(like) ESCAPE '!' OR m.credit_code = \(text))"
        return try db.rows(
            """
            SELECT m.*,
                (SELECT count(*) FROM vacancy v WHERE v.employer_id = m.employer_id AND v.state = 'open') AS open,
                (SELECT count(*) FROM placement p WHERE p.employer_id = m.employer_id AND p.ended_on IS NULL) AS working
            FROM employer m WHERE m.employer_id > \(after)
                AND (\(SQL.within(scope, division: "m.division", employer: "m.employer_id"))
                    OR EXISTS (SELECT 1 FROM vacancy w WHERE w.employer_id = m.employer_id
                        AND \(SQL.within(scope, division: "w.division", employer: "w.employer_id"))))
                AND \(condition)
            ORDER BY m.employer_id LIMIT \(limit)
            """
        ).map { row in
            EmployerLine(employer: try Employer(row), open: try row.get("open"), working: try row.get("working"))
        }
    }

    /// One whose vacancies or seat lie within, to be read.
    static func hiring(_ id: Int64, within scope: Scope, in db: Connection) throws -> Employer? {
        if let own = try employer(id, within: scope, in: db) { return own }
        guard OrganisationScope(scope) == .every else { return nil }
        return try db.first(
            """
            SELECT m.* FROM employer m WHERE m.employer_id = \(id) AND EXISTS (SELECT 1 FROM vacancy v
                WHERE v.employer_id = m.employer_id AND \(SQL.within(scope.division, "v.division")))
            """
        ).map { try Employer($0) }
    }

    static func employer(_ id: Int64, within scope: Scope, in db: Connection) throws -> Employer? {
        try db.first(
            """
            SELECT m.* FROM employer m
            WHERE m.employer_id = \(id) AND \(SQL.within(scope, division: "m.division", employer: "m.employer_id"))
            """
        ).map { try Employer($0) }
    }

    /// The employer whose account it is; nil for the government's people, and where it is not on record yet.
    static func own(_ scope: Scope, in db: Connection) throws -> Employer? {
        guard case .one(let code) = OrganisationScope(scope) else { return nil }
        return try db.first(
            "SELECT * FROM employer WHERE credit_code = \(code) AND \(SQL.within(scope.division, "division"))"
        ).map { try Employer($0) }
    }

    /// The newest first.
    static func vacancies(of employer: Int64, within scope: Scope, in db: Connection) throws -> [Vacancy] {
        try db.rows(
            """
            SELECT v.*, m.name AS employer FROM vacancy v JOIN employer m ON m.employer_id = v.employer_id
            WHERE v.employer_id = \(employer) AND \(SQL.within(scope, division: "v.division", employer: "v.employer_id"))
            ORDER BY v.vacancy_id DESC LIMIT 200
            """
        ).map { try Vacancy($0) }
    }

    static func vacancy(_ id: Int64, within scope: Scope, in db: Connection) throws -> Vacancy? {
        try db.first(
            """
            SELECT v.*, m.name AS employer FROM vacancy v JOIN employer m ON m.employer_id = v.employer_id
            WHERE v.vacancy_id = \(id) AND \(SQL.within(scope, division: "v.division", employer: "v.employer_id"))
            """
        ).map { try Vacancy($0) }
    }
}
