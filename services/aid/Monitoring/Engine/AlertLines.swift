/// Writes alerts as lines of alerts.jsonl, byte for byte as design/monitoring.md lays them down.
struct AlertLines {
    private let context: EvaluationContext
    /// For each indicator its facts with `"name":` ready to copy.
    private let labels: [[(fact: Int, label: [UInt8])]]
    private let indicatorIDs: [[UInt8]]

    init(_ context: EvaluationContext) {
        self.context = context
        labels = context.rules.indicators.map { indicator in
            indicator.facts.map { fact in
                var label = JSONBytes()
                label.string(context.rules.facts[fact].name)
                label.raw(":")
                return (fact, label.bytes)
            }
        }
        indicatorIDs = context.rules.indicators.map { indicator in
            var id = JSONBytes()
            id.string(indicator.id)
            return id.bytes
        }
    }

    func write(_ found: FoundPoints, to json: inout JSONBytes) {
        json.raw("{\"household\":")
        json.string(context.register.householdIDs[found.household])
        json.raw(",\"direction\":\"")
        json.raw(found.direction.rawValue.utf8)
        json.raw("\",\"tier\":\"")
        json.raw(found.tier.rawValue.utf8)
        json.raw("\",\"points\":")
        json.int(Int64(found.points))
        json.raw(",\"signals\":")
        writeSignals(found, to: &json)
        json.raw("}\n")
    }

    func writeSignals(_ found: FoundPoints, to json: inout JSONBytes) {
        json.raw("[")
        for (place, signal) in found.signals.enumerated() {
            if place > 0 { json.raw(",") }
            json.raw("{\"indicator\":")
            json.raw(indicatorIDs[signal.indicator])
            json.raw(",\"subject\":")
            json.string(subject(signal, found.household))
            json.raw(",\"points\":")
            json.int(Int64(context.weights.base[signal.indicator].points))
            json.raw(",\"facts\":")
            writeFacts(signal, found.household, to: &json)
            json.raw("}")
        }
        json.raw("]")
    }

    func subject(_ signal: Signal, _ household: Int) -> UnsafeBufferPointer<UInt8> {
        signal.person < 0 ? context.register.householdIDs[household] : context.register.personIDs[signal.person]
    }

    func writeFacts(_ signal: Signal, _ household: Int, to json: inout JSONBytes) {
        json.raw("{")
        let isHousehold = signal.person < 0
        let readers = isHousehold ? context.facts.householdReaders : context.facts.personReaders
        for (place, (fact, label)) in labels[signal.indicator].enumerated() {
            if place > 0 { json.raw(",") }
            json.raw(label)
            readers.base[fact].write(isHousehold ? household : signal.person, to: &json)
        }
        json.raw("}")
    }
}
