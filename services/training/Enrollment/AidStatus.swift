import Contracts
import CurlHTTP
import Foundation
import Logging
import ServiceClients
import ServiceKit
import SocialDomain
import Storage

/// Asks aid whether a person belongs to a low-income household: two seconds at most, an answer is kept for a day, and what
/// could not be learnt is said.
struct AidStatus: Sendable {
    let database: Database
    let seal: LearnerSeal
    let now: @Sendable () -> String
    /// Nil where aid's address is not known: then nobody is asked.
    var client: ServiceClient?
    private static let answerLasts: Int64 = 86_400

    /// For the calls of a page that somebody waits for: no second try, and a circuit that opens soon.
    static var clientOptions: ClientOptions {
        var options = ClientOptions()
        options.timeouts.connect = .seconds(1)
        options.timeouts.firstByte = .seconds(2)
        options.timeouts.total = .seconds(2)
        options.retries.attempts = 1
        options.bodyLimit = 64 << 10
        return options
    }

    func ask(_ number: CitizenID) async -> LowIncome {
        guard let client else { return .unasked }
        let index = seal.index(of: number)
        let moment = now()
        let second = BeijingTime.seconds(iso8601: moment) ?? 0
        let oldest = BeijingTime.iso8601(second - Self.answerLasts)
        let known = try? await database.read { db in
            try db.first("SELECT is_low_income FROM aid_answer WHERE number_index = \(index) AND asked_at > \(oldest)")
                .map { try $0.get("is_low_income", as: Bool.self) }
        }
        if let known = known ?? nil { return known ? .yes : .no }
        guard
            let answer = try? await client.call(
                AidContract.status, NoParameters(), StatusQuestion(idNumber: number.text))
        else { return .unchecked }
        let isLowIncome = answer.value.isLowIncome
        // Where the answer cannot be kept it is asked for once more; it stands all the same.
        _ = try? await database.writeByRows { db in
            try db.execute(
                """
                INSERT INTO aid_answer (number_index, is_low_income, asked_at)
                VALUES (\(index), \(isLowIncome ? 1 : 0), \(moment))
                ON CONFLICT (number_index) DO UPDATE SET is_low_income = excluded.is_low_income,
                    asked_at = excluded.asked_at
                """)
        }
        return isLowIncome ? .yes : .no
    }

    /// Asks again about those whose status could not be checked, whoever was asked longest ago first; ends where aid does not answer
    /// three times in a row.
    ///
    /// - Returns: how many are known now.
    func askAgain(_ settings: EnrollmentSettings, limit: Int = 50) async throws -> Int {
        guard client != nil else { return 0 }
        let rows = try await database.read { db in
            try db.rows(
                """
                SELECT e.enrollment_id, l.number_sealed, l.number_index, l.groups FROM enrollment e
                JOIN learner l ON l.learner_id = e.learner_id
                WHERE e.low_income = 'unchecked' AND e.state IN ('applied', 'waiting', 'offered', 'seated')
                ORDER BY coalesce(e.low_income_at, ''), e.enrollment_id LIMIT \(limit)
                """)
        }
        var (count, failures) = (0, 0)
        for row in rows {
            let number = try CitizenID(
                seal.openNumber(try row.get("number_sealed"), index: try row.get("number_index")))
            let status = await ask(number)
            let id: Int64 = try row.get("enrollment_id")
            guard status == .yes || status == .no else {
                let moment = now()
                _ = try await database.writeByRows { db in
                    try db.execute("UPDATE enrollment SET low_income_at = \(moment) WHERE enrollment_id = \(id)")
                }
                failures += 1
                if failures == 3 { return count }
                continue
            }
            failures = 0
            let priority = settings.priority(
                groups: SignUpPerson.groups(try row.get("groups")), lowIncome: status)
            let moment = now()
            _ = try await database.writeByRows { db in
                try db.execute(
                    """
                    UPDATE enrollment SET low_income = \(status.rawValue), low_income_at = \(moment),
                        priority = \(priority) WHERE enrollment_id = \(id) AND low_income = 'unchecked'
                    """)
            }
            count += 1
        }
        return count
    }
}
