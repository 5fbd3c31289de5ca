import Foundation
import Testing

@testable import TrainingService

@Suite struct OccupationClassificationTests {
    private let classification: OccupationClassification

    init() throws { classification = try OccupationClassification(folder: TradeTables.folder) }

    private func code(_ text: String) throws -> OccupationCode { try #require(OccupationCode(text)) }

    @Test func `a trade is found by its code with its groups`() throws {
        let trade = try #require(classification[code("4-10-01-05")])

        #expect(trade.name == "养老护理员")
        #expect(trade.level == .trade)
        #expect(trade.definition == "从事老年人生活照料、护理服务工作的人员。")
        #expect(trade.parents == ["社会生产服务和生活服务人员", "居民服务人员", "生活照料服务人员"])
        #expect(!trade.isGreen)
        #expect(!trade.isDigital)
    }

    @Test func `green and digital trades lose the mark from their name`() throws {
        let cleaner = try #require(classification[code("4-09-08-01")])
        let streamer = try #require(classification[code("4-01-06-02")])
        let surveyor = try #require(classification[code("4-08-03-01")])

        #expect(cleaner.name == "保洁员")
        #expect(cleaner.isGreen)
        #expect(streamer.name == "互联网营销师")
        #expect(streamer.isDigital)
        #expect(surveyor.name == "大地测量员")
        #expect(surveyor.isGreen && surveyor.isDigital)
    }

    @Test func `each trade stands once, and groups are not trades`() throws {
        #expect(classification.trades.count == 1631)
        #expect(Set(classification.trades.map(\.code)).count == 1631)
        #expect(try classification.trade(code("4-10-01-00")) == nil)
        #expect(try classification.trade(code("4-12-04-02"))?.name == "修鞋工")
    }

    @Test func `a minor group of one trade is that trade`() throws {
        let trade = try #require(try classification.trade(code("6-31-05-00")))

        #expect(trade.name == "包装工")
        #expect(
            try classification.parents(of: code("6-31-05-00")).map(\.code.description) == ["6-00-00-00", "6-31-00-00"])
    }

    @Test func `what the source prints as an occupation beside its own members is a group`() throws {
        #expect(try classification[code("6-20-03-00")]?.level == .minor)
        #expect(
            try classification.children(of: code("6-20-03-00")).map(\.name)
                == ["机床装调维修工", "焊接设备装配调试工", "焊接材料制造工"])
    }

    @Test func `children stand right below, by code`() throws {
        #expect(classification.children(of: nil).map(\.code.description).first == "1-00-00-00")
        #expect(classification.children(of: nil).count == 8)
        #expect(
            try classification.children(of: code("4-10-01-00")).map(\.name)
                == ["婴幼儿发展引导员", "保育师", "孤残儿童护理员", "养老护理员", "家政服务员"])
        #expect(try classification.children(of: code("4-10-01-05")).isEmpty)
        #expect(try classification.children(of: code("4-99-99-00")).isEmpty)
    }

    @Test(arguments: [
        "", "4-10-01-5", "4-10-01-055", "4100105", "9-10-01-05", "0-10-01-05", "4-1O-01-05", "４-10-01-05",
    ])
    func `what is not written like a code is none`(text: String) {
        #expect(OccupationCode(text) == nil)
    }

    @Test func `a code is written as it was read`() throws {
        #expect(try code("4-10-01-05").description == "4-10-01-05")
        #expect(try code("4-10-01-05").number == 4_100_105)
        #expect(try code("2-02-00-00") < code("2-02-01-00"))
    }

    @Test func `a broken table is refused with its line`() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "occupations-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try "1-00-00-00\t1\t\t负责人\t\t\n1-01-00-00\ttwo\t\t负责人\t\t\n"
            .write(to: folder.appending(path: "occupations.tsv"), atomically: true, encoding: .utf8)

        let error = #expect(throws: OccupationTable.UnreadableLine.self) {
            try OccupationClassification(folder: folder)
        }
        #expect(error?.description == "occupations.tsv, line 2: cannot be read")
    }
}

/// The tables as the service carries them.
enum TradeTables {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "services/training/Resources/occupations")
}
