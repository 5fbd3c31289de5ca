import Contracts
import Security
import SocialDomain
import Storage

/// Of which schools a scope sees the classes and the people: an account of a school sees its own only.
enum SchoolScope: Hashable, Sendable {
    case every
    /// By its credit code.
    case one(String)
    /// An account of a school of which nobody said which it is.
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
    /// - Parameters:
    ///   - division: a column.
    ///   - school: the column of the school that it belongs to.
    static func within(_ scope: Scope, division: SQL, school: SQL) -> SQL {
        let inside = SQL.within(scope.division, division)
        return switch SchoolScope(scope) {
        case .every: inside
        case .one(let code):
            "\(inside) AND \(school) = (SELECT own.school_id FROM school own WHERE own.credit_code = \(code))"
        case .none: "1 = 0"
        }
    }

    /// Of what belongs to a class.
    ///
    /// - Parameters:
    ///   - division: a column.
    ///   - trainingClass: the column of its class.
    static func within(_ scope: Scope, division: SQL, class trainingClass: SQL) -> SQL {
        let inside = SQL.within(scope.division, division)
        guard SchoolScope(scope) != .every else { return inside }
        let condition = SQL.within(scope, division: "taught.division", school: "taught.school_id")
        return
            "\(inside) AND \(trainingClass) IN (SELECT taught.class_id FROM training_class taught WHERE \(condition))"
    }
}

extension Scope {
    /// Whether a class of this division and school lies within; a school's number says nothing of its code, so the database
    /// is asked.
    func contains(_ division: String, school: Int64, in db: Connection) throws -> Bool {
        guard DivisionCode(prefix: division).map(contains) ?? false else { return false }
        switch SchoolScope(self) {
        case .every: return true
        case .one(let code):
            return try db.first("SELECT 1 AS one FROM school WHERE school_id = \(school) AND credit_code = \(code)")
                != nil
        case .none: return false
        }
    }
}
