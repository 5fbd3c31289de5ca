/// Why a household has its alerts, or has none: every indicator tried on it, with the figures that decided.
struct HouseholdExplanation: Sendable {
    struct Trial: Sendable {
        /// The indicator's place in the rule book.
        let indicator: Int
        /// The person's id, nil for the household itself.
        let person: String?
        let truth: Truth
        /// Each comparison of the expression with its operands' values.
        let steps: [(source: String, value: String)]
        /// The facts that the expression names, as in alerts.jsonl.
        let factsJSON: String
    }

    let household: String
    let trials: [Trial]
    let alerts: [FoundPoints]
    /// The matched rows of the household, as the evidence holds them.
    let rowsJSON: String?
}

extension MonitoringOutcome {
    /// nil where the register has no such household; the rows only where the run kept its evidence.
    func explanation(of id: String) -> HouseholdExplanation? {
        let register = context.register
        guard let household = (0..<register.householdCount).first(where: { register.householdIDs.text($0) == id })
        else { return nil }
        let evaluator = HouseholdEvaluator(context)
        let lines = AlertLines(context)
        var alerts: [FoundPoints] = []
        evaluator.evaluate(household) { alerts.append($0) }
        var trials: [HouseholdExplanation.Trial] = []
        evaluator.forEachTrial(of: household) { indicator, person, frame in
            var json = JSONBytes()
            lines.writeFacts(Signal(indicator: indicator, person: person), household, to: &json)
            let condition = context.rules.indicators[indicator].condition
            trials.append(
                .init(
                    indicator: indicator, person: person < 0 ? nil : register.personIDs.text(person),
                    truth: condition.evaluate(frame), steps: condition.trace(frame),
                    factsJSON: String(decoding: json.bytes, as: UTF8.self)))
        }
        return HouseholdExplanation(
            household: id, trials: trials, alerts: alerts, rowsJSON: evidenceJSON(ofHousehold: household))
    }
}
