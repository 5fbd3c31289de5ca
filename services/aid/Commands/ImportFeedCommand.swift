import ArgumentParser
import Foundation

/// `import feed`: departments' extracts, each under its own file name.
struct ImportFeedCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "feed",
        abstract: "Take in departments' extracts; a file of the same name replaces the one before. 导入部门数据。",
        discussion: """
            A file's name begins with its feed kind and ends in .csv or .xlsx. A file that is refused keeps none of the \
            others out.
            Exit codes: 0 done, 64 usage, 65 a file refused, 66 no input, 73 cannot write, 74 failed midway.
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
            var refusals: [FeedRefusal] = []
            do {
                for file in files {
                    do {
                        let receipt = try library.takeIn(file: file, through: .command)
                        let record = receipt.record
                        result.rows.append([record.file, record.feed, String(record.bytes), receipt.word])
                    } catch let refusal as FeedRefusal {
                        refusals.append(refusal)
                        result.rows.append([(file as NSString).lastPathComponent, "", "", "refused"])
                    }
                }
            } catch {
                if !result.rows.isEmpty { result.print(as: output.form) }
                throw error
            }
            result.print(as: output.form)
            for refusal in refusals.dropLast() { CommandFailure.tell(refusal) }
            if let last = refusals.last { throw last }
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
