import ArgumentParser
import Foundation
import ServiceKit
import SocialDomain

/// `flow check`: everything that is wrong with a file of guided questions.
struct FlowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "flow", abstract: "Guided questions (一件事).", subcommands: [Check.self])

    struct Check: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "check", abstract: "Check a flow against the catalogue. 检查一件事的问题流程。",
            discussion: "Exit codes: 0 sound, 1 faults were found and told, 64 usage, 74 the file cannot be read.")
        @Argument(help: "The flow, a JSON file.") var file: String
        @OptionGroup var data: GuideFolder

        func run() async throws {
            try await Told.run {
                let json = try String(contentsOfFile: file, encoding: .utf8)
                let store = FlowStore(database: try data.open().database)
                var faults: [FlowFault] = []
                do {
                    let flow = try FlowStore.flow(json)
                    faults = FlowCheck(items: try await store.checkItems(for: flow)).faults(of: flow)
                } catch let error as DecodingError {
                    faults = [FlowFault(error)]
                }
                for fault in faults { print("\(fault.explanation.en)\n\(fault.explanation.zh)") }
                guard faults.isEmpty else { throw ExitCode(1) }
                print("sound 检查通过")
            }
        }
    }
}
