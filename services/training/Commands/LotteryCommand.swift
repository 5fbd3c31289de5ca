import ArgumentParser
import ServiceKit
import Storage

/// `lottery verify`: repeats a class's draw.
struct LotteryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lottery", abstract: "Repeat a draw from its recorded number. 复算摇号。",
        discussion: "Exit codes: 0 as drawn, 1 otherwise, 64 usage, 66 no such draw, 74 cannot be read.")

    @Argument(help: "What to do: verify.")
    var action: String

    @OptionGroup var data: TrainingFolder

    @Option(name: .customLong("class"), help: "The class's number.")
    var classID: Int64

    func validate() throws {
        guard action == "verify" else { throw ValidationError("lottery verify --class NUMBER") }
    }

    func run() async throws {
        try await Told.run {
            let found = try data.open().database.readBlocking { db in try LotteryResult.read(class: classID, in: db) }
            guard let found else {
                print("nothing was drawn for this class 这个班没有摇过号")
                throw ExitCode(66)
            }
            guard found.differences.isEmpty else {
                print("not as drawn 与抽取结果不符: \(found.differences.joined(separator: " "))")
                throw ExitCode(1)
            }
            print("\(found.ranked.count) ranks, as the number gives them 名次与随机数相符")
        }
    }
}
