import Security
import ServiceKit
import SocialDomain
import Storage

/// The steps of a claim, each with its rule, its change, its posting and its entry in the log, within the caller's
/// transaction and division. A step that is refused changes nothing.
struct ClaimDesk {
    let db: Connection
    let caller: Caller
    /// ISO 8601 in UTC.
    let time: String
    /// For the log.
    let request: String
    let settings: SubsidySettings

    static let longestNote = 500

    private var today: CalendarDate { BeijingTime.day(iso8601: time) }

    func find(_ id: String) throws -> Claim {
        guard let claim = try ClaimStore.claim(id, within: caller.scope, in: db) else {
            throw Problem.notFound
        }
        return claim
    }

    /// The sheet as the records say now; `free` is what it may take from this year's budget.
    func sheet(of classID: Int64, claim: String) throws -> (evidence: SubsidyEvidence, sheet: SubsidySheet) {
        let found = try SubsidyEvidence.read(
            classID: classID, claim: claim, within: caller.scope, in: db)
        guard let evidence = found else { throw Problem.notFound }
        let free = try BudgetDesk.free(of: budget(of: evidence.division), in: db) ?? .zero
        return (evidence, try SubsidySheet(evidence, settings: settings, free: free))
    }

    private func budget(of division: String) -> Ledger.Key {
        Ledger.Key(division: SubsidyEvidence.budgetDivision(division), year: Int64(today.year))
    }

    // MARK: - Preparing

    /// A draft from an ended class; the claim that is under way where there is one.
    ///
    /// - Parameter id: of the new claim.
    func draft(of classID: Int64, id: String) throws -> String {
        let (evidence, sheet) = try sheet(of: classID, claim: id)
        if let open = try ClaimStore.openClaim(of: classID, within: caller.scope, in: db) { return open.id }
        guard evidence.classState == "ended" else { throw ClaimRefusal.classNotEnded }
        guard !sheet.lines.isEmpty else { throw ClaimRefusal.nothingToPay }
        try db.execute(
            """
            INSERT INTO subsidy_claim (claim_id, class_id, school_id, division, budget_division, state, total, digest,
                prepared_by, prepared_at)
            VALUES (\(id), \(classID), \(evidence.schoolID), \(evidence.division),
                \(SubsidyEvidence.budgetDivision(evidence.division)), 'draft', \(sheet.total.fen), \(sheet.digest),
                \(caller.id), \(time))
            """)
        try keep(sheet, of: id, isCounted: false)
        try note("make", try find(id))
        return id
    }

    /// Hands in what the page showed, computed anew in this transaction, and takes its amount from the budget.
    ///
    /// - Parameter digest: of the sheet that the page showed.
    func submit(_ id: String, version: Int64, digest: String) throws {
        let claim = try find(id)
        // The same form sent twice.
        if claim.state == .submitted, claim.submittedBy == caller.id, claim.version == version + 1,
            claim.digest == digest
        {
            return
        }
        guard claim.version == version else { throw Problem.stale }
        guard claim.state.isOpen else { throw ClaimRefusal.notOpen }
        let budget = budget(of: claim.division)
        // Locked before it is read, so that of two claims at once one waits for the other.
        let exists = try db.execute(
            """
            UPDATE budget SET committed = committed WHERE division = \(budget.division) AND year = \(budget.year)
            """)
        guard exists == 1 else { throw ClaimRefusal.noBudget(division: budget.division, year: budget.year) }
        let sheet = try sheet(of: claim.classID, claim: id).sheet
        guard sheet.digest == digest else { throw ClaimRefusal.sheetChanged }
        guard sheet.total > .zero else { throw ClaimRefusal.nothingToPay }
        let changes = SheetChange.between(try ClaimStore.lines(of: id, in: db), sheet.lines)
        try db.execute("DELETE FROM subsidy_line WHERE claim_id = \(id)")
        try keep(sheet, of: id, isCounted: true)
        try db.execute(
            """
            UPDATE budget SET committed = committed + \(sheet.total.fen)
            WHERE division = \(budget.division) AND year = \(budget.year)
            """)
        try db.execute(
            """
            UPDATE subsidy_claim SET state = 'submitted', round = round + 1, total = \(sheet.total.fen),
                digest = \(digest), changes = \(SheetChange.json(changes)), budget_year = \(budget.year),
                submitted_by = \(caller.id), submitted_at = \(time), decided_by = NULL, decided_at = NULL,
                notice_from = NULL, notice_until = NULL, version = version + 1
            WHERE claim_id = \(id)
            """)
        try Ledger.post(
            .commit, sheet.total, of: budget, reference: "\(id):\(claim.round + 1)", by: caller.id, at: time, in: db)
        try note("submit", claim, sheet.total.decimal)
    }

    private func keep(_ sheet: SubsidySheet, of id: String, isCounted: Bool) throws {
        for line in sheet.lines {
            let counts = isCounted && line.refusal == nil
            try db.execute(
                """
                INSERT INTO subsidy_line (claim_id, enrollment_id, learner_id, kind, trade, level, year, slot, amount,
                    to_learner, to_school, refused_by, evidence, is_counted)
                VALUES (\(id), \(line.enrollment), \(line.learner), \(line.kind.rawValue), \(sheet.trade),
                    \(sheet.level), \(sheet.year), \(line.slot), \(line.amount.fen), \(line.toLearner.fen),
                    \(line.toSchool.fen), \(line.refusal?.rawValue), \(line.basis.json), \(counts ? Int64(1) : 0))
                """)
        }
    }

