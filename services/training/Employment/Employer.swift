import ServiceKit
import SocialDomain
import Storage

/// Who gives work (用人单位).
struct Employer: Hashable, Sendable {
    let id: Int64
    /// Which company it is: stays as it was entered.
    let creditCode: String
    let content: EmployerContent
    let version: Int64

    init(_ row: Row) throws {
        id = try row.get("employer_id")
        creditCode = try row.get("credit_code")
        content = try EmployerContent(row)
        version = try row.get("version")
    }
}

/// What may change about an employer.
struct EmployerContent: Hashable, Sendable {
    enum State: String, CaseIterable, Sendable {
        case active
        /// Its vacancies are shown to nobody.
        case suspended
    }

    var name: String
    var division: String
    var address: String
    var phone: String
    var state: State

    /// The form's fields, in their order.
    static let fields = ["name", "division", "address", "phone", "state"]

    init(_ row: Row) throws {
        name = try row.get("name")
        division = try row.get("division")
        address = try row.get("address")
        phone = try row.get("phone")
        state = State(rawValue: try row.get("state")) ?? .suspended
    }

    /// Nil where a fault was found.
    init?(_ fields: inout TypedFields) {
        let before = fields.faults.count
        name = fields.text("name", isNeeded: true)
        division = fields.division()?.prefix ?? ""
        address = fields.text("address", most: 200)
        phone = fields.phone()
        state = fields.choice("state", State.self) ?? .active
        guard fields.faults.count == before else { return nil }
    }

    func value(_ field: String) -> String {
        switch field {
        case "name": name
        case "division": division
        case "address": address
        case "phone": phone
        case "state": state.rawValue
        default: ""
        }
    }
}

/// The company that a form names: its code and, where it is new here, its name.
struct NamedEmployer: Hashable, Sendable {
    let creditCode: String
    let name: String

    init(creditCode: String, name: String) {
        self.creditCode = creditCode
        self.name = name
    }

    /// Nil where a fault was found.
    init?(_ fields: inout TypedFields) {
        let before = fields.faults.count
        var code = ""
        do throws(UnifiedCreditCodeFault) {
            code = try UnifiedCreditCode(fields.value("creditCode") ?? "").text
        } catch {
            fields.fault("creditCode", error.explanation)
        }
        creditCode = code
        name = fields.text("employer", isNeeded: true)
        guard fields.faults.count == before else { return nil }
    }
}
