import SocialDomain

/// One indicator that holds for a subject.
struct Signal: Sendable {
    /// The indicator's place in the rule book.
    let indicator: Int
    /// The person whom it holds for, or −1 for the household itself.
    let person: Int
}

/// What has been found of one household in one direction.
struct FoundPoints: Sendable {
    let household: Int
    let direction: Direction
    let tier: Tier
    let points: Int
    let signals: [Signal]
}

/// What every evaluation of a run shares.
final class EvaluationContext: Sendable {
    let rules: RuleBook
    let register: Register
    let facts: FactStore
    let asOf: CalendarDate
    let ages: FixedArray<Int16>
    /// The parameters' values by the number of a division's text, one after the other.
    let parameters: FixedArray<Double>
    let householdIndicators: PinnedArray<Int>
    let personIndicators: PinnedArray<Int>
    let householdFacts: PinnedArray<Int>
    let personFacts: PinnedArray<Int>
    /// By indicator: its direction and its points.
    let weights: PinnedArray<(direction: Direction, points: Int)>
    /// By indicator; of the rule book's programs.
    let conditions: PinnedArray<ProgramRunner>

    init(rules: RuleBook, register: Register, facts: FactStore, asOf: CalendarDate, ages: FixedArray<Int16>) {
        self.rules = rules
        self.register = register
        self.facts = facts
        self.asOf = asOf
        self.ages = ages
        let values = FixedArray<Double>(count: register.texts.count * rules.parameters.count)
        var isDivision = Set<UInt32>()
        for household in 0..<register.householdCount { isDivision.insert(register.divisions[household]) }
        for number in isDivision {
            let division = register.texts[Int(number)]
            for (place, parameter) in rules.parameters.enumerated() {
                values[Int(number) * rules.parameters.count + place] = parameter.value(forDivision: division)
            }
        }
        parameters = values
        func indicators(_ scope: IndicatorScope) -> [Int] {
            rules.indicators.indices.filter { rules.indicators[$0].scope == scope }
        }
        func factsNamed(by indicators: [Int]) -> PinnedArray<Int> {
            PinnedArray(Set(indicators.flatMap { rules.indicators[$0].facts }).sorted())
        }
        householdIndicators = PinnedArray(indicators(.household))
        personIndicators = PinnedArray(indicators(.person))
        householdFacts = factsNamed(by: indicators(.household))
        personFacts = factsNamed(by: indicators(.person))
        weights = PinnedArray(rules.indicators.map { ($0.direction, $0.points) })
        conditions = PinnedArray(rules.indicators.map(\.condition.runner))
    }
}

/// Tries the indicators on one household after another; one evaluator serves one thread.
final class HouseholdEvaluator {
    /// Indicators that failed: with the person, or −1.
    private(set) var failures: [Signal] = []

    private let context: EvaluationContext
    private let frame: UnsafeMutablePointer<Slot>
    private let firstFact: Int
    private var signals: [Signal] = []

    init(_ context: EvaluationContext) {
        self.context = context
        firstFact = RuleFrame.Subject.firstParameter + context.rules.parameters.count
        let count = firstFact + context.rules.facts.count
        frame = .allocate(capacity: count)
        frame.initialize(repeating: .null, count: count)
    }

    deinit {
        frame.deallocate()
    }

    /// Calls the body with each direction in which the household reaches a tier, in the order of their names.
    func evaluate(_ household: Int, _ found: (FoundPoints) throws -> Void) rethrows {
        signals.removeAll(keepingCapacity: true)
        failures.removeAll(keepingCapacity: true)
        let register = context.register
        let frame = UnsafePointer(frame)
        fill(household)
        let conditions = context.conditions.base
        for index in context.householdIndicators.buffer {
            note(conditions[index].evaluate(frame), Signal(indicator: index, person: -1))
        }
        if context.personIndicators.count > 0 {
            let members = Int(register.memberStarts[household])..<Int(register.memberStarts[household + 1])
            for person in members {
                fill(person: person)
                for index in context.personIndicators.buffer {
                    note(conditions[index].evaluate(frame), Signal(indicator: index, person: person))
                }
            }
        }
        guard !signals.isEmpty else { return }
        let weights = context.weights.base
        if signals.count > 1 { sortSignals() }
        for direction in [Direction.review, .support] {
            let own = signals.filter { weights[$0.indicator].direction == direction }
            guard !own.isEmpty else { continue }
            let points = min(100, own.reduce(0) { min(100, $0 + weights[$1.indicator].points) })
            guard let tier = context.rules.tiers[direction]?.tier(forPoints: points) else { continue }
            try found(
                FoundPoints(household: household, direction: direction, tier: tier, points: points, signals: own))
        }
    }

    /// Calls the body with the frame of every indicator for the household or for each of its members.
    func forEachTrial(
        of household: Int, _ body: (_ indicator: Int, _ person: Int, _ frame: UnsafePointer<Slot>) -> Void
    ) {
        let register = context.register
        fill(household)
        for index in context.householdIndicators.buffer { body(index, -1, frame) }
        for person in Int(register.memberStarts[household])..<Int(register.memberStarts[household + 1]) {
            fill(person: person)
            for index in context.personIndicators.buffer { body(index, person, frame) }
        }
    }

    private func note(_ truth: Truth, _ signal: Signal) {
        switch truth {
        case .no: break
        case .yes: signals.append(signal)
        case .failed: failures.append(signal)
        }
    }

    private func sortSignals() {
        let ids = context.register.personIDs
        signals.sort { left, right in
            if left.indicator != right.indicator { return left.indicator < right.indicator }
            return ids[left.person].lexicographicallyPrecedes(ids[right.person])
        }
    }

    private func fill(person: Int) {
        PersonFrame.fill(
            frame + RuleFrame.Subject.age, context.register, person, age: Int(context.ages[person]))
        for fact in context.personFacts.buffer {
            frame[firstFact + fact] = context.facts.personReaders.base[fact].slot(person)
        }
    }

    private func fill(_ household: Int) {
        let register = context.register
        frame[RuleFrame.Subject.category] = register.slot(ofText: register.categories[household])
        frame[RuleFrame.Subject.settlement] = register.slot(ofText: register.settlements[household])
        frame[RuleFrame.Subject.division] = register.slot(ofText: register.divisions[household])
        frame[RuleFrame.Subject.size] = .int(
            Int64(register.memberStarts[household + 1] - register.memberStarts[household]))
        let income = register.incomes[household]
        frame[RuleFrame.Subject.incomePerCapita] = income < 0 ? .null : .double(Double(income) / 100)
        let enrolled = register.enrolments[household]
        let months =
            enrolled == Absence.missingDate
            ? 0 : CalendarDate(dayNumber: enrolled).fullMonths(until: context.asOf)
        frame[RuleFrame.Subject.monthsEnrolled] = .int(Int64(months))
        let parameters = context.rules.parameters.count
        let first = Int(register.divisions[household]) * parameters
        for place in 0..<parameters {
            frame[RuleFrame.Subject.firstParameter + place] = .double(context.parameters[first + place])
        }
        for fact in context.householdFacts.buffer {
            frame[firstFact + fact] = context.facts.householdReaders.base[fact].slot(household)
        }
    }
}
