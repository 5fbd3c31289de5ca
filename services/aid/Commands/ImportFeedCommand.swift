import ArgumentParser
import Foundation

/// `import feed`: departments' extracts, each under its own file name.
struct ImportFeedCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "feed",
        abstract: "Take in departments' extracts; a file of the same name replaces the one before. 导入部门数据。",
        discussion: """
            A file's name begins with its feed kind and ends in .csv or .xlsx. The files before one that is refused stay in.
            Exit codes: 0 done, 64 usage, 65 file refused, 66 no input, 73 cannot write, 74 failed midway.
            """)

    @OptionGroup var data: DataOption
    @OptionGroup var output: OutputOption

    @Argument(help: "The files.")
    var files: [String]

    func run() async throws {
        try await CommandFailure.told {
            let library = FeedLibrary(database: try data.open())
            var result = CommandOutput([
                ("file 文件", "file"), ("feed 类别", "feed"), ("bytes 字节", "bytes"), ("state 状态", "state"),
            ])
            do {
                for file in files {
                    let receipt = try library.takeIn(file: file, through: .command)
                    let record = receipt.record
                    result.rows.append([record.file, record.feed, String(record.bytes), receipt.word])
                }
            } catch {
                if !result.rows.isEmpty { result.print(as: output.form) }
                throw error
            }
            result.print(as: output.form)
        }
    }
}

extension FeedReceipt {
    fileprivate var word: String {
        switch self {
        case .added: "added"
        case .replaced: "replaced"
        case .unchanged: "unchanged"
        }
    }
}
