import ArgumentParser
import Foundation

/// `import register`: the register of low-income households in place of the one before.
struct ImportRegisterCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "register",
        abstract: "Take in households.csv and persons.csv in place of the register before. 导入低收入人口名册。",
        discussion: "Exit codes: 0 done, 64 usage, 65 register refused, 66 no input, 73 cannot write, 74 failed midway."
    )

    @OptionGroup var data: DataOption
    @OptionGroup var output: OutputOption

    @Option(name: .customLong("registry"), help: "The folder that holds households.csv and persons.csv.")
    var folder: String

    func run() async throws {
        try await CommandFailure.told {
            let database = try data.open()
            let receipt = try ImportRegister(database: database)(folder: folder, through: .command)
            var result = CommandOutput([
                ("households 户", "households"), ("persons 人", "persons"), ("problems 问题", "problems"),
                ("register 名册", "state"),
            ])
            result.rows.append([
                String(receipt.households), String(receipt.persons), String(receipt.problems.count),
                receipt.changed ? "imported" : "unchanged",
            ])
            result.print(as: output.form)
        }
    }
}
