import Security
import ServiceKit
import SocialDomain
import Storage

/// What a county may spend in a year.
struct Budget: Hashable, Sendable {
    let division: String
    let year: Int64
    let amount: Money
    let committed: Money
    let paid: Money
    let version: Int64

    var key: Ledger.Key { Ledger.Key(division: division, year: year) }
    var free: Money { Money(fen: amount.fen - committed.fen) }
}

/// Budgets are entered, raised, and lowered as far as they are free.
struct BudgetDesk {
    let db: Connection
    let caller: Caller
    let time: String
    let request: String

    static func list(within division: DivisionCode?, year: Int64? = nil, in db: Connection) throws -> [Budget] {
        let years: SQL = year.map { "b.year = \($0)" } ?? "1 = 1"
        return try db.rows(
            """
            SELECT b.division, b.year, b.amount, b.committed, b.version,
                (SELECT CAST(coalesce(sum(g.amount), 0) AS BIGINT) FROM ledger_posting g
                    WHERE g.division = b.division AND g.year = b.year AND g.kind = 'pay') AS paid
            FROM budget b WHERE \(SQL.within(division, "b.division")) AND \(years) ORDER BY b.year DESC, b.division
            """
        ).map { row in
            Budget(
                division: try row.get("division"), year: try row.get("year"), amount: Money(fen: try row.get("amount")),
                committed: Money(fen: try row.get("committed")), paid: Money(fen: try row.get("paid")),
                version: try row.get("version"))
        }
    }

    /// What a new claim may take; nil where there is no budget.
    static func free(of key: Ledger.Key, in db: Connection) throws -> Money? {
        try db.first(
            "SELECT amount - committed AS fen FROM budget WHERE division = \(key.division) AND year = \(key.year)"
        ).map { Money(fen: try $0.get("fen")) }
    }

    /// - Parameter version: 0 for a new one.
    func set(_ key: Ledger.Key, to amount: Money, version: Int64) throws {
        guard let code = DivisionCode(key.division), code.text == key.division, caller.scope.contains(code) else {
            throw ClaimRefusal.unknownDivision
        }
        let row = try db.first(
            """
            SELECT amount, committed, version FROM budget WHERE division = \(key.division) AND year = \(key.year)
            """)
        guard try row?.get("version") ?? 0 == version else {
            // The same form sent twice.
            if let row, try row.get("amount", as: Int64.self) == amount.fen,
                try row.get("version", as: Int64.self) == version + 1
            {
                return
            }
            throw Problem.stale
        }
        let before: Int64 = try row?.get("amount") ?? 0
        let committed: Int64 = try row?.get("committed") ?? 0
        guard amount.fen >= committed else { throw ClaimRefusal.belowCommitted(Money(fen: committed)) }
        if row == nil {
            try db.execute(
                "INSERT INTO budget (division, year, amount) VALUES (\(key.division), \(key.year), \(amount.fen))")
        } else {
            try db.execute(
                """
                UPDATE budget SET amount = \(amount.fen), version = version + 1
                WHERE division = \(key.division) AND year = \(key.year)
                """)
        }
        let difference = amount.fen - before
        if difference != 0 {
            try Ledger.post(
                difference > 0 ? .grant : .lower, Money(fen: abs(difference)), of: key,
                reference: "\(key.division):\(key.year):\(version + 1)", by: caller.id, at: time, in: db)
        }
        try AuditLog.append(
            [
                AuditEvent(
                    "budget.set", subject: "\(key.division):\(key.year)", division: key.division,
                    reason: amount.decimal, by: caller, request: request)
            ], in: db)
    }
}
