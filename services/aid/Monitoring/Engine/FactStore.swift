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

    private func add(_ parts: [MatchedRows], _ plan: KindPlan, _ latest: LatestRows?, persons: Range<UInt32>) {
        for part in parts {
            let layout = part.layout
            for index in 0..<part.count {
                let row = UnsafeRawPointer(part.row(index))
                guard row.load(fromByteOffset: RowLayout.state, as: UInt32.self) == RowState.used else { continue }
                let person = row.load(fromByteOffset: RowLayout.person, as: UInt32.self)
                guard persons.contains(person) else { continue }
                for word in 0..<plan.maskWords {
                    var mask = row.load(fromByteOffset: RowLayout.mask + 8 * word, as: UInt64.self)
                    while mask != 0 {
                        let bit = word &* 64 &+ mask.trailingZeroBitCount
                        mask &= mask &- 1
                        let fact = plan.facts.base[bit]
                        if fact.isLatest, let latest, !latest.isLatest(row, Int(person)) { continue }
                        let value =
                            fact.value < 0
                            ? 0 : row.load(fromByteOffset: layout.values + 8 * fact.value, as: Int64.self)
                        take(fact.index, Int(person), value)
                    }
                }
            }
        }
    }

    private func take(_ index: Int, _ person: Int, _ value: Int64) {
        let function = rules.facts[index].function
        let household = Int(register.households[person])
        if function == .countPersons {
            guard let persons = ofPersons[index] else { return }
            if persons[person] == 0 {
                persons[person] = 1
                if let column = ofHouseholds[index] { column[household] &+= 1 }
            }
            return
        }
        if let column = ofHouseholds[index] { Self.take(function, &column.base[household], value) }
        if let column = ofPersons[index] { Self.take(function, &column.base[person], value) }
    }

    private static func take(_ function: FactFunction, _ stored: inout Int64, _ value: Int64) {
        switch function {
        case .countRows, .countMembers, .countPersons: stored &+= 1
        case .sum:
            // Sums beyond 92,233,720,368,547,758 yuan stay there: no real money does.
            let (sum, overflows) = stored.addingReportingOverflow(value)
            stored = overflows ? .max : sum
        case .max: stored = max(stored, value &+ 1)
        case .min: stored = stored == 0 ? value &+ 1 : min(stored, value &+ 1)
        }
    }

    /// The fact as expressions see it.
    @inline(__always)
    func slot(_ index: Int, _ column: Column?, _ subject: Int) -> Slot {
        guard let stored = column?[subject] else { return .null }
        switch rules.facts[index].function {
        case .countRows, .countPersons, .countMembers: return .int(stored)
        case .sum: return isDouble(index) ? .double(Double(stored) / 100) : .int(stored)
        case .max, .min:
            if stored == 0 { return .null }
            return isDouble(index) ? .double(Double(stored &- 1) / 100) : .int(stored &- 1)
        }
    }

    func isDouble(_ index: Int) -> Bool {
        rules.facts[index].valueType == .hundredths
    }

    /// The whole hundredths of a fact that is a double and not absent.
    func hundredths(_ index: Int, _ column: Column?, _ subject: Int) -> Int64 {
        let stored = column?[subject] ?? 0
        switch rules.facts[index].function {
        case .max, .min: return stored - 1
        default: return stored
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
