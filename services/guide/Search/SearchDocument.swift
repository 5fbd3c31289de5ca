/// What search knows of a published item.
struct SearchDocument: Sendable, Equatable {
    var id: Int64
    /// The item's code as printed, with hyphens.
    var code: String
    var name: String
    /// Other names by which people ask for it.
    var aliases: [String] = []
    var department = ""
    var kind = ""
    /// Whom it is for, for example `person` or `enterprise`.
    var audiences: [String] = []
    /// `online`, `window`, `post`.
    var channels: [String] = []
    /// Names of materials and results, words of its themes.
    var keywords: [String] = []
    var summary = ""
    /// How often it was opened in the period that the service counts; 100,000 and more count alike.
    var popularity = 0
}

/// A part of an item in which a word was found; the raw value is its bit in a posting.
enum SearchField: UInt8, Sendable, CaseIterable {
    case name = 1
    case alias = 2
    case keyword = 4
    case department = 8
    case summary = 16
}

/// Which items may be found: values within a list are alternatives, an empty list asks nothing.
struct SearchFilter: Sendable, Equatable {
    var departments: [String] = []
    var kinds: [String] = []
    var audiences: [String] = []
    var channels: [String] = []

    /// The term keys that an item must have: one of each list.
    var termKeys: [[UInt64]] {
        [
            departments.map { TermKey.facet(.department, $0) },
            kinds.map { TermKey.facet(.kind, $0) },
            audiences.map { TermKey.facet(.audience, $0) },
            channels.map { TermKey.facet(.channel, $0) },
        ].filter { !$0.isEmpty }
    }
}
