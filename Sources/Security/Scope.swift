package import SocialDomain

/// What an account may see: its roles in each service, within one division's subtree.
package struct Scope: Hashable, Sendable {
    package let roles: [String: Set<String>]
    package let division: DivisionCode

    package init(roles: [String: Set<String>], division: DivisionCode) {
        self.roles = roles
        self.division = division
    }

    package func contains(_ other: DivisionCode) -> Bool {
        division.contains(other)
    }

    package func has(_ role: String, in service: String) -> Bool {
        roles[service]?.contains(role) ?? false
    }
}
