import ArgumentParser
import Foundation
import Security
import ServiceKit
import SocialDomain
import Storage

/// `chain`: the households' rescue chains.
struct ChainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "chain", abstract: "Verify or show what was done for households. 核对或查看救助链。",
        subcommands: [ChainVerifyCommand.self, ChainShowCommand.self])
}

/// `chain verify`: follows the chains from their first entries.
struct ChainVerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Find any change, removal or reorder. 查找改动、删除和调换。",
        discussion: """
            Without --household it keeps how far the chain reached in keys/chain.checkpoint of the data folder; keep a copy of \
            it elsewhere. Exit codes: 0 unchanged, 1 changed, 64 usage, 74 cannot be read.
            """)

    @OptionGroup var data: DataOption

    @Option(help: "Only what concerns this household, by its number.")
    var household: String?

    func run() async throws {
        try await CommandFailure.told {
            let database = try data.open()
            let key = try database.folder.signingKeys().derived("rescue-chain")
            let file = AuditCheckpointFile(database.folder.chainCheckpoint)
            let outcome = try VerifyRescueChain(database: database.database)(
                household: household, since: file.read(), key: key)
            guard outcome.findings.isEmpty else {
                for finding in outcome.findings {
                    FileHandle.standardError.write(Data("\(finding.words.en)\n\(finding.words.zh)\n".utf8))
                }
                throw ExitCode(1)
            }
            if household == nil { try file.write(outcome.latest) }
            print(
                "\(outcome.entries) entries of \(outcome.households) households, unchanged "
                    + "共 \(outcome.households) 户 \(outcome.entries) 条，完好")
        }
    }
}

/// `chain show`: one household's entries, the oldest first.
struct ChainShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show a household's chain. 查看一户的救助链。",
        discussion: "Exit codes: 0 shown, 64 usage, 74 cannot be read.")

    @OptionGroup var data: DataOption
    @OptionGroup var output: OutputOption

    @Option(help: "The household's number.")
    var household: String

    func run() async throws {
        try await CommandFailure.told {
            let entries = try data.open().read { db in
                try RescueChain.entries(of: household, within: nil, in: db)
            }
            var result = CommandOutput([
                ("#", "sequence"), ("day 日期", "day"), ("kind 事项", "kind"), ("person 人员", "person"),
                ("title 内容", "title"), ("source 来源", "source"), ("by 经办", "actor"), ("reference 编号", "reference"),
            ])
            result.rows = entries.reversed().map { entry in
                [
                    "\(entry.sequence)", entry.day, entry.kind, entry.person, entry.title, entry.source, entry.actor,
                    entry.reference,
                ]
            }
            result.print(as: output.form)
        }
    }
}
