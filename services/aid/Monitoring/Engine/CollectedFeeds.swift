import Dispatch
import SocialDomain
import Synchronization
import Tabular

/// What a run has gathered from the extracts, feed kind after feed kind.
struct CollectedFeeds {
    var ignored: [String] = []
    private(set) var evidence: [KindEvidence] = []
    private var files: [FileResult] = []
    private var refused: [MonitoringReport.RefusedFile] = []
    private var feeds: [String: RowCounts] = [:]
    /// For each fact the persons for whom its condition failed, once a row.
    private var failed: [[(person: Int, order: Int)]]

    private struct FileResult: Sendable {
        let name: String
        let feed: String
        let counts: RowCounts
        let rejects: [UInt8]
        let conflicts: [(line: Int, conflict: FeedPartReader.Conflict)]
    }

    init(ruleCount: Int) {
        failed = Array(repeating: [], count: ruleCount)
    }

    /// Takes in what came of one kind's files.
    mutating func add(
        _ outcomes: [TableParts.Outcome<FeedPartReader>], plan: KindPlan, rules: RuleBook, register: Register,
        facts: FactStore, threads: Int
    ) {
        var tables: [ReadTable<FeedPartReader>] = []
        for outcome in outcomes {
            switch outcome {
            case .read(let table): tables.append(table)
            case .refused(let file, let refusal):
                refused.append(.init(file: file.name, reason: refusal.reason, field: refusal.field))
            }
        }
        let parts = tables.flatMap { $0.parts.map(\.reader) }
        let rows = parts.map(\.matched)
        DuplicateSearch.mark(rows, threads: threads)
        DispatchQueue.concurrentPerform(iterations: rows.count) { rows[$0].countUsed() }
        facts.add(rows, plan: plan, threads: threads)
        addFailures(parts, plan, register)
        for table in tables { addFile(table, plan) }
        if plan.keepsEvidence, !tables.isEmpty {
            evidence.append(KindEvidence(plan: plan, tables: tables, rules: rules, personCount: register.personCount))
        }
    }

    private mutating func addFailures(_ parts: [FeedPartReader], _ plan: KindPlan, _ register: Register) {
        guard parts.contains(where: { !$0.failures.isEmpty }) else { return }
        let latest =
            plan.facts.buffer.contains(where: \.isLatest)
            ? LatestRows(parts.map(\.matched), plan, register.personCount) : nil
        var order = 0
        for part in parts {
            for failure in part.failures {
                let row = UnsafeRawPointer(part.matched.row(failure.row))
                guard row.load(fromByteOffset: RowLayout.state, as: UInt32.self) == RowState.used else { continue }
                let person = Int(row.load(fromByteOffset: RowLayout.person, as: UInt32.self))
                let fact = plan.facts.base[failure.fact]
                if fact.isLatest, let latest, !latest.isLatest(row, person) { continue }
                failed[fact.index].append((person, order))
                order += 1
            }
        }
    }

    /// The facts that count members, which no feed touches.
    mutating func addMembers(rules: RuleBook, register: Register, ages: FixedArray<Int16>, facts: FactStore) {
        let frame = UnsafeMutablePointer<Slot>.allocate(capacity: 3)
        frame.initialize(repeating: .null, count: 3)
        defer { frame.deallocate() }
        for (index, fact) in rules.facts.enumerated() where fact.function == .countMembers {
            for person in 0..<register.personCount {
                if let condition = fact.condition {
                    PersonFrame.fill(frame, register, person, age: Int(ages[person]))
                    switch condition.evaluate(frame) {
                    case .no: continue
                    case .yes: break
                    case .failed:
                        failed[index].append((person, 0))
                        continue
                    }
                }
                facts.ofHouseholds[index]?.base[Int(register.households[person])] += 1
                facts.ofPersons[index]?.base[person] += 1
            }
        }
    }

