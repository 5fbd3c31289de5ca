import Security
import SocialDomain
import Storage

/// Follows the rescue chains and finds every change, removal, insertion and reorder.
struct VerifyRescueChain: Sendable {
    let database: Database

    enum Finding: Hashable, Sendable {
        /// In a household's own chain; the number is the entry's in it.
        case household(String, AuditFinding)
        /// In the chain of all; the number is the position. The household is the one that stands there, if any does.
        case whole(AuditFinding, household: String?)
    }

    struct Outcome: Sendable {
        var findings: [Finding] = []
        var entries = 0
        var households = 0
        /// How far the chain of all reaches, signed.
        let latest: AuditCheckpoint
    }

    /// From one snapshot.
    ///
    /// - Parameters:
    ///   - household: its own chain and, of the chain of all, what may concern it; nil for everything.
    ///   - checkpoint: how far the chain of all reached when it was verified last.
    func callAsFunction(
        household: String? = nil, since checkpoint: AuditCheckpoint?, key: [UInt8]
    ) throws -> Outcome {
        try database.readBlocking { db in
            var whole = AuditVerifier(latestCheckpoint: checkpoint, key: key)
            var last: (position: UInt64, link: [UInt8]) = (0, [UInt8](repeating: 0, count: 32))
            var places: [UInt64: String] = [:]
            try db.forEach("SELECT position, household_id, hash, link FROM chain_entry ORDER BY position") { row in
                let position = UInt64(clamping: try row.get("position", as: Int64.self))
                let link: [UInt8] = try row.get("link")
                let known = whole.findings.count
                whole.take(RescueLink(position: position, hash: try row.get("hash")), storedHash: link)
                if whole.findings.count > known { places[position] = try row.get("household_id", as: String.self) }
                last = (position, link)
            }
            let found = whole.finish() + (try Self.findings(ofEndIn: db, last))
            var outcome = Outcome(latest: AuditCheckpoint(sequence: last.position, hash: last.link, key: key))
            try Self.followHouseholds(household, &outcome, in: db)
            var seen = Set<AuditFinding>()
            for finding in found where seen.insert(finding).inserted {
                let place = finding.place.flatMap { places[$0] }
                // What is gone, or was rewritten, may have been anyone's.
                if let household, let place, place != household { continue }
                outcome.findings.append(.whole(finding, household: place))
            }
            return outcome
        }
    }

    /// Each household's own chain.
    private static func followHouseholds(_ only: String?, _ outcome: inout Outcome, in db: Connection) throws {
        let condition: SQL = only.map { "household_id = \($0)" } ?? "1 = 1"
        var current: String?
        var verifier = AuditVerifier()
        var findings: [Finding] = []
        var (entries, households) = (0, 0)
        func end() {
            guard let current else { return }
            findings += verifier.finish().map { .household(current, $0) }
        }
        try db.forEach("SELECT * FROM chain_entry WHERE \(condition) ORDER BY household_id, sequence") { row in
            let entry = try RescueEntry(row)
            if entry.household != current {
                end()
                current = entry.household
                verifier = AuditVerifier()
                households += 1
            }
            verifier.take(entry, storedHash: try row.get("hash"))
            entries += 1
        }
        end()
        outcome.findings += findings
        outcome.entries = entries
        outcome.households = households
    }

    /// Whether the chain of all ends where the last transaction left it.
    private static func findings(
        ofEndIn db: Connection, _ last: (position: UInt64, link: [UInt8])
    ) throws -> [AuditFinding] {
        guard let end = try db.first("SELECT position, link FROM chain_end WHERE only_row = 1") else {
            return [.chainRewritten(upTo: last.position)]
        }
        let position = UInt64(clamping: try end.get("position", as: Int64.self))
        if position > last.position { return [.removed(from: last.position + 1, through: position)] }
        if position < last.position { return [.insertedOrReordered(sequence: last.position)] }
        return try end.get("link", as: [UInt8].self) == last.link ? [] : [.chainRewritten(upTo: position)]
    }
}

extension AuditFinding {
    /// Of the entry that it is about, where that one is there.
    fileprivate var place: UInt64? {
        switch self {
        case .changed(let sequence), .insertedOrReordered(let sequence): sequence
        case .removed, .chainRewritten, .forgedCheckpoint: nil
        }
    }
}

extension VerifyRescueChain.Finding {
    var words: LocalizedText {
        switch self {
        case .household(let household, let finding):
            switch finding {
            case .changed(let sequence):
                LocalizedText(
                    zh: "家庭 \(household) 的救助链第 \(sequence) 条被改动过。",
                    en: "household \(household): entry \(sequence) of its chain was changed")
            case .removed(let from, let through):
                LocalizedText(
                    zh: "家庭 \(household) 的救助链第 \(from) 至 \(through) 条被删除。",
                    en: "household \(household): entries \(from) to \(through) of its chain were removed")
            case .insertedOrReordered(let sequence), .chainRewritten(let sequence), .forgedCheckpoint(let sequence):
                LocalizedText(
                    zh: "家庭 \(household) 的救助链第 \(sequence) 条是插入的或调换了顺序。",
                    en: "household \(household): entry \(sequence) of its chain was put in or reordered")
            }
        case .whole(let finding, let household):
            Self.words(finding, household.map { LocalizedText(zh: "（家庭 \($0)）", en: " (household \($0))") })
        }
    }

    private static func words(_ finding: AuditFinding, _ whose: LocalizedText?) -> LocalizedText {
        let whose = whose ?? LocalizedText(zh: "", en: "")
        return switch finding {
        case .changed(let position):
            LocalizedText(
                zh: "总链第 \(position) 条\(whose.zh)被改动过。",
                en: "entry \(position) of the whole chain\(whose.en) was changed")
        case .removed(let from, let through):
            LocalizedText(
                zh: "总链第 \(from) 至 \(through) 条被删除。",
                en: "entries \(from) to \(through) of the whole chain were removed")
        case .insertedOrReordered(let position):
            LocalizedText(
                zh: "总链第 \(position) 条\(whose.zh)是插入的或调换了顺序。",
                en: "entry \(position) of the whole chain\(whose.en) was put in or reordered")
        case .chainRewritten(let position):
            LocalizedText(
                zh: "总链第 \(position) 条以前被重写，与核对点不符。",
                en: "the whole chain up to entry \(position) was rewritten: it differs from the checkpoint")
        case .forgedCheckpoint(let position):
            LocalizedText(
                zh: "核对点（总链第 \(position) 条）不是本系统签的。",
                en: "the checkpoint at entry \(position) of the whole chain is not genuine")
        }
    }
}
