internal import CScan
import Dispatch

/// The facts of every household and person, in columns; only those that an indicator asks for.
final class FactStore: Sendable {
    /// One fact in one scope: a count, or a sum, greatest or least value plus one (0: absent).
    typealias Column = FixedArray<Int64>

    private let rules: RuleBook
    private let register: Register
    /// By fact; nil where no indicator of that scope names it.
    let ofHouseholds: [Column?]
    let ofPersons: [Column?]
    /// By fact, for those who read them again and again.
    let householdReaders: PinnedArray<FactReader>
    let personReaders: PinnedArray<FactReader>

    init(rules: RuleBook, register: Register) {
        self.rules = rules
        self.register = register
        var households = Set<Int>()
        var persons = Set<Int>()
        for indicator in rules.indicators {
            if indicator.scope == .household {
                households.formUnion(indicator.facts)
            } else {
                persons.formUnion(indicator.facts)
            }
        }
        // A household's number of persons is counted when the first row of each of them is met.
        for index in households where rules.facts[index].function == .countPersons { persons.insert(index) }
        ofHouseholds = rules.facts.indices.map {
            households.contains($0) ? Column(count: register.householdCount) : nil
        }
        ofPersons = rules.facts.indices.map { persons.contains($0) ? Column(count: register.personCount) : nil }
        func readers(_ columns: [Column?]) -> PinnedArray<FactReader> {
            PinnedArray(zip(rules.facts, columns).map { FactReader($1, $0.function, $0.valueType) })
        }
        householdReaders = readers(ofHouseholds)
        personReaders = readers(ofPersons)
    }

    /// Adds the used rows of one feed kind.
    func add(_ parts: [MatchedRows], plan: KindPlan, threads: Int) {
        guard plan.facts.count > 0 else { return }
        let latest = plan.facts.buffer.contains(where: \.isLatest) ? LatestRows(parts, plan, register.personCount) : nil
        let total = parts.reduce(0) { $0 + $1.count }
        let shares = total < 10_000 ? 1 : threads
        let households = register.householdCount
        DispatchQueue.concurrentPerform(iterations: shares) { share in
            // Each thread owns a range of households, and so of persons.
            let from = UInt32(register.memberStarts[households * share / shares])
            let until = UInt32(register.memberStarts[households * (share + 1) / shares])
            add(parts, plan, latest, persons: from..<until)
        }
    }

    /// What a row adds to a fact, ready for the innermost loop.
    private struct Target: BitwiseCopyable, Sendable {
        enum Step: UInt8 {
            case count
            case countPersons
            case sum
            case greatest
            case least
        }

        let step: Step
        let isLatest: Bool
        /// Where in the row the value stands, −1 for counts.
        let offset: Int
        // The store's columns, of which each thread writes its own households and persons.
        nonisolated(unsafe) let households: UnsafeMutablePointer<Int64>?
        nonisolated(unsafe) let persons: UnsafeMutablePointer<Int64>?

        @inline(__always)
        func take(_ row: UnsafeRawPointer, _ person: Int, _ household: Int) {
            if step == .countPersons {
                guard let persons, persons[person] == 0 else { return }
                persons[person] = 1
                if let households { households[household] &+= 1 }
                return
            }
            let value = offset < 0 ? 0 : row.load(fromByteOffset: offset, as: Int64.self)
            if let households { add(value, to: &households[household]) }
            if let persons { add(value, to: &persons[person]) }
        }

        @inline(__always)
        private func add(_ value: Int64, to stored: inout Int64) {
            switch step {
            case .count, .countPersons: stored &+= 1
            case .sum:
                // Sums beyond 92,233,720,368,547,758 yuan stay there: no real money does.
                let (sum, overflows) = stored.addingReportingOverflow(value)
                stored = overflows ? .max : sum
            case .greatest: stored = max(stored, value &+ 1)
            case .least: stored = stored == 0 ? value &+ 1 : min(stored, value &+ 1)
            }
        }
    }

