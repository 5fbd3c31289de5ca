import Security
import ServiceKit
import SocialDomain
import Storage

/// Makes payment files and takes their results, each in the caller's transaction: all of it or nothing.
struct PaymentDesk {
    let db: Connection
    let caller: Caller
    /// ISO 8601 in UTC.
    let time: String
    let request: String
    /// Called before each change, with its name; tests stop the work there.
    var before: (String) throws -> Void = { _ in }

    /// Rows of one file.
    static let most = 5000

    func find(_ id: String) throws -> PaymentBatch {
        guard let batch = try PaymentStore.batch(id, within: caller.scope.division, in: db) else {
            throw Problem.notFound
        }
        return batch
    }

    /// A file of all that is owed from a division's budgets.
    ///
    /// - Parameter id: of the new batch.
    func make(for division: String, id: String) throws {
        guard let code = DivisionCode(division), code.text == division, caller.scope.contains(code) else {
            throw ClaimRefusal.unknownDivision
        }
        let payments = try PaymentStore.next(of: division, batch: id, most: Self.most, in: db)
        guard !payments.isEmpty else { throw ClaimRefusal.nothingDue }
        let total = try Money.sum(of: payments.map(\.amount))
        try before("batch")
        try db.execute(
            """
            INSERT INTO payment_batch (batch_id, division, state, total, payments, made_by, made_at, file_sha256)
            VALUES (\(id), \(division), 'made', \(total.fen), \(payments.count), \(caller.id), \(time),
                \(PaymentFile.digest(PaymentFile.bytes(payments))))
            """)
        for payment in payments {
            try before("payment")
            try db.execute(
                """
                INSERT INTO payment (payment_id, batch_id, due_id, attempt, payee_code, payee_name, amount, state)
                VALUES (\(payment.id), \(id), \(payment.due), \(payment.attempt), \(payment.payeeCode),
                    \(payment.payeeName), \(payment.amount.fen), 'made')
                """)
            try before("posting")
            try post(.send, payment)
        }
        for claim in Set(payments.map(\.claim)).sorted() {
            try before("claim")
            try db.execute(
                """
                UPDATE subsidy_claim SET state = 'paying', version = version + 1
                WHERE claim_id = \(claim) AND state = 'approved'
                """)
        }
        try note("make", id, division, total.decimal)
    }

    /// What the bank says of each row. The same file a second time changes nothing.
    ///
    /// - Returns: whether anything changed.
    @discardableResult
    func settle(_ id: String, _ result: ResultFile, fileDigest: String) throws -> Bool {
        let batch = try find(id)
        if batch.isSettled {
            guard batch.resultDigest == fileDigest else { throw ClaimRefusal.batchSettled }
            return false
        }
        let payments = try PaymentStore.payments(of: id, in: db)
        let faults = result.faults(against: payments)
        guard faults.isEmpty else { throw ClaimRefusal.wrongFile(faults) }
        for payment in payments {
            guard let row = result.rows[payment.id] else { continue }
            try before("payment")
            try db.execute(
                """
                UPDATE payment SET state = \(row.isPaid ? "paid" : "failed"), failure = \(row.reason)
                WHERE payment_id = \(payment.id)
                """)
            try before("posting")
            try post(row.isPaid ? .pay : .fail, payment)
        }
        try before("batch")
        try db.execute(
            """
            UPDATE payment_batch SET state = 'settled', result_sha256 = \(fileDigest), settled_by = \(caller.id),
                settled_at = \(time)
            WHERE batch_id = \(id)
            """)
        for claim in Set(payments.map(\.claim)).sorted() {
            try before("claim")
            try db.execute(
                """
                UPDATE subsidy_claim SET state = 'paid', version = version + 1
                WHERE claim_id = \(claim) AND state = 'paying' AND NOT EXISTS (
                    SELECT 1 FROM subsidy_due d WHERE d.claim_id = \(claim) AND NOT EXISTS (
                        SELECT 1 FROM payment p WHERE p.due_id = d.due_id AND p.state = 'paid'))
                """)
        }
        let failed = result.rows.values.filter { !$0.isPaid }.count
        try note("settle", id, batch.division, "\(payments.count - failed) paid, \(failed) failed")
        return true
    }

    private func post(_ kind: Ledger.Kind, _ payment: Payment) throws {
        try Ledger.post(
            kind, payment.amount, of: payment.budget, reference: payment.id, by: caller.id, at: time, in: db)
    }

    private func note(_ action: String, _ batch: String, _ division: String, _ reason: String) throws {
        let event = AuditEvent(
            "payment.\(action)", subject: batch, division: division, reason: reason, by: caller, request: request)
        try AuditLog.append([event], in: db)
    }
}
