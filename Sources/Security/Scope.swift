package import SocialDomain

/// What an account may see: its roles in each service, within one division's subtree.
package struct Scope: Hashable, Sendable {
    package let roles: [String: Set<String>]
    /// Nil for the services themselves and the commands on their own machine: every division, and what has none.
    package let division: DivisionCode?
    /// The unified social credit code of the organisation that the account works for: within the division it sees what is
    /// that organisation's only. Nil for the government's people and for the services.
    package let organisation: String?

    package init(roles: [String: Set<String>], division: DivisionCode?, organisation: String? = nil) {
        self.roles = roles
        self.division = division
        self.organisation = organisation
    }

    /// For a service's own work and for the commands that its operator gives on its machine.
    package static let ownMachine = Scope(roles: [:], division: nil)

    package func contains(_ other: DivisionCode) -> Bool {
        division?.contains(other) ?? true
    }

    package func has(_ role: String, in service: String) -> Bool {
        roles[service]?.contains(role) ?? false
    }
}
