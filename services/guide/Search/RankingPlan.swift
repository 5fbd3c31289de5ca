/// A plan laid flat for the ranking of many documents: trivial values in arrays, ranges instead of nesting.
struct RankingPlan: Sendable {
    struct Alternative: Sendable {
        var source: SearchPlan.Source
        var factor: Float
        /// One over the sum of the unit weights.
        var share: Float
        var isStrict: Bool
        var units: Range<Int>
        var characters: Range<Int>
        var letters: Range<Int>
        /// Which of the plan's codes; -1 for none.
        var code: Int
    }

    struct Concept: Sendable {
        var weight: Float
        var alternatives: Range<Int>
    }

    struct Reading: Sendable {
        var factor: Float
        /// The factor over the sum of the concepts' weights.
        var share: Float
        var concepts: Range<Int>
    }

    private(set) var readings: [Reading] = []
    private(set) var concepts: [Concept] = []
    private(set) var alternatives: [Alternative] = []
    private(set) var unitNumbers: [Int32] = []
    private(set) var unitWeights: [Float] = []
    private(set) var characters: [UInt16] = []
    private(set) var letters: [UInt16] = []
    private(set) var texts: [String] = []
    let unitKeys: [UInt64]

    init(_ plan: SearchPlan) {
        unitKeys = plan.units.map(\.key)
        let codes = plan.codes
        for reading in plan.readings {
            let firstConcept = concepts.count
            for concept in reading.concepts {
                let firstAlternative = alternatives.count
                for alternative in concept.alternatives { append(alternative, codes) }
                concepts.append(Concept(weight: concept.weight, alternatives: firstAlternative..<alternatives.count))
            }
            readings.append(
                Reading(
                    factor: reading.factor, share: reading.factor / max(reading.total, 0.001),
                    concepts: firstConcept..<concepts.count))
        }
    }

    private mutating func append(_ alternative: SearchPlan.Alternative, _ codes: [[UInt16]]) {
        let (unit, character, letter) = (unitNumbers.count, characters.count, letters.count)
        unitNumbers += alternative.units.map { Int32($0.unit) }
        unitWeights += alternative.units.map(\.weight)
        characters += alternative.characters
        letters += alternative.letters
        texts.append(alternative.text)
        alternatives.append(
            Alternative(
                source: alternative.source, factor: alternative.factor, share: 1 / max(alternative.total, 0.001),
                isStrict: alternative.isStrict, units: unit..<unitNumbers.count,
                characters: character..<characters.count, letters: letter..<letters.count,
                code: alternative.source == .code ? codes.firstIndex(of: alternative.letters) ?? -1 : -1))
    }

    /// The arrays as plain memory; valid only within `withMemory`, all ranges made by this type.
    struct Memory {
        let readings: UnsafeBufferPointer<Reading>
        let concepts: UnsafeBufferPointer<Concept>
        let alternatives: UnsafeBufferPointer<Alternative>
        let unitNumbers: UnsafeBufferPointer<Int32>
        let unitWeights: UnsafeBufferPointer<Float>
        let characters: UnsafeBufferPointer<UInt16>
        /// For each set of field bits a one in the lanes of its fields, and in the sixth for any.
        let lanes: UnsafeBufferPointer<SIMD8<Float>>
    }

    private static let lanes: [SIMD8<Float>] = (0..<32).map { bits in
        var lanes = SIMD8<Float>()
        for lane in 0..<5 where bits & 1 << lane != 0 { lanes[lane] = 1 }
        lanes[5] = bits == 0 ? 0 : 1
        return lanes
    }

    func withMemory<Result>(_ body: (Memory) -> Result) -> Result {
        readings.withUnsafeBufferPointer { readings in
            concepts.withUnsafeBufferPointer { concepts in
                alternatives.withUnsafeBufferPointer { alternatives in
                    unitNumbers.withUnsafeBufferPointer { unitNumbers in
                        unitWeights.withUnsafeBufferPointer { unitWeights in
                            characters.withUnsafeBufferPointer { characters in
                                Self.lanes.withUnsafeBufferPointer { lanes in
                                    body(
                                        Memory(
                                            readings: readings, concepts: concepts, alternatives: alternatives,
                                            unitNumbers: unitNumbers, unitWeights: unitWeights,
                                            characters: characters, lanes: lanes))
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
