/// What a query found.
struct SearchResult: Sendable, Equatable {
    /// How sure the finding is.
    enum Quality: String, Sendable {
        /// The first hit matches most of what was asked.
        case found
        /// Nothing matches well; the hits are the nearest there is. Such a query goes to the editors' list.
        case nearest
        /// Nothing has anything of it.
        case nothing
    }

    struct Hit: Sendable, Equatable {
        var id: Int64
        var score: Float
        /// How much of the query the item answers, 0…1.
        var match: Float
        /// Where the score comes from; empty unless asked for.
        var explanation: [Reason] = []
    }

    /// One line of an explanation; the points of all lines add up to the score.
    struct Reason: Sendable, Equatable {
        enum Kind: String, Sendable {
            case typed
            case synonym
            case corrected
            case homophone
            case pinyin
            case code
            case exactName
            case beginning
            case phrase
            case brevity
            case popularity
            case otherAction
            /// The same name stands higher up already, apart from what is in brackets.
            case repeated
        }

        var kind: Kind
        /// The words that matched.
        var term: String
        var field: SearchField?
        var points: Float
    }

    var hits: [Hit] = []
    var quality = Quality.nothing
    /// The query as it was understood, where a wrong character was put right and that helped.
    var correctedQuery: String?
}

/// An item offered while a query is being typed.
struct SearchSuggestion: Sendable, Equatable {
    var id: Int64
    var score: Float
}
