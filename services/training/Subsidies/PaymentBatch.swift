import Crypto
import Foundation
import SocialDomain
import Storage
import Tabular

/// What goes to the bank at one time.
struct PaymentBatch: Hashable, Sendable {
    let id: String
    let division: String
    let isSettled: Bool
    let total: Money
    let payments: Int64
    let madeAt: String
    let fileDigest: String
    let resultDigest: String?
    let settledAt: String?
}

/// One row of a payment file.
struct Payment: Hashable, Sendable {
    enum State: String, CaseIterable, Sendable {
        case made
        case paid
        case failed

        var title: LocalizedText {
            switch self {
            case .made: LocalizedText(zh: "银行处理中", en: "With the bank")
            case .paid: LocalizedText(zh: "已付", en: "Paid")
            case .failed: LocalizedText(zh: "未付成", en: "Failed")
            }
        }
    }

    let id: String
    let due: String
    let claim: String
    let budget: Ledger.Key
    let attempt: Int64
    let payeeCode: String
    let payeeName: String
    let amount: Money
    var state = State.made
    var failure = ""
}

/// The file that the bank gets: one row for each payee with amount and reference. It has no account numbers, because none
/// are kept here; the bank joins its own list by the payee's code.
enum PaymentFile {
    static let columns = ["reference", "payee_code", "payee_name", "amount", "purpose"]

    static func bytes(_ payments: [Payment]) -> [UInt8] {
        var writer = CSVWriter(forPeople: true, lineEnd: .crlf, hasByteOrderMark: true)
        writer.append(columns)
        for payment in payments {
            writer.append([
                .text(payment.id), .text(payment.payeeCode), .text(payment.payeeName), .money(fen: payment.amount.fen),
                .text("职业培训补贴 \(payment.claim)"),
            ])
        }
        return writer.bytes
    }

    static func digest(_ bytes: [UInt8]) -> String { SHA256.hash(data: Data(bytes)).hexadecimal }
}

enum PaymentStore {
    static func batches(
        within division: DivisionCode?, limit: Int, in db: Connection
    ) throws -> [PaymentBatch] {
        try db.rows(
            """
            SELECT * FROM payment_batch b WHERE \(SQL.within(division, "b.division"))
            ORDER BY b.made_at DESC, b.batch_id LIMIT \(limit)
            """
        ).map(batch)
    }

    static func batch(_ id: String, within division: DivisionCode?, in db: Connection) throws -> PaymentBatch? {
        try db.first(
            "SELECT * FROM payment_batch b WHERE b.batch_id = \(id) AND \(SQL.within(division, "b.division"))"
        ).map(batch)
    }

    private static func batch(_ row: Row) throws -> PaymentBatch {
        PaymentBatch(
            id: try row.get("batch_id"), division: try row.get("division"),
            isSettled: try row.get("state", as: String.self) == "settled", total: Money(fen: try row.get("total")),
            payments: try row.get("payments"), madeAt: try row.get("made_at"), fileDigest: try row.get("file_sha256"),
            resultDigest: try row.get("result_sha256"), settledAt: try row.get("settled_at"))
    }

    /// In the order of the file.
    static func payments(of batch: String, in db: Connection) throws -> [Payment] {
        try db.rows(
            """
            SELECT p.payment_id, p.due_id, p.attempt, p.payee_code, p.payee_name, p.amount, p.state, p.failure,
                d.claim_id, c.budget_division, c.budget_year
            FROM payment p JOIN subsidy_due d ON d.due_id = p.due_id JOIN subsidy_claim c ON c.claim_id = d.claim_id
            WHERE p.batch_id = \(batch) ORDER BY p.payment_id
            """
        ).map { row in
            Payment(
                id: try row.get("payment_id"), due: try row.get("due_id"), claim: try row.get("claim_id"),
                budget: Ledger.Key(division: try row.get("budget_division"), year: try row.get("budget_year")),
                attempt: try row.get("attempt"), payeeCode: try row.get("payee_code"),
                payeeName: try row.get("payee_name"), amount: Money(fen: try row.get("amount")),
                state: Payment.State(rawValue: try row.get("state")) ?? .made, failure: try row.get("failure"))
        }
    }

    /// What is owed and neither paid nor on its way, by the division whose budget pays.
    struct Owed: Hashable, Sendable {
        let division: String
        let payees: Int64
        let amount: Money
    }

    private static let unpaid: SQL = """
        subsidy_due d JOIN subsidy_claim c ON c.claim_id = d.claim_id
        WHERE NOT EXISTS (SELECT 1 FROM payment p WHERE p.due_id = d.due_id AND p.state <> 'failed')
        """

    static func owed(within division: DivisionCode?, in db: Connection) throws -> [Owed] {
        try db.rows(
            """
            SELECT c.budget_division, count(*) AS n, CAST(sum(d.amount) AS BIGINT) AS fen FROM \(unpaid)
                AND \(SQL.within(division, "c.budget_division"))
            GROUP BY c.budget_division ORDER BY c.budget_division
            """
        ).map { row in
            Owed(
                division: try row.get("budget_division"), payees: try row.get("n"),
                amount: Money(fen: try row.get("fen")))
        }
    }

    /// The payments that the next file of a division has.
    static func next(of division: String, batch: String, most: Int, in db: Connection) throws -> [Payment] {
        try db.rows(
            """
            SELECT d.due_id, d.claim_id, d.learner_id, d.amount, c.budget_division, c.budget_year, s.credit_code,
                s.name AS school_name, l.name AS learner_name,
                (SELECT count(*) FROM payment f WHERE f.due_id = d.due_id) AS tries
            FROM (SELECT d.* FROM \(unpaid) AND c.budget_division = \(division)) d
            JOIN subsidy_claim c ON c.claim_id = d.claim_id JOIN school s ON s.school_id = c.school_id
            LEFT JOIN learner l ON l.learner_id = d.learner_id
            ORDER BY d.claim_id, d.payee DESC, d.learner_id LIMIT \(most)
            """
        ).enumerated().map { index, row in
            let learner: Int64? = try row.get("learner_id")
            let number = String(10_000 + index + 1).dropFirst()
            return Payment(
                id: "\(batch)-\(number)", due: try row.get("due_id"), claim: try row.get("claim_id"),
                budget: Ledger.Key(division: try row.get("budget_division"), year: try row.get("budget_year")),
                attempt: try row.get("tries", as: Int64.self) + 1,
                payeeCode: try learner.map { "L\($0)" } ?? "S\(row.get("credit_code", as: String.self))",
                payeeName: try learner == nil ? row.get("school_name") : row.get("learner_name"),
                amount: Money(fen: try row.get("amount")))
        }
    }
}
