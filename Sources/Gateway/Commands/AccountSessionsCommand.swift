import ArgumentParser
import Foundation
import ServiceKit
import SocialDomain

/// `minsheng account sessions LOGIN`: where someone is signed in, and the end of it.
struct AccountSessionsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sessions", abstract: "List where an account is signed in, or end that. 查看或结束登录。",
        discussion: """
            With --end every session ends: the gateway asks to sign in again at once, and services as soon as the serving \
            gateway has told them. Both stand in the log. Exit codes: 0 done, 64 usage, 65 no such account.
            """)
    @OptionGroup var named: NamedAccount
    @Flag(help: "End all of them.") var end = false
    @Flag(help: "As JSON, for programs.") var json = false

    func run() async throws {
        try await Told.run {
            let database = try named.options.open().database
            let account = try await named.find(database)
            let store = SessionStore(database: database)
            let now = GatewayOptions.now
            let sessions = try await store.list(of: account.id, at: now)
            if end {
                try await store.endAll(of: account.id, at: now, audit: AuditEvent("account.sessions", by: .machine))
            } else {
                try await AuditLog(database: database).append(
                    AuditEvent("account.look", subject: account.id, division: account.division.prefix, by: .machine))
            }
            print(Self.text(sessions, isJSON: json), terminator: "")
        }
    }

    /// Those that last, the newest first; what they are known by stays secret.
    static func text(_ sessions: [Session], isJSON: Bool) -> String {
        let keys = ["session", "begun", "seen", "agent"]
        let rows = sessions.map { session in
            [
                session.id, time(session.begunAt), time(session.seenAt),
                // A browser may call itself anything, a terminal's commands too.
                String(
                    session.agent.map {
                        $0.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F } ? $0 : "?"
                    }),
            ]
        }
        guard isJSON else { return ([keys] + rows).map { $0.joined(separator: "\t") + "\n" }.joined() }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let objects = rows.map { Dictionary(uniqueKeysWithValues: zip(keys, $0)) }
        return (try? encoder.encode(objects)).map { String(decoding: $0, as: UTF8.self) + "\n" } ?? "[]\n"
    }

    private static func time(_ second: Int64) -> String {
        Date(timeIntervalSince1970: Double(second)).formatted(.iso8601)
    }
}
