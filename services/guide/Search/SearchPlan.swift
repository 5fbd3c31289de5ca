/// A query made ready: what it may mean, as terms with weights.
struct SearchPlan: Sendable {
    /// What a match is worth of a query that first had to be put right.
    static let correctedFactor: Float = 0.92

    /// Where an alternative's words come from.
    enum Source: String, Sendable {
        case typed
        case synonym
        case corrected
        case homophone
        case pinyin
        case code
    }

    /// One way to say a concept.
    struct Alternative: Sendable {
        var source: Source
        /// As shown in an explanation.
        var text: String
        /// What a full match of this alternative is worth, 0…1.
        var factor: Float
        /// Indexes into the plan's units with their weights within this alternative.
        var units: [(unit: Int, weight: Float)] = []
        /// The sum of the weights.
        var total: Float = 0
        /// Letters for pinyin, units of a code.
        var letters: [UInt16] = []
        /// Whether half a match is worth little: official words of a synonym have to be there whole.
        var isStrict = false
        /// The characters that this alternative explains.
        var characters: [UInt16] = []
    }

    /// A part of the query that stands for one thing.
    struct Concept: Sendable {
        var weight: Float
        var alternatives: [Alternative]
    }

    /// One understanding of the whole query.
    struct Reading: Sendable {
        var factor: Float
        var concepts: [Concept]
        var total: Float { concepts.reduce(0) { $0 + $1.weight } }
    }

    var readings: [Reading] = []
    /// Each term once, with its weight for gathering candidates.
    var units: [(key: UInt64, weight: Float)] = []
    /// The query without what separates, with and without filler words.
    var whole: [UInt16] = []
    var core: [UInt16] = []
    /// Action bits that the query asks for.
    var actions: UInt32 = 0
    /// The query with look-alikes and homophones put right, where that makes more of it known.
    var corrected: [UInt16]?
    /// Whether the query is being typed: beginnings weigh more than wholes.
    var isPrefix = false
}

extension SearchPlan {
    /// The codes asked for, each once.
    var codes: [[UInt16]] {
        var codes: [[UInt16]] = []
        for reading in readings {
            for concept in reading.concepts {
                for alternative in concept.alternatives where alternative.source == .code {
                    if !codes.contains(alternative.letters) { codes.append(alternative.letters) }
                }
            }
        }
        return codes
    }
}
