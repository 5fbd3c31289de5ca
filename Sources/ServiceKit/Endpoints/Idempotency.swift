package import Contracts
import Crypto
import Foundation
import HTTPTypes
import SocialDomain
package import Storage

/// Answers that are kept for a day under the key that their requests carried, so that a request that is sent again does
/// nothing twice.
enum Idempotency {
    static let header = HTTPField.Name("Idempotency-Key")
    /// Seconds.
    static let lifetime: Int64 = 86_400

    static func fingerprint(_ data: Data) -> [UInt8] { Array(SHA256.hash(data: data)) }

    struct Key: Hashable, Sendable {
        let account: String
        let text: String
        let endpoint: String
        let fingerprint: [UInt8]
    }

    /// The answer that was given; nil where the key is new.
    static func find<Answer: APIBody>(_ key: Key, in db: Connection) throws -> Reply<Answer>? {
        guard
            let row = try db.first(
                """
                SELECT endpoint, fingerprint, location, version, answer FROM idempotency_key
                WHERE account = \(key.account) AND key_text = \(key.text)
                """)
        else { return nil }
        guard try row.get("endpoint", as: String.self) == key.endpoint,
            try row.get("fingerprint", as: [UInt8].self) == key.fingerprint
        else { throw Problem.keyReused }
        let answer: [UInt8] = try row.get("answer")
        return Reply(
            try JSONDecoder().decode(Answer.self, from: Data(answer)), location: try row.get("location"),
            version: try row.get("version"))
    }

    /// Removes what was kept for longer than a day.
    static func forget(before now: Int64, in db: Connection) throws {
        try db.execute("DELETE FROM idempotency_key WHERE kept_at < \(now - lifetime)")
    }

    static func keep(_ reply: Reply<some APIBody>, under key: Key, at now: Int64, in db: Connection) throws {
        try db.execute(
            """
            INSERT INTO idempotency_key (account, key_text, endpoint, fingerprint, location, version, answer, kept_at)
            VALUES (\(key.account), \(key.text), \(key.endpoint), \(key.fingerprint), \(reply.location),
                \(reply.version), \(Array(try JSONEncoder().encode(reply.value))), \(now))
            """)
    }
}

extension Call {
    /// One transaction for what is done, that it was done, and the answer under the caller's key. A key that was seen
    /// before gives its answer and does nothing.
    ///
    /// - Parameter body: may run again after a conflict; works on its connection only.
    package func write<Answer: APIBody>(
        _ database: Database, _ body: @escaping @Sendable (Connection) throws -> Reply<Answer>
    ) async throws -> (reply: Reply<Answer>, isRepeat: Bool) {
        let key = try idempotencyKey()
        return try await database.write { db in
            guard let key else { return (try body(db), false) }
            if let given: Reply<Answer> = try Idempotency.find(key, in: db) { return (given, true) }
            let reply = try body(db)
            try Idempotency.keep(reply, under: key, at: Int64(Date().timeIntervalSince1970), in: db)
            return (reply, false)
        }
    }

    /// The same for an action that has a transaction of its own: it hands its answer to `keep` within that transaction.
    ///
    /// - Parameter action: is not called for a key that was seen before.
    package func once<Answer: APIBody>(
        _ database: Database,
        _ action: (_ keep: @escaping @Sendable (Reply<Answer>, Connection) throws -> Void) async throws -> Reply<Answer>
    ) async throws -> Reply<Answer> {
        guard let key = try idempotencyKey() else { return try await action { _, _ in } }
        if let given: Reply<Answer> = try await database.read({ db in try Idempotency.find(key, in: db) }) {
            return given
        }
        do {
            let reply = try await action { reply, db in
                try Idempotency.keep(reply, under: key, at: Int64(Date().timeIntervalSince1970), in: db)
            }
            // What was kept, not how far it has come since: the first answer is that of every repeat.
            return try await database.read { db in try Idempotency.find(key, in: db) } ?? reply
        } catch DatabaseFault.constraint(let violation) where violation.table == "idempotency_key" {
            // The same request came twice at once, and the other one won.
            guard let given: Reply<Answer> = try await database.read({ db in try Idempotency.find(key, in: db) }) else {
                throw DatabaseFault.constraint(violation)
            }
            return given
        }
    }

    private func idempotencyKey() throws(Problem) -> Idempotency.Key? {
        guard endpoint.takesKey, let name = Idempotency.header, let text = headers[name] else { return nil }
        guard (1...100).contains(text.utf8.count) else {
            throw .invalid([
                .parameter("Idempotency-Key", LocalizedText(zh: "1 到 100 个字符。", en: "1 to 100 characters."))
            ])
        }
        return Idempotency.Key(
            account: "\(caller.kind.rawValue):\(caller.id)", text: text, endpoint: "\(endpoint.id) \(path)",
            fingerprint: fingerprint)
    }
}

extension Problem {
    static let keyReused = Problem(
        .unprocessableContent, code: "key-reused",
        title: LocalizedText(zh: "这个 Idempotency-Key 用过了", en: "This Idempotency-Key was used before"),
        detail: LocalizedText(
            zh: "它属于另一个请求。请为新的操作换一个。", en: "It belongs to another request: use a new one for a new operation."))
}
