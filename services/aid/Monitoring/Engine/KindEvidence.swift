import SocialDomain

/// The used rows of one feed kind, found by person.
final class KindEvidence: Sendable {
    private let plan: KindPlan
    private let readers: PinnedArray<FeedPartReader>
    /// `,"feed":…,"file":…,"line":` of each reader's rows.
    private let places: PinnedArray<[UInt8]>
    /// The facts' names as JSON.
    private let factNames: PinnedArray<[UInt8]>
    private let firstLines: PinnedArray<Int>
    private let latest: LatestRows?
    /// The first of a person's rows in `rows`; one more entry than persons.
    private let starts: FixedArray<UInt32>
    /// The reader's number in the upper half, the row's in the lower.
    private let rows: FixedArray<UInt64>

    init(plan: KindPlan, tables: [ReadTable<FeedPartReader>], rules: RuleBook, personCount: Int) {
        self.plan = plan
        let parts = tables.flatMap { table in
            table.parts.map { ($0.reader, table.table.file.name, $0.firstLine) }
        }
        let readers = parts.map(\.0)
        self.readers = PinnedArray(readers)
        places = PinnedArray(
            parts.map { part in
                var json = JSONBytes()
                json.raw(",\"feed\":")
                json.string(plan.kind.name)
                json.raw(",\"file\":")
                json.string(part.1)
                json.raw(",\"line\":")
                return json.bytes
            })
        factNames = PinnedArray(
            plan.facts.buffer.map { fact in
                var json = JSONBytes()
                json.string(rules.facts[fact.index].name)
                return json.bytes
            })
        firstLines = PinnedArray(parts.map(\.2))
        latest =
            plan.facts.buffer.contains(where: \.isLatest) ? LatestRows(readers.map(\.matched), plan, personCount) : nil
        let starts = FixedArray<UInt32>(count: personCount + 2)
        var total = 0
        func forEachUsed(_ body: (_ person: Int, _ reader: Int, _ row: Int) -> Void) {
            for (number, reader) in readers.enumerated() {
                for index in 0..<reader.matched.count {
                    let row = UnsafeRawPointer(reader.matched.row(index))
                    guard row.load(fromByteOffset: RowLayout.state, as: UInt32.self) == RowState.used else { continue }
                    body(Int(row.load(fromByteOffset: RowLayout.person, as: UInt32.self)), number, index)
                }
            }
        }
        forEachUsed { person, _, _ in
            starts[person + 2] += 1
            total += 1
        }
        for person in 0..<personCount { starts[person + 2] += starts[person + 1] }
        let rows = FixedArray<UInt64>(count: total)
        forEachUsed { person, reader, index in
            rows[Int(starts[person + 1])] = UInt64(reader) << 32 | UInt64(index)
            starts[person + 1] += 1
        }
        self.starts = starts
        self.rows = rows
    }

    /// Writes a person's rows behind those of the household that are there; the first opens the array.
    func write(_ person: Int, _ register: Register, to json: inout JSONBytes, isFirst: inout Bool) {
        for place in Int(starts[person])..<Int(starts[person + 1]) {
            let number = Int(rows[place] >> 32)
            let reader = readers.base[number]
            let row = UnsafeRawPointer(reader.matched.row(Int(rows[place] & 0xFFFF_FFFF)))
            json.raw(isFirst ? "[" : ",")
            isFirst = false
            json.raw("{\"person\":")
            json.string(register.personIDs[person])
            json.raw(places.base[number])
            json.int(Int64(firstLines.base[number]) + Int64(row.load(fromByteOffset: RowLayout.line, as: UInt32.self)))
            json.raw(",\"date\":")
            let date = row.load(fromByteOffset: RowLayout.date, as: Int32.self)
            if date > Absence.undated {
                json.string(CalendarDate(dayNumber: date).description)
            } else {
                json.raw("null")
            }
            json.raw(",")
            let layout = reader.matched.layout
            let start = Int(row.load(fromByteOffset: layout.evidence, as: UInt32.self))
            let count = Int(row.load(fromByteOffset: layout.evidence + 4, as: UInt32.self))
            reader.evidence.withUnsafeBufferPointer {
                json.raw(UnsafeBufferPointer(rebasing: $0[start..<start + count]))
            }
            json.raw(",\"facts\":[")
            var isFirstFact = true
            for bit in 0..<plan.facts.count {
                let mask = row.load(fromByteOffset: RowLayout.mask + 8 * (bit >> 6), as: UInt64.self)
                guard mask >> UInt64(bit & 63) & 1 == 1 else { continue }
                if plan.facts.base[bit].isLatest, let latest, !latest.isLatest(row, person) { continue }
                if !isFirstFact { json.raw(",") }
                isFirstFact = false
                json.raw(factNames.base[bit])
            }
            json.raw("]}")
        }
    }
}