    private func targets(_ plan: KindPlan, _ layout: RowLayout) -> PinnedArray<Target> {
        PinnedArray(
            plan.facts.buffer.map { fact in
                let step: Target.Step =
                    switch rules.facts[fact.index].function {
                    case .countRows, .countMembers: .count
                    case .countPersons: .countPersons
                    case .sum: .sum
                    case .max: .greatest
                    case .min: .least
                    }
                return Target(
                    step: step, isLatest: fact.isLatest, offset: fact.value < 0 ? -1 : layout.values + 8 * fact.value,
                    households: ofHouseholds[fact.index]?.base, persons: ofPersons[fact.index]?.base)
            })
    }

    private func add(_ parts: [MatchedRows], _ plan: KindPlan, _ latest: LatestRows?, persons: Range<UInt32>) {
        guard let layout = parts.first?.layout else { return }
        let targets = targets(plan, layout)
        let targetBase = targets.base
        let households = register.households.base
        // Rows lie in the order of the extract, so what they add to lies anywhere: it is asked for some rows ahead, first
        // the person's household, then the places of the first facts.
        let fetched = UnsafeBufferPointer(start: targetBase, count: min(targets.count, 3))
        let far = 24
        let near = 12
        for part in parts {
            for index in 0..<part.count {
                if index &+ far < part.count {
                    let person = UnsafeRawPointer(part.row(index &+ far)).load(
                        fromByteOffset: RowLayout.person, as: UInt32.self)
                    if persons.contains(person) { scan_prefetch(households + Int(person)) }
                    let next = UnsafeRawPointer(part.row(index &+ near)).load(
                        fromByteOffset: RowLayout.person, as: UInt32.self)
                    if persons.contains(next) {
                        for target in fetched {
                            if let column = target.households { scan_prefetch(column + Int(households[Int(next)])) }
                            if let column = target.persons { scan_prefetch(column + Int(next)) }
                        }
                    }
                }
                let row = UnsafeRawPointer(part.row(index))
                let person = row.load(fromByteOffset: RowLayout.person, as: UInt32.self)
                guard persons.contains(person),
                    row.load(fromByteOffset: RowLayout.state, as: UInt32.self) == RowState.used
                else { continue }
                let household = Int(households[Int(person)])
                for word in 0..<plan.maskWords {
                    var mask = row.load(fromByteOffset: RowLayout.mask + 8 * word, as: UInt64.self)
                    while mask != 0 {
                        let target = targetBase[word &* 64 &+ mask.trailingZeroBitCount]
                        mask &= mask &- 1
                        if target.isLatest, let latest, !latest.isLatest(row, Int(person)) { continue }
                        target.take(row, Int(person), household)
                    }
                }
            }
        }
    }
}

/// The row with the latest date of each person, of equal dates the later row.
struct LatestRows: Sendable {
    private let rows: FixedArray<UInt>

    /// Dates are compared among rows up to the as-of day.
    init(_ parts: [MatchedRows], _ plan: KindPlan, _ personCount: Int) {
        rows = FixedArray(count: personCount)
        for part in parts {
            for index in 0..<part.count {
                let row = UnsafeRawPointer(part.row(index))
                guard row.load(fromByteOffset: RowLayout.state, as: UInt32.self) == RowState.used else { continue }
                let date = row.load(fromByteOffset: RowLayout.date, as: Int32.self)
                guard date != Absence.missingDate, date <= plan.asOf else { continue }
                let person = Int(row.load(fromByteOffset: RowLayout.person, as: UInt32.self))
                if let best = UnsafeRawPointer(bitPattern: rows[person]),
                    best.load(fromByteOffset: RowLayout.date, as: Int32.self) > date
                {
                    continue
                }
                rows[person] = UInt(bitPattern: row)
            }
        }
    }

    @inline(__always)
    func isLatest(_ row: UnsafeRawPointer, _ person: Int) -> Bool {
        rows[person] == UInt(bitPattern: row)
    }
}
