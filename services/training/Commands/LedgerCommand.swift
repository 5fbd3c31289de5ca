import ArgumentParser
import ServiceKit
import Storage

/// `ledger`: the money of the subsidies.
struct LedgerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ledger", abstract: "The ledger of the subsidies. 补贴账簿。", subcommands: [LedgerVerifyCommand.self])
}

/// `ledger verify`: adds everything up once more.
struct LedgerVerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Whether the ledger equals budgets, claims and payments. 核对账簿。",
        discussion:
            "Changes nothing. Exit codes: 0 equal, 1 not, with a line for each difference, 64 usage, 74 cannot be read."
    )
    @OptionGroup var data: TrainingFolder

    func run() async throws {
        let check = try await Told.run {
            try await data.open().database.read { db in try LedgerCheck.run(in: db) }
        }
        for fault in check.faults { print(fault) }
        guard check.faults.isEmpty else { throw ExitCode(1) }
        print("ledger: \(check.budgets) budgets, \(check.postings) postings, all equal 账簿相符")
    }
}
