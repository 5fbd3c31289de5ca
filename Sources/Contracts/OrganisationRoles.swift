/// Roles of people who work for an organisation and not for the government. Such an account belongs to one organisation and
/// sees, within its division, what is that organisation's only.
package enum OrganisationRoles {
    /// By service.
    package static let all: [String: Set<String>] = ["training": TrainingContract.organisationRoles]

    /// Whether an account with these roles must say for which organisation; an officer of the same service sees the division
    /// anyway.
    package static func need(_ roles: [String: Set<String>]) -> Bool {
        all.contains { service, names in
            let own = roles[service] ?? []
            return !own.isDisjoint(with: names) && !own.contains("officer")
        }
    }

    /// The first role, as `aid:officer`, that an organisation's account cannot have.
    package static func foreign(in roles: [String: Set<String>]) -> String? {
        roles.flatMap { service, names in
            names.subtracting(all[service] ?? []).map { "\(service):\($0)" }
        }.min()
    }
}
