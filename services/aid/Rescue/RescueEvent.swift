/// Something that was done for a household, before it has its place in the rescue chain.
struct RescueEvent: Hashable, Sendable {
    enum Kind: String, CaseIterable, Sendable {
        /// A run opened an alert, or found its signals again.
        case alertFound = "alert-found"
        case alertClosed = "alert-closed"
        case trainingAsked = "training-asked"
        case offered
        case enrolled
        case certified
        case placed
        case retained
        case droppedOut = "dropped-out"
    }

    let household: String
    /// The household's digits at the time.
    let division: String
    let kind: Kind
    /// ISO 8601, on which it happened.
    let day: String
    /// The member's id; empty where it is about the household.
    var person = ""
    /// What it is about, in words: a class, an employer, an officer's reason.
    let title: String
    /// The service that says so.
    var source = "aid"
    /// Who did it, by name; empty for the service itself.
    var actor = ""
    /// What it is about in the source: the same reference means the same, told again.
    let reference: String
    /// A JSON object with what a program may want to know besides; neither names nor identity numbers.
    var payload = "{}"
}
