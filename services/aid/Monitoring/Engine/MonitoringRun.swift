import Glibc
import SocialDomain
import Synchronization
import Tabular

/// The main job: register and extracts in, alerts with their evidence out.
struct MonitoringRun: Sendable {
    let rules: RuleBook
    let kinds: FeedKindCatalogue
    let asOf: CalendarDate
    /// How many threads work side by side; the result is the same for any number.
    let threads: Int
    /// Whether the matched rows are kept for `MonitoringOutcome.forEachEvidence`.
    let keepsEvidence: Bool

    init(
        rules: RuleBook, kinds: FeedKindCatalogue, asOf: CalendarDate,
        threads: Int = Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))), keepsEvidence: Bool = false
    ) {
        self.rules = rules
        self.kinds = kinds
        self.asOf = asOf
        self.threads = max(1, threads)
        self.keepsEvidence = keepsEvidence
    }

    /// - Parameters:
    ///   - feeds: every file handed in; those of no kind are listed as ignored.
    ///   - progress: called from several threads.
    func execute(
        register: Register, feeds: [FeedFile],
        progress: @escaping @Sendable (MonitoringProgress) -> Void = { _ in },
        isStopped: @escaping @Sendable () -> Bool = { false }
    ) throws(MonitoringFailure) -> MonitoringOutcome {
        let sorted = feeds.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        let control = RunControl(
            totalBytes: sorted.reduce(0) { $0 + $1.size }, progress: progress, isStopped: isStopped)
        return try execute(register: register, feeds: sorted, control: control, clock: PhaseClock())
    }

    func execute(
        register: Register, feeds: [FeedFile], control: RunControl, clock: consuming PhaseClock
    ) throws(MonitoringFailure) -> MonitoringOutcome {
        control.enter("feeds")
        let ages = FixedArray<Int16>(count: register.personCount)
        SideBySide.run(rangesOf: register.personCount) { range in
            for person in range { ages[person] = Int16(register.age(of: person, at: asOf)) }
        }
        let facts = FactStore(rules: rules, register: register)
        var collected = CollectedFeeds(ruleCount: rules.facts.count)
        var byKind: [Int: [FeedFile]] = [:]
        for file in feeds {
            if file.isTable, let kind = kinds.kind(forFile: file.name) {
                byKind[kind, default: []].append(file)
            } else {
                collected.ignored.append(file.name)
            }
        }
        let hash = KeyedHash()
        for (kind, files) in byKind.sorted(by: { $0.key < $1.key }) {
            let plan = KindPlan(
                kindIndex: kind, rules: rules, kinds: kinds, asOf: asOf, keepsEvidence: keepsEvidence)
            let layout = RowLayout(
                maskWords: plan.maskWords, values: plan.valueFields.count, keepsEvidence: keepsEvidence)
            let outcomes = try TableParts.read(files, threads: threads, control: control) {
                (table: OpenTable) throws(Refusal) -> @Sendable () -> FeedPartReader in
                let filePlan = try FeedPlan(plan, table: table)
                return {
                    FeedPartReader(plan: filePlan, register: register, ages: ages, hash: hash, layout: layout)
                }
            }
            collected.add(
                outcomes, plan: plan, rules: rules, register: register, facts: facts, threads: threads)
        }
        clock.end("feeds")
        control.enter("alerts")
        collected.addMembers(rules: rules, register: register, ages: ages, facts: facts)
        let context = EvaluationContext(rules: rules, register: register, facts: facts, asOf: asOf, ages: ages)
        let evaluated = AlertBlocks.evaluate(context, threads: threads)
        if control.isStopped { throw .stopped }
        clock.end("alerts")
        let report = MonitoringReport(
            rules: rules.version, asOf: asOf.description, files: collected.sortedFiles, feeds: collected.feedCounts,
            refused: collected.sortedRefused, ignored: collected.ignored,
            households: register.householdCount, persons: register.personCount,
            registryProblems: register.problems, alerts: evaluated.counts,
            failures: collected.failures(rules, register) + evaluated.failures, seconds: clock.phases,
            peakBytes: ProcessMemory.peakBytes())
        return MonitoringOutcome(
            report: report, context: context, alertBlocks: evaluated.blocks, rejects: collected.rejects(),
            conflicts: collected.conflicts(register), evidence: collected.evidence)
    }
}

extension FeedFile {
    /// Bytes, 0 where it cannot be seen.
    var size: Int { ReadableFile.size(ofPlainFile: path) ?? 0 }
}

/// Measures phases one after the other.
struct PhaseClock {
    private(set) var phases: [(phase: String, seconds: Double)] = []
    private var last = ContinuousClock.now

    mutating func end(_ phase: String) {
        let now = ContinuousClock.now
        let duration = last.duration(to: now)
        phases.append((phase, Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18))
        last = now
    }
}

enum ProcessMemory {
    /// The most memory that this process has had resident (VmHWM), bytes; 0 where it is not told.
    static func peakBytes() -> Int {
        guard let file = fopen("/proc/self/status", "r") else { return 0 }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 256)
        while fgets(&line, Int32(line.count), file) != nil {
            let text = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            guard text.hasPrefix("VmHWM:") else { continue }
            return (Int(text.filter(\.isNumber)) ?? 0) * 1024
        }
        return 0
    }
}
