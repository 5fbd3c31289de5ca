import SocialDomain
import Storage

/// Whether the ledger says what budgets, claims and payments say. A difference names the budget or claim and both sums.
struct LedgerCheck: Hashable, Sendable {
    var budgets = 0
    var postings = 0
    var faults: [String] = []

    static func run(in db: Connection) throws -> LedgerCheck {
        var check = LedgerCheck()
        check.postings = try db.first("SELECT count(*) AS n FROM ledger_posting")?.get("n") ?? 0
        let budgets = try db.rows("SELECT division, year, amount, committed FROM budget ORDER BY division, year")
        for row in budgets {
            let key = Ledger.Key(division: try row.get("division"), year: try row.get("year"))
            try check.budget(
                key, amount: try row.get("amount"), committed: try row.get("committed"),
                balances: Ledger.balances(of: key, in: db), in: db)
        }
        check.budgets = budgets.count
        try check.claims(in: db)
        try check.batches(in: db)
        return check
    }

    private mutating func expect(_ what: String, _ found: Int64, _ wanted: Int64) {
        if found != wanted { faults.append("\(what): \(found) fen, expected \(wanted)") }
    }

    private mutating func budget(
        _ key: Ledger.Key, amount: Int64, committed: Int64, balances: [Ledger.Account: Money], in db: Connection
    ) throws {
        let name = "budget \(key.division) \(key.year)"
        func balance(_ account: Ledger.Account) -> Int64 { balances[account]?.fen ?? 0 }
        let mine: SQL = "budget_division = \(key.division) AND budget_year = \(key.year)"
        func sum(_ sql: SQL) throws -> Int64 { try db.first(sql)?.get("fen") ?? 0 }
        let waiting = try sum(
            """
            SELECT CAST(coalesce(sum(total), 0) AS BIGINT) AS fen FROM subsidy_claim
            WHERE \(mine) AND state IN ('submitted', 'noticed')
            """)
        let approved = try sum(
            """
            SELECT CAST(coalesce(sum(total), 0) AS BIGINT) AS fen FROM subsidy_claim
            WHERE \(mine) AND state IN ('approved', 'paying', 'paid')
            """)
        func payments(_ state: String) throws -> Int64 {
            try sum(
                """
                SELECT CAST(coalesce(sum(p.amount), 0) AS BIGINT) AS fen FROM payment p
                JOIN subsidy_due d ON d.due_id = p.due_id JOIN subsidy_claim c ON c.claim_id = d.claim_id
                WHERE \(mine) AND p.state = \(state)
                """)
        }
        let (sent, paid) = (try payments("made"), try payments("paid"))
        expect("\(name), granted", -balance(.granted), amount)
        expect("\(name), committed in all", committed, waiting + approved)
        expect("\(name), free", balance(.free), amount - committed)
        expect("\(name), committed to claims", balance(.committed), waiting)
        expect("\(name), payable", balance(.payable), approved - sent - paid)
        expect("\(name), with the bank", balance(.transit), sent)
        expect("\(name), paid", balance(.paid), paid)
        expect("\(name), all accounts", Ledger.Account.allCases.map(balance).reduce(0, +), 0)
        for account in Ledger.Account.allCases where account != .granted && balance(account) < 0 {
            faults.append("\(name), \(account.rawValue) is below zero")
        }
    }

    /// Lines add up to their claim, what is owed adds up to it, and nobody is paid more than is owed.
    private mutating func claims(in db: Connection) throws {
        let rows = try db.rows(
            """
            SELECT c.claim_id, c.state, c.total,
                (SELECT CAST(coalesce(sum(n.amount), 0) AS BIGINT) FROM subsidy_line n
                    WHERE n.claim_id = c.claim_id) AS lines,
                (SELECT CAST(coalesce(sum(d.amount), 0) AS BIGINT) FROM subsidy_due d
                    WHERE d.claim_id = c.claim_id) AS due,
                (SELECT CAST(coalesce(sum(p.amount), 0) AS BIGINT) FROM payment p
                    JOIN subsidy_due d ON d.due_id = p.due_id
                    WHERE d.claim_id = c.claim_id AND p.state = 'paid') AS paid
            FROM subsidy_claim c ORDER BY c.claim_id
            """)
        for row in rows {
            let (claim, state): (String, String) = (try row.get("claim_id"), try row.get("state"))
            let total: Int64 = try row.get("total")
            let isApproved = ["approved", "paying", "paid"].contains(state)
            expect("claim \(claim), lines", try row.get("lines"), total)
            expect("claim \(claim), owed", try row.get("due"), isApproved ? total : 0)
            let paid: Int64 = try row.get("paid")
            if state == "paid" || paid > total { expect("claim \(claim), paid", paid, total) }
        }
    }

    private mutating func batches(in db: Connection) throws {
        let rows = try db.rows(
            """
            SELECT b.batch_id, b.total,
                (SELECT CAST(coalesce(sum(p.amount), 0) AS BIGINT) FROM payment p
                    WHERE p.batch_id = b.batch_id) AS payments
            FROM payment_batch b ORDER BY b.batch_id
            """)
        for row in rows {
            let batch: String = try row.get("batch_id")
            expect("batch \(batch)", try row.get("payments"), try row.get("total"))
        }
    }
}
