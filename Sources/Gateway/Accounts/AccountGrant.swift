import Contracts
import SocialDomain

/// What an account may do, and for which organisation where it works for one.
struct AccountGrant: Hashable, Sendable {
    let roles: [String: Set<String>]
    /// The unified social credit code of a school; nil for those who work for the government.
    let organisation: String?

    static let nothing = AccountGrant(roles: [:], organisation: nil)

    private init(roles: [String: Set<String>], organisation: String?) {
        self.roles = roles
        self.organisation = organisation
    }

    /// - Parameters:
    ///   - roles: `aid:officer`, one for each.
    ///   - organisation: as it was typed; empty for none.
    init(_ roles: [String], organisation: String = "") throws(AccountRefusal) {
        var pairs: [(service: String, role: String)] = []
        for text in roles {
            guard let pair = Roles.parse(text) else { throw .badRole(text) }
            pairs.append(pair)
        }
        let grouped = Roles.grouped(pairs)
        let typed = TextForm.trimmed(organisation)
        guard !typed.isEmpty else {
            guard !OrganisationRoles.need(grouped) else { throw .organisationMissing }
            self.init(roles: grouped, organisation: nil)
            return
        }
        let code: UnifiedCreditCode
        do {
            code = try UnifiedCreditCode(typed)
        } catch {
            throw .badOrganisation(error)
        }
        if let role = OrganisationRoles.foreign(in: grouped) { throw .notForOrganisations(role) }
        self.init(roles: grouped, organisation: code.text)
    }

    /// For the log.
    var reason: String {
        let names = roles.flatMap { service, roles in roles.map { "\(service):\($0)" } }.sorted()
        return (names + [organisation].compactMap(\.self)).joined(separator: " ")
    }
}
