import SocialDomain

/// What an expression's values are, as far as the rules file tells.
struct ValueType: Hashable, Sendable {
    enum Base: Hashable, Sendable {
        case int
        case double
        case text
        case bool
        /// The literal `null`.
        case null
        case list
        /// `household`, `person`, `param`: no value, only a way to one.
        case group
    }

    let base: Base
    /// The value may be absent.
    var isNullable = false

    static let int = ValueType(base: .int)
    static let double = ValueType(base: .double)
    static let text = ValueType(base: .text)
    static let bool = ValueType(base: .bool)

    var orNull: ValueType { ValueType(base: base, isNullable: true) }

    /// CEL's name of the type.
    var title: String {
        switch base {
        case .int: "int"
        case .double: "double"
        case .text: "string"
        case .bool: "bool"
        case .null: "null"
        case .list: "list"
        case .group: "group"
        }
    }
}

/// The names that an expression may use, and where a frame holds their values.
struct ExpressionScope: Sendable {
    struct Variable: Hashable, Sendable {
        let slot: Int
        let type: ValueType
    }

    struct Group: Sendable {
        var variables: [String: Variable] = [:]
        /// Whether `has()` may ask for a member.
        var allowsHas = false
        /// Members whose declaration is at fault itself.
        var broken: Set<String> = []
    }

    var variables: [String: Variable] = [:]
    var groups: [String: Group] = [:]
    /// Names whose declaration is at fault itself: told there, not again at every use.
    var broken: Set<String> = []
    /// Names that exist but not here, with the reason.
    var elsewhere: [String: LocalizedText] = [:]
}