    // MARK: - Deciding

    enum Decision: String, CaseIterable, Sendable {
        /// Found right: puts it up for public notice.
        case notice
        case `return`
        case refuse
    }

    func review(_ id: String, version: Int64, _ decision: Decision, note text: String) throws {
        let claim = try find(id)
        try requireOther(claim)
        guard claim.version == version else { throw Problem.stale }
        guard claim.state == .submitted || claim.state == .noticed && decision != .notice else {
            throw ClaimRefusal.notSubmitted
        }
        let text = TextForm.trimmed(text)
        if decision != .notice, text.isEmpty { throw ClaimRefusal.noteMissing }
        guard text.unicodeScalars.count <= Self.longestNote else { throw ClaimRefusal.noteTooLong(Self.longestNote) }
        switch decision {
        case .notice:
            try db.execute(
                """
                UPDATE subsidy_claim SET state = 'noticed', decided_by = \(caller.id), decided_at = \(time),
                    notice_from = \(today.description),
                    notice_until = \(today.adding(days: settings.noticeDays).description), note = \(text),
                    version = version + 1
                WHERE claim_id = \(id)
                """)
        case .return, .refuse: try release(claim, to: decision == .return ? .returned : .refused, note: text)
        }
        try note(decision.rawValue, claim, text)
    }

    private func release(_ claim: Claim, to state: ClaimState, note text: String) throws {
        guard let budget = claim.budget else { throw ClaimRefusal.notSubmitted }
        try db.execute(
            """
            UPDATE budget SET committed = committed - \(claim.total.fen)
            WHERE division = \(budget.division) AND year = \(budget.year)
            """)
        try db.execute(
            """
            UPDATE subsidy_claim SET state = \(state.rawValue), decided_by = \(caller.id), decided_at = \(time),
                budget_year = NULL, notice_from = NULL, notice_until = NULL, note = \(text), version = version + 1
            WHERE claim_id = \(claim.id)
            """)
        try db.execute("UPDATE subsidy_line SET is_counted = 0 WHERE claim_id = \(claim.id)")
        try Ledger.post(
            .release, claim.total, of: budget, reference: "\(claim.id):\(claim.round)", by: caller.id, at: time, in: db)
    }

    /// After the notice: what is owed to the school and to each learner stands from now on.
    func approve(_ id: String, version: Int64) throws {
        let claim = try find(id)
        try requireOther(claim)
        // The same button pressed twice.
        if claim.state == .approved, claim.version == version + 1 { return }
        guard claim.version == version else { throw Problem.stale }
        guard claim.state == .noticed, let budget = claim.budget, let until = claim.noticeUntil else {
            throw ClaimRefusal.notNoticed
        }
        guard today > until else { throw ClaimRefusal.noticeRuns(until: until) }
        try db.execute(
            """
            UPDATE subsidy_claim SET state = 'approved', approved_by = \(caller.id), approved_at = \(time),
                version = version + 1
            WHERE claim_id = \(id)
            """)
        let dues = Due.of(try ClaimStore.lines(of: id, in: db), claim: id)
        for due in dues {
            try db.execute(
                """
                INSERT INTO subsidy_due (due_id, claim_id, payee, learner_id, amount)
                VALUES (\(due.id), \(id), \(due.learner == nil ? "school" : "learner"), \(due.learner), \(due.amount.fen))
                """)
        }
        try Ledger.post(
            .approve, claim.total, of: budget, reference: "\(id):\(claim.round)", by: caller.id, at: time, in: db)
        try note("approve", claim, claim.total.decimal)
    }

    private func requireOther(_ claim: Claim) throws {
        guard caller.id != claim.preparedBy, caller.id != claim.submittedBy else { throw ClaimRefusal.samePerson }
    }

    private func note(_ action: String, _ claim: Claim, _ reason: String = "") throws {
        let event = AuditEvent(
            "claim.\(action)", subject: claim.id, division: claim.division, reason: reason, by: caller, request: request
        )
        try AuditLog.append([event], in: db)
    }
}

/// What a claim owes to one payee.
struct Due: Hashable, Sendable {
    let id: String
    /// Nil for the school.
    let learner: Int64?
    let amount: Money

    static func of(_ lines: [SubsidyLine], claim: String) -> [Due] {
        var toSchool: Int64 = 0
        var toLearners: [(learner: Int64, fen: Int64)] = []
        for line in lines {
            toSchool += line.toSchool.fen
            guard line.toLearner > .zero else { continue }
            if let place = toLearners.firstIndex(where: { $0.learner == line.learner }) {
                toLearners[place].fen += line.toLearner.fen
            } else {
                toLearners.append((line.learner, line.toLearner.fen))
            }
        }
        let school = toSchool > 0 ? [Due(id: "\(claim)-S", learner: nil, amount: Money(fen: toSchool))] : []
        return school
            + toLearners.map { Due(id: "\(claim)-L\($0.learner)", learner: $0.learner, amount: Money(fen: $0.fen)) }
    }
}
