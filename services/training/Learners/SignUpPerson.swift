import SocialDomain

/// What a person says of herself at sign-up, checked.
struct SignUpPerson: Hashable, Sendable {
    let name: String
    let number: CitizenID
    /// Digits only.
    let phone: String
    let residence: Residence
    let schooling: Schooling
    let wish: WorkWish
    let groups: Set<LearnerGroup>
    let incomeBefore: Money?
    /// Where the person lives.
    let division: DivisionCode

    var groupsText: String { groups.map(\.rawValue).sorted().joined(separator: ",") }

    static func groups(_ text: String) -> Set<LearnerGroup> {
        Set(text.split(separator: ",").compactMap { LearnerGroup(rawValue: String($0)) })
    }
}
