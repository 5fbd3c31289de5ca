import ArgumentParser
import Foundation
import ServiceKit
import Storage

/// `sessions purge`: removes what is not needed any more of the helpers' sessions; `serve` does the same every hour.
struct SessionsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sessions", abstract: "Look after the helpers' sessions. 云帮办会话。", subcommands: [Purge.self])

    struct Purge: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "purge", abstract: "Remove names, phones, chat and pictures of old sessions. 清除到期的个人信息。",
            discussion: "Counts and times stay, for figures. Exit codes: 0 done, 64 usage, 74 cannot be written.")
        @OptionGroup var data: GuideFolder

        @Option(name: .customLong("keep-days"), help: "How many days after its end a session is kept whole.")
        var keepDays = 30

        func validate() throws {
            guard (0...3650).contains(keepDays) else { throw ValidationError("--keep-days is 0 to 3650") }
        }

        func run() async throws {
            try await Told.run {
                let store = try data.open()
                let (now, days) = (Int64(Date().timeIntervalSince1970), keepDays)
                let count = try await store.database.write { db in
                    try SessionRetention.remove(endedBefore: now - Int64(days) * 86400 + 1, at: now, in: db)
                }
                print("\(count) sessions emptied 已清除 \(count) 次会话的个人信息")
            }
        }
    }
}
