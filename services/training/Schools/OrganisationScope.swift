import Contracts
import Security
import SocialDomain
import Storage

/// Of which organisations a scope sees what is theirs: an account of a school or an employer sees its own only.
enum OrganisationScope: Hashable, Sendable {
    case every
    /// By its credit code.
    case one(String)
    /// An account of an organisation of which nobody said which it is.
    case none

    init(_ scope: Scope) {
        if let code = scope.organisation {
            self = .one(code)
        } else if OrganisationRoles.need(scope.roles) {
            self = .none
        } else {
            self = .every
        }
    }
}

extension SQL {
    /// What stands in a division, and belongs to a school.
    ///
    /// - Parameters:
    ///   - division: a column.
    ///   - school: the column of the school.
    static func within(_ scope: Scope, division: SQL, school: SQL) -> SQL {
        within(scope, division) { code in
            "\(school) = (SELECT own.school_id FROM school own WHERE own.credit_code = \(code))"
        }
    }

    /// What belongs to a class.
    ///
    /// - Parameters:
    ///   - division: a column.
    ///   - trainingClass: the column of its class.
    static func within(_ scope: Scope, division: SQL, class trainingClass: SQL) -> SQL {
        within(scope, division) { _ in
            let condition = within(scope, division: "taught.division", school: "taught.school_id")
            return "\(trainingClass) IN (SELECT taught.class_id FROM training_class taught WHERE \(condition))"
        }
    }

    /// What belongs to an employer.
    ///
    /// - Parameters:
    ///   - division: a column.
    ///   - employer: the column of the employer.
    static func within(_ scope: Scope, division: SQL, employer: SQL) -> SQL {
        within(scope, division) { code in
            "\(employer) = (SELECT own.employer_id FROM employer own WHERE own.credit_code = \(code))"
        }
    }

    private static func within(_ scope: Scope, _ division: SQL, own: (String) -> SQL) -> SQL {
        let inside = SQL.within(scope.division, division)
        return switch OrganisationScope(scope) {
        case .every: inside
        case .one(let code): "\(inside) AND \(own(code))"
        case .none: "1 = 0"
        }
    }

    /// Applications to be decided: an officer's are those of people who live in the division, an employer's those to its own
    /// vacancies there, wherever the people live.
    ///
    /// - Parameters:
    ///   - home: the column of the learner's division.
    ///   - work: the column of the vacancy's.
    ///   - employer: the column of the vacancy's employer.
    static func applications(within scope: Scope, home: SQL, work: SQL, employer: SQL) -> SQL {
        OrganisationScope(scope) == .every
            ? within(scope.division, home) : within(scope, division: work, employer: employer)
    }
}

extension Scope {
    /// Whether a class of this division and school lies within; a school's number says nothing of its code, so the database
    /// is asked.
    func contains(_ division: String, school: Int64, in db: Connection) throws -> Bool {
        guard DivisionCode(prefix: division).map(contains) ?? false else { return false }
        switch OrganisationScope(self) {
        case .every: return true
        case .one(let code):
            return try db.first(
                "SELECT 1 AS one FROM school WHERE school_id = \(school) AND credit_code = \(code)") != nil
        case .none: return false
        }
    }
}
