import SocialDomain
import Storage

/// The money of a budget by double entry: each posting moves an amount from one account to another, so that the accounts of
/// a budget always add up to nothing.
enum Ledger {
    /// Accounts of one budget. `granted` is minus the budget; the others say where the money is.
    enum Account: String, CaseIterable, Sendable {
        case granted
        case free
        /// Of claims that were handed in.
        case committed
        /// Of approved claims, not with the bank.
        case payable
        /// In a payment file whose result is not known.
        case transit
        case paid

        var title: LocalizedText {
            switch self {
            case .granted: LocalizedText(zh: "预算下达（贷方）", en: "Granted (credit)")
            case .free: LocalizedText(zh: "未占用", en: "Free")
            case .committed: LocalizedText(zh: "已占用（申报中）", en: "Committed to claims")
            case .payable: LocalizedText(zh: "应付", en: "Payable")
            case .transit: LocalizedText(zh: "在途（银行处理中）", en: "With the bank")
            case .paid: LocalizedText(zh: "已付", en: "Paid")
            }
        }
    }

    enum Kind: String, CaseIterable, Sendable {
        case grant
        case lower
        case commit
        case release
        case approve
        case send
        case pay
        case fail

        fileprivate var sides: (credit: Account, debit: Account) {
            switch self {
            case .grant: (.granted, .free)
            case .lower: (.free, .granted)
            case .commit: (.free, .committed)
            case .release: (.committed, .free)
            case .approve: (.committed, .payable)
            case .send: (.payable, .transit)
            case .pay: (.transit, .paid)
            case .fail: (.transit, .payable)
            }
        }

        var title: LocalizedText {
            switch self {
            case .grant: LocalizedText(zh: "下达", en: "Granted")
            case .lower: LocalizedText(zh: "调减", en: "Lowered")
            case .commit: LocalizedText(zh: "申报占用", en: "Committed")
            case .release: LocalizedText(zh: "退回释放", en: "Released")
            case .approve: LocalizedText(zh: "批准应付", en: "Approved")
            case .send: LocalizedText(zh: "交银行", en: "Sent to the bank")
            case .pay: LocalizedText(zh: "已付", en: "Paid")
            case .fail: LocalizedText(zh: "退票", en: "Failed")
            }
        }
    }

    /// A budget by its county and year.
    struct Key: Hashable, Sendable {
        let division: String
        let year: Int64
    }

    struct Posting: Hashable, Sendable {
        let id: Int64
        let kind: String
        let reference: String
        let credit: String
        let debit: String
        let amount: Money
        let postedAt: String
    }

    /// The same kind and reference are posted once; a second time is refused by the schema.
    static func post(
        _ kind: Kind, _ amount: Money, of budget: Key, reference: String, by account: String, at time: String,
        in db: Connection
    ) throws {
        let (credit, debit) = kind.sides
        try db.execute(
            """
            INSERT INTO ledger_posting (kind, reference, division, year, credit, debit, amount, posted_by, posted_at)
            VALUES (\(kind.rawValue), \(reference), \(budget.division), \(budget.year), \(credit.rawValue),
                \(debit.rawValue), \(amount.fen), \(account), \(time))
            """)
    }

    static func balances(of budget: Key, in db: Connection) throws -> [Account: Money] {
        var balances: [Account: Money] = [:]
        for account in Account.allCases { balances[account] = .zero }
        let rows = try db.rows(
            """
            SELECT account, CAST(sum(amount) AS BIGINT) AS fen FROM ledger_entry
            WHERE division = \(budget.division) AND year = \(budget.year) GROUP BY account
            """)
        for row in rows {
            if let account = Account(rawValue: try row.get("account")) {
                balances[account] = Money(fen: try row.get("fen"))
            }
        }
        return balances
    }

    /// The newest first.
    static func postings(
        of budget: Key, before: Int64 = .max, limit: Int, in db: Connection
    ) throws -> [Posting] {
        try db.rows(
            """
            SELECT posting_id, kind, reference, credit, debit, amount, posted_at FROM ledger_posting
            WHERE division = \(budget.division) AND year = \(budget.year) AND posting_id < \(before)
            ORDER BY posting_id DESC LIMIT \(limit)
            """
        ).map { row in
            Posting(
                id: try row.get("posting_id"), kind: try row.get("kind"), reference: try row.get("reference"),
                credit: try row.get("credit"), debit: try row.get("debit"), amount: Money(fen: try row.get("amount")),
                postedAt: try row.get("posted_at"))
        }
    }
}
