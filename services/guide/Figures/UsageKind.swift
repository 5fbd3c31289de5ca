/// What is counted, by day and subject.
enum UsageKind: String, CaseIterable, Sendable {
    /// A plate's page was opened; the subject is its code.
    case scan
    /// A search; the subject is what came of it: found, nearest, nothing.
    case search
    /// A search's words that found nothing, or the nearest only.
    case missing
    /// An item's page was opened; the subject is its code.
    case item
    /// A list of guided questions was answered to its end; the subject is the flow.
    case flow
    /// A reader said that an item's page was right; the subject is its code.
    case right
}