    private mutating func addFile(_ table: ReadTable<FeedPartReader>, _ plan: KindPlan) {
        var counts = RowCounts()
        var rejects: [UInt8] = []
        var conflicts: [(line: Int, conflict: FeedPartReader.Conflict)] = []
        let name = table.table.file.name
        for (reader, firstLine) in table.parts {
            counts.rows += reader.rowCount
            counts.rejected += reader.rejects.count
            counts.unmatched += reader.unmatched
            counts.conflict += reader.conflicts.count
            counts.matched += reader.matched.usedCount
            counts.duplicate += reader.matched.count - reader.matched.usedCount
            for reject in reader.rejects {
                CSVBytes.append(
                    [
                        name, String(firstLine + Int(reject.line)), reject.reason.rawValue,
                        reject.field.map { plan.kind.fields[$0].name } ?? "",
                    ], to: &rejects)
            }
            for conflict in reader.conflicts { conflicts.append((firstLine + Int(conflict.line), conflict)) }
        }
        files.append(
            FileResult(name: name, feed: plan.kind.name, counts: counts, rejects: rejects, conflicts: conflicts))
        feeds[plan.kind.name, default: RowCounts()] = feeds[plan.kind.name, default: RowCounts()] + counts
    }

    // MARK: Results

    private var inOrder: [FileResult] {
        files.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    }

    var sortedFiles: [MonitoringReport.File] {
        inOrder.map { .init(file: $0.name, feed: $0.feed, counts: $0.counts) }
    }

    var sortedRefused: [MonitoringReport.RefusedFile] {
        refused.sorted { $0.file.utf8.lexicographicallyPrecedes($1.file.utf8) }
    }

    var feedCounts: [(feed: String, counts: RowCounts)] {
        feeds.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.map { ($0.key, $0.value) }
    }

    func rejects() -> [UInt8] {
        inOrder.reduce(into: Array("file,line,reason,field\n".utf8)) { $0 += $1.rejects }
    }

    func conflicts(_ register: Register) -> [UInt8] {
        let blockSize = 2048
        let blocks = inOrder.flatMap { file in
            stride(from: 0, to: file.conflicts.count, by: blockSize).map { start in
                (file, start..<min(start + blockSize, file.conflicts.count))
            }
        }
        let written = Mutex([[UInt8]](repeating: [], count: blocks.count))
        DispatchQueue.concurrentPerform(iterations: blocks.count) { number in
            let (file, range) = blocks[number]
            var bytes: [UInt8] = []
            for (line, conflict) in file.conflicts[range] {
                Self.append(conflict, line, of: file, register, to: &bytes)
            }
            written.withLock { $0[number] = bytes }
        }
        let header = "file,line,feed,reason,id_number,name,registered_name,person_id,household_id\n"
        return written.withLock { $0 }.reduce(into: Array(header.utf8)) { $0 += $1 }
    }

    private static func append(
        _ conflict: FeedPartReader.Conflict, _ line: Int, of file: FileResult, _ register: Register,
        to bytes: inout [UInt8]
    ) {
        let idNumber = register.idNumbers[conflict.person]
        let persons = conflict.isShared ? register.sharedPersons[idNumber] ?? [] : [conflict.person]
        let households = Set(persons.map { Int(register.households[$0]) }).sorted()
        CSVBytes.append(
            [
                file.name, String(line), file.feed, conflict.isShared ? "duplicate_id" : "name",
                CitizenID(body: UInt64(idNumber))?.text ?? "", conflict.name,
                conflict.isShared ? "" : register.names.text(conflict.person),
                persons.map { register.personIDs.text($0) }.joined(separator: " "),
                households.map { register.householdIDs.text($0) }.joined(separator: " "),
            ], to: &bytes)
    }

    func failures(_ rules: RuleBook, _ register: Register) -> [MonitoringReport.Failure] {
        rules.facts.indices.compactMap { index in
            guard !failed[index].isEmpty else { return nil }
            let inOrder = failed[index].sorted { ($0.person, $0.order) < ($1.person, $1.order) }
            return MonitoringReport.Failure(
                expression: .fact(rules.facts[index].name), count: inOrder.count,
                subjects: inOrder.prefix(FailureCounts.shown).map { register.personIDs.text($0.person) })
        }
    }
}

/// The plain CSV of rejects.csv and conflicts.csv: the text as read, quotes only where needed.
enum CSVBytes {
    static func append(_ cells: [String], to bytes: inout [UInt8]) {
        for (place, cell) in cells.enumerated() {
            if place > 0 { bytes.append(0x2C) }
            let text = cell.utf8
            if text.contains(where: { $0 == 0x2C || $0 == 0x22 || $0 == 0x0A || $0 == 0x0D }) {
                bytes.append(0x22)
                for byte in text {
                    if byte == 0x22 { bytes.append(0x22) }
                    bytes.append(byte)
                }
                bytes.append(0x22)
            } else {
                bytes.append(contentsOf: text)
            }
        }
        bytes.append(0x0A)
    }
}
