import ArgumentParser
import Foundation
import ServiceKit

/// `demo`: fills an empty catalogue with the one that is shipped.
struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo", abstract: "Fill an empty catalogue with the shipped one. 装入演示事项库。",
        discussion:
            "37 departments, 1,518 items, three lists of guided questions, ten plates. Does nothing where there are items already."
    )
    @OptionGroup var data: GuideFolder

    func run() async throws {
        try await Told.run {
            let store = try data.open()
            let count = try DemoCatalogue(folder: GuideFolder.resources + "/demo").load(
                into: store.database, at: Date().formatted(.iso8601))
            let time = Date().formatted(.iso8601)
            try ShippedFlows.load(from: GuideFolder.resources + "/demo", into: store.database, at: time)
            try DemoPlates.load(into: store.database, at: time)
            print(count == 0 ? "there are items already 已有事项" : "\(count) items 已装入 \(count) 项")
        }
    }
}
