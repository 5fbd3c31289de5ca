import SocialDomain

/// An alert as a run found it, for whoever stores or shows it.
struct FoundAlert: Sendable {
    let household: String
    let division: String
    let direction: Direction
    let tier: Tier
    let points: Int
    let signals: [FoundSignal]
    /// The signals as in alerts.jsonl.
    let signalsJSON: String
}

/// One signal of an alert.
struct FoundSignal: Sendable {
    let indicator: String
    /// The household's or the person's id.
    let subject: String
    let points: Int
    /// A JSON object of the facts that the expression names.
    let factsJSON: String
}

/// What a run found.
struct MonitoringOutcome: Sendable {
    let report: MonitoringReport
    let context: EvaluationContext
    fileprivate let alertBlocks: [[UInt8]]
    fileprivate let rejects: [UInt8]
    fileprivate let conflicts: [UInt8]
    private let evidence: [KindEvidence]

    init(
        report: MonitoringReport, context: EvaluationContext, alertBlocks: [[UInt8]], rejects: [UInt8],
        conflicts: [UInt8], evidence: [KindEvidence]
    ) {
        self.report = report
        self.context = context
        self.alertBlocks = alertBlocks
        self.rejects = rejects
        self.conflicts = conflicts
        self.evidence = evidence
    }

    /// The whole of alerts.jsonl.
    var alertLines: [UInt8] { Array(alertBlocks.joined()) }

    /// Writes the four files: all of them or none. Earlier ones of the same names are replaced.
    func write(to folder: String, isStopped: () -> Bool = { false }) throws(MonitoringFailure) {
        let start = ContinuousClock.now
        var output = try OutputFolder(folder)
        try output.write(alertBlocks, to: "alerts.jsonl")
        try output.write([rejects], to: "rejects.csv")
        try output.write([conflicts], to: "conflicts.csv")
        var told = report
        let seconds = start.duration(to: .now).components
        told.seconds.append(("writing", Double(seconds.seconds) + Double(seconds.attoseconds) * 1e-18))
        told.peakBytes = ProcessMemory.peakBytes()
        try output.write([told.json()], to: "report.json")
        if isStopped() { throw .stopped }
        try output.commit()
    }

    /// Every alert, by household, then direction.
    func forEachAlert(_ body: (FoundAlert) throws -> Void) rethrows {
        let evaluator = HouseholdEvaluator(context)
        let lines = AlertLines(context)
        let register = context.register
        var json = JSONBytes()
        func text(_ write: (inout JSONBytes) -> Void) -> String {
            json.removeAll()
            write(&json)
            return String(decoding: json.bytes, as: UTF8.self)
        }
        for household in 0..<register.householdCount {
            try evaluator.evaluate(household) { found in
                let signals = found.signals.map { signal in
                    FoundSignal(
                        indicator: context.rules.indicators[signal.indicator].id,
                        subject: String(decoding: lines.subject(signal, household), as: UTF8.self),
                        points: context.rules.indicators[signal.indicator].points,
                        factsJSON: text { lines.writeFacts(signal, household, to: &$0) })
                }
                try body(
                    FoundAlert(
                        household: register.householdIDs.text(household),
                        division: register.texts[Int(register.divisions[household])], direction: found.direction,
                        tier: found.tier, points: found.points, signals: signals,
                        signalsJSON: text { lines.writeSignals(found, to: &$0) }))
            }
        }
    }

    /// The matched rows of every household that has any, by household: a JSON array of
    /// `{"person","feed","file","line","date","key":{},"values":{},"facts":[]}` in UTF-8.
    ///
    /// The rows of some households are written on another thread while the caller takes those of the ones before.
    func forEachEvidence(
        _ body: (_ household: String, _ rowsJSON: UnsafeBufferPointer<UInt8>) throws -> Void
    ) rethrows {
        let total = context.register.householdCount
        let blockSize = 1024
        try OneAhead.forEach(count: (total + blockSize - 1) / blockSize) { [self] number in
            evidenceBlock(number * blockSize..<min(total, (number + 1) * blockSize))
        } take: { block in
            try block.json.withUnsafeBufferPointer { bytes in
                for entry in block.entries {
                    try body(
                        context.register.householdIDs.text(entry.household),
                        UnsafeBufferPointer(rebasing: bytes[entry.range]))
                }
            }
        }
    }

    /// nil where the household has no matched row, or the run did not keep its evidence.
    func evidenceJSON(ofHousehold household: Int) -> String? {
        let block = evidenceBlock(household..<household + 1)
        return block.entries.isEmpty ? nil : String(decoding: block.json, as: UTF8.self)
    }

    private struct EvidenceBlock: Sendable {
        var json: [UInt8] = []
        var entries: [(household: Int, range: Range<Int>)] = []
    }

    private func evidenceBlock(_ households: Range<Int>) -> EvidenceBlock {
        let register = context.register
        var block = EvidenceBlock()
        var json = JSONBytes()
        for household in households {
            let start = json.bytes.count
            var isFirst = true
            for person in Int(register.memberStarts[household])..<Int(register.memberStarts[household + 1]) {
                for kind in evidence { kind.write(person, register, to: &json, isFirst: &isFirst) }
            }
            if isFirst { continue }
            json.raw("]")
            block.entries.append((household, start..<json.bytes.count))
        }
        block.json = json.bytes
        return block
    }
}
