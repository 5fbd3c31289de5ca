/// What became of the rows of a file or of a feed; the parts add up to `rows`.
struct RowCounts: Equatable, Sendable {
    var rows = 0
    var rejected = 0
    var unmatched = 0
    var conflict = 0
    var duplicate = 0
    var matched = 0

    static func + (left: RowCounts, right: RowCounts) -> RowCounts {
        RowCounts(
            rows: left.rows + right.rows, rejected: left.rejected + right.rejected,
            unmatched: left.unmatched + right.unmatched, conflict: left.conflict + right.conflict,
            duplicate: left.duplicate + right.duplicate, matched: left.matched + right.matched)
    }
}

/// What a run did, as report.json tells it.
struct MonitoringReport: Sendable {
    struct File: Sendable {
        let file: String
        let feed: String
        let counts: RowCounts
    }

    struct RefusedFile: Sendable {
        let file: String
        let reason: RefusalReason
        let field: String
    }

    /// An indicator or a fact whose expression failed for some subjects.
    struct Failure: Sendable {
        enum Expression: Sendable {
            case indicator(String)
            case fact(String)
        }

        let expression: Expression
        let count: Int
        /// The first hundred, in the order met.
        let subjects: [String]
    }

    let rules: String
    let asOf: String
    let files: [File]
    let feeds: [(feed: String, counts: RowCounts)]
    let refused: [RefusedFile]
    let ignored: [String]
    let households: Int
    let persons: Int
    let registryProblems: [RegistryProblem]
    let alerts: [Direction: [Tier: Int]]
    let failures: [Failure]
    var seconds: [(phase: String, seconds: Double)]
    var peakBytes: Int

    /// report.json; without the times and the memory the same input gives the same bytes.
    func json(withMeasures: Bool = true) -> [UInt8] {
        var json = JSONBytes()
        json.raw("{\n  \"rules\": ")
        json.string(rules)
        json.raw(",\n  \"asOf\": ")
        json.string(asOf)
        json.raw(",\n  \"files\": ")
        list(files, &json) { file, json in
            json.raw("{\"file\": ")
            json.string(file.file)
            json.raw(", \"feed\": ")
            json.string(file.feed)
            json.raw(", ")
            write(file.counts, &json)
            json.raw("}")
        }
        json.raw(",\n  \"feeds\": {")
        for (place, one) in feeds.enumerated() {
            json.raw(place == 0 ? "\n    " : ",\n    ")
            json.string(one.feed)
            json.raw(": {")
            write(one.counts, &json)
            json.raw("}")
        }
        json.raw("\n  },\n  \"refused\": ")
        list(refused, &json) { file, json in
            json.raw("{\"file\": ")
            json.string(file.file)
            json.raw(", \"reason\": ")
            json.string(file.reason.rawValue)
            json.raw(", \"field\": ")
            json.string(file.field)
            json.raw("}")
        }
        json.raw(",\n  \"ignored\": ")
        list(ignored, &json) { name, json in json.string(name) }
        json.raw(",\n  \"registry\": {\"households\": ")
        json.int(Int64(households))
        json.raw(", \"persons\": ")
        json.int(Int64(persons))
        json.raw("},\n  \"registry_problems\": ")
        list(registryProblems, &json) { problem, json in
            json.raw("{\"file\": ")
            json.string(problem.file)
            json.raw(", \"line\": ")
            json.int(Int64(problem.line))
            json.raw(", \"reason\": ")
            json.string(problem.reason)
            json.raw(", \"subject\": ")
            json.string(problem.subject)
            json.raw("}")
        }
        json.raw(",\n  \"alerts\": {")
        for (place, direction) in [Direction.review, .support].enumerated() {
            json.raw(place == 0 ? "\n    " : ",\n    ")
            json.string(direction.rawValue)
            json.raw(": {")
            let tiers = [Tier.red, .orange, .yellow].filter { alerts[direction]?[$0] != nil }
            for (place, tier) in tiers.enumerated() {
                if place > 0 { json.raw(", ") }
                json.string(tier.rawValue)
                json.raw(": ")
                json.int(Int64(alerts[direction]?[tier] ?? 0))
            }
            json.raw("}")
        }
        json.raw("\n  },\n  \"failures\": ")
        list(failures, &json) { failure, json in
            switch failure.expression {
            case .indicator(let id):
                json.raw("{\"indicator\": ")
                json.string(id)
            case .fact(let name):
                json.raw("{\"fact\": ")
                json.string(name)
            }
            json.raw(", \"count\": ")
            json.int(Int64(failure.count))
            json.raw(", \"subjects\": [")
            for (place, subject) in failure.subjects.enumerated() {
                if place > 0 { json.raw(", ") }
                json.string(subject)
            }
            json.raw("]}")
        }
        if withMeasures {
            json.raw(",\n  \"seconds\": {")
            for (place, one) in seconds.enumerated() {
                if place > 0 { json.raw(", ") }
                json.string(one.phase)
                json.raw(": ")
                json.hundredths(Int64(one.seconds * 100))
            }
            json.raw("},\n  \"peakBytes\": ")
            json.int(Int64(peakBytes))
        }
        json.raw("\n}\n")
        return json.bytes
    }

    private func write(_ counts: RowCounts, _ json: inout JSONBytes) {
        let parts: [(StaticString, Int)] = [
            ("\"rows\": ", counts.rows), (", \"rejected\": ", counts.rejected), (", \"unmatched\": ", counts.unmatched),
            (", \"conflict\": ", counts.conflict), (", \"duplicate\": ", counts.duplicate),
            (", \"matched\": ", counts.matched),
        ]
        for (label, number) in parts {
            json.raw(label)
            json.int(Int64(number))
        }
    }

    private func list<Element>(
        _ elements: [Element], _ json: inout JSONBytes, _ write: (Element, inout JSONBytes) -> Void
    ) {
        json.raw("[")
        for (place, element) in elements.enumerated() {
            json.raw(place == 0 ? "\n    " : ",\n    ")
            write(element, &json)
        }
        json.raw(elements.isEmpty ? "]" : "\n  ]")
    }
}
