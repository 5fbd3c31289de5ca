import Foundation
import Security
import SocialDomain
import Storage
import TestDatabases
import Testing

@testable import GuideService

/// Several counts at once.
private func figures(_ values: Int...) -> [Int] { values }

struct ImportTests {
    private static let county = "/work/shared/data/guide/county-items.tsv"
    private static let province = "/work/shared/data/guide/province-items-sample.jsonl"
    private static let header = "事项编码,名称,部门,事项类型,法定时限,承诺时限,材料,步骤\n"

    @Test(arguments: TestServer.engines)
    func `a county hall's list is known by its columns, and makes departments and drafts`(_ engine: Engine) async throws
    {
        try await CycleSample.with(engine) { sample in
            let result = try await sample.importing(CycleSample.fixture("county.tsv"))

            #expect(result.faults == [])
            #expect(
                figures(result.rows, result.new, result.changed, result.unchanged, result.rejected) == [3, 3, 0, 0, 0])
            #expect(result.newDepartments == 2)
            let item = try #require(try await sample.item("5A-01"))
            #expect(item.head.content.kind == "行政给付")
            #expect(item.head.state == .draft)
            #expect(item.division == "150402")
            #expect(item.department == "D03")
            #expect(try await sample.item("5A-03")?.head.content.kind == "其他行政权力")
            #expect(try await CatalogueStore(database: sample.database).published(code: "5A-01") == nil)
            #expect(try await sample.log("county.tsv") == ["catalogue.import"])
        }
    }

    @Test(arguments: TestServer.engines)
    func `a provincial portal's export brings every element that it has`(_ engine: Engine) async throws {
        try await CycleSample.with(engine) { sample in
            let result = try await sample.importing(CycleSample.fixture("portal.jsonl"), publishes: true)

            #expect(result.faults == [])
            #expect(figures(result.rows, result.new) == [2, 2])
            let shown = try #require(try await CatalogueStore(database: sample.database).published(code: "P-1"))
            let content = shown.content
            #expect(content.statutoryDays == 70)
            #expect(content.promisedDays == 18)
            #expect(content.visits == 0)
            #expect(content.places.map(\.address) == ["新华路1号"])
            #expect(content.places.map(\.name) == ["省教育厅"])
            #expect(content.conditions.map(\.text) == ["1.有教材。", "2.有单位。"])
            #expect(content.materials.map(\.name) == ["登记表", "清样（甲|乙）"])
            #expect(content.audience == ["自然人", "企业法人"])
            #expect(content.themes == ["教育科研"])
            #expect(content.complaintPhone == "12345")
            #expect(try await sample.item("P-1")?.division == "15")
        }
    }

    @Test(.enabled(if: FileManager.default.fileExists(atPath: county)), arguments: TestServer.engines)
    func `the real list and the real export import without a hand's work, and again to nothing new`(
        _ engine: Engine
    ) async throws {
        try await CycleSample.with(engine) { sample in
            let county = try await sample.importing(Self.county)
            let province = try await sample.importing(Self.province)
            let again = try await sample.importing(Self.county)
            let provinceAgain = try await sample.importing(Self.province)

            #expect(county.faults == [])
            #expect(figures(county.rows, county.new, county.rejected, county.newDepartments) == [1135, 1135, 0, 34])
            #expect(province.faults == [])
            #expect(figures(province.rows, province.new, province.rejected) == [20, 20, 0])
            #expect(figures(again.rows, again.unchanged, again.newDepartments) == [1135, 1135, 0])
            #expect(figures(provinceAgain.rows, provinceAgain.unchanged) == [20, 20])
        }
    }

    @Test(arguments: TestServer.engines)
    func `a changed row makes the next edition as a draft, or publishes it where that is asked`(
        _ engine: Engine
    ) async throws {
        try await CycleSample.with(engine) { sample in
            let store = CatalogueStore(database: sample.database)
            let row = "A1,学生资助,区教育局,行政给付,20,10,申请表 | 1 | 0,申请 | 交给学校\n"
            let first = try sample.file("a.csv", Self.header + row)
            _ = try await sample.importing(first, publishes: true)
            let second = try sample.file("b.csv", Self.header + row.replacing("20,10", with: "20,5"))

            let drafted = try await sample.importing(second)
            #expect(figures(drafted.changed, drafted.unchanged) == [1, 0])
            #expect(try await sample.item("A1")?.head.number == 2)
            #expect(try await store.published(code: "A1")?.content.promisedDays == 10)

            let again = try await sample.importing(second)
            #expect(figures(again.changed, again.unchanged) == [0, 1])

            let published = try await sample.importing(second, publishes: true)
            #expect(figures(published.changed, published.unchanged) == [1, 0])
            #expect(try await store.published(code: "A1")?.content.promisedDays == 5)
            #expect(try await store.published(code: "A1")?.number == 2)
        }
    }

    @Test(arguments: TestServer.engines)
    func `what a file does not speak of stays as it was`(_ engine: Engine) async throws {
        try await CycleSample.with(engine) { sample in
            try await sample.publish(CycleSample.content("5A-01", name: "旧名称"))

            let result = try await sample.importing(CycleSample.fixture("county.tsv"))

            #expect(figures(result.new, result.changed) == [2, 1])
            let content = try #require(try await sample.item("5A-01")?.head.content)
            #expect(content.name == "学生资助申请")
            #expect(content.steps.map(\.text) == ["交给学校。"])
        }
    }

    @Test(arguments: TestServer.engines)
    func `a bad row refuses the whole file with its line, its column and how it is mended`(
        _ engine: Engine
    ) async throws {
        try await CycleSample.with(engine) { sample in
            let path = try sample.file(
                "bad.csv",
                Self.header + """
                    A1,学生资助,区教育局,行政给付,20,10,,
                    A2,助学贷款,区教育局,行政给付,二十,10,,
                    A3,学籍证明,区教育局,魔法,20,10,,
                    A4,转学,区教育局,公共服务,10,20,,
                    ,没有编码,区教育局,公共服务,10,10,,
                    A6,\(String(repeating: "长", count: 10_000)),区教育局,公共服务,,,,
                    A7,材料,区教育局,公共服务,,,申请表 | 一份,
                    """)

            let result = try await sample.importing(path)

            #expect(result.isDone == false)
            #expect(figures(result.rows, result.new, result.rejected) == [7, 1, 6])
            #expect(result.faults.map(\.line) == [3, 4, 5, 6, 7, 8])
            #expect(result.faults.map(\.column) == ["法定时限", "事项类型", "承诺时限", "事项编码", "名称", "材料"])
            #expect(result.faults[4].message.zh == "最多 200 个字符，现有 10000 个，请缩短。")
            #expect(
                result.faults[0].sentence(file: "bad.csv").zh == "bad.csv:3，列“法定时限”：请写工作日的天数，例如 20；当场办结写 0。")
            #expect(try await sample.item("A1") == nil)
            #expect(try await sample.log("bad.csv") == [])
            let rejects = String(decoding: ImportRejects.csv(result.faults, file: "bad.csv"), as: UTF8.self)
            #expect(rejects.split(whereSeparator: \.isNewline).count == 7)
            #expect(rejects.contains("bad.csv,3,法定时限,"))
        }
    }

    @Test(arguments: TestServer.engines)
    func `good rows are taken in beside bad ones where that is asked, and the counts add up`(
        _ engine: Engine
    ) async throws {
        try await CycleSample.with(engine) { sample in
            let path = try sample.file(
                "mixed.csv", Self.header + "A1,学生资助,区教育局,,,,,\nA2,助学贷款,区教育局,魔法,,,,\nA3,一,二,三,四,五,六,七,八,九\n")

            let result = try await sample.importing(path, skips: true)

            #expect(result.isDone)
            #expect(figures(result.rows, result.new, result.rejected) == [3, 1, 2])
            #expect(result.faults.map(\.line) == [3, 4])
            #expect(try await sample.item("A1") != nil)
            #expect(try await sample.item("A2") == nil)
        }
    }

    @Test(arguments: TestServer.engines)
    func `two rows with one code are both refused, each naming the other`(_ engine: Engine) async throws {
        try await CycleSample.with(engine) { sample in
            let path = try sample.file("twice.csv", Self.header + "A1,学生资助,区教育局,,,,,\nA1,助学贷款,区教育局,,,,,\n")

            let result = try await sample.importing(path, skips: true)

            #expect(figures(result.rows, result.new, result.rejected) == [2, 0, 2])
            #expect(
                result.faults.map(\.message.en) == [
                    "has the code of line 3 too: one row for each item, so remove or mend one.",
                    "has the code of line 2 too: one row for each item, so remove or mend one.",
                ])
            #expect(try await sample.item("A1") == nil)
        }
    }

    @Test(arguments: TestServer.engines)
    func `only checking changes nothing`(_ engine: Engine) async throws {
        try await CycleSample.with(engine) { sample in
            let result = try await sample.importing(CycleSample.fixture("county.tsv"), checks: true)

            #expect(figures(result.rows, result.new, result.newDepartments) == [3, 3, 2])
            #expect(result.isDone == false)
            #expect(try await sample.item("5A-01") == nil)
        }
    }

    @Test(arguments: TestServer.engines)
    func `an item that somebody is working on is not changed by a file`(_ engine: Engine) async throws {
        try await CycleSample.with(engine) { sample in
            try await sample.publish(CycleSample.content("5A-01"))
            try await sample.handIn("5A-01")

            let result = try await sample.importing(CycleSample.fixture("county.tsv"))

            #expect(result.isDone == false)
            #expect(result.faults.map(\.line) == [2])
            #expect(result.faults[0].message.en.contains("Somebody is working on this item (edition 2)"))
            #expect(try await sample.item("5A-02") == nil)
        }
    }

    @Test(arguments: TestServer.engines)
    func `an operator's file does not reach beyond the operator's division`(_ engine: Engine) async throws {
        try await CycleSample.with(engine) { sample in
            let operator402 = CycleSample.person("olga", ["operator"], division: "150403")

            let result = try await sample.importing(CycleSample.fixture("county.tsv"), caller: operator402)

            #expect(result.isDone == false)
            #expect(figures(result.rows, result.rejected) == [3, 3])
        }
    }

    @Test func `columns that no mapping knows are told with those that are known`() throws {
        let path = NSTemporaryDirectory() + "wrong-\(UUID().uuidString).csv"
        try Data("编号,标题\n1,二\n".utf8).write(to: URL(fileURLWithPath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }

        let fault = #expect(throws: ImportFault.self) {
            try ImportReader(
                ImportTable(path: path, name: "wrong.csv"), given: nil,
                shipped: ImportMapping.shipped(GuideFolder.resources))
        }

        #expect(fault?.line == 1)
        #expect(fault?.message.zh.hasPrefix("认不出这种表格：列有 编号、标题。") == true)
        #expect(fault?.message.zh.contains("TASK_CODE") == true)
    }

    @Test func `a misspelt column of our own form is told and not passed over`() throws {
        let path = NSTemporaryDirectory() + "own-\(UUID().uuidString).csv"
        try Data("事项编码,名称,部门,材料,步骤,条 件\nA1,一,区教育局,,,\n".utf8).write(to: URL(fileURLWithPath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }

        let fault = #expect(throws: ImportFault.self) {
            try ImportReader(
                ImportTable(path: path, name: "own.csv"), given: nil,
                shipped: ImportMapping.shipped(GuideFolder.resources))
        }

        #expect(fault?.column == "条 件")
    }

    @Test(arguments: TestServer.engines)
    func `another portal's file imports by a mapping in YAML`(_ engine: Engine) async throws {
        try await CycleSample.with(engine) { sample in
            let mapping = try sample.file(
                "other.yaml",
                """
                id: other
                title: {zh: 别的平台, en: Another portal}
                recognise: [sxbm, sxmc]
                elements:
                  code: {column: sxbm}
                  name: {column: sxmc}
                  department: {column: bmmc}
                  kind: {column: lx, values: {XK: 行政许可}}
                  audience: {column: dx, separators: ";；"}
                  level: {constant: 县级}
                """)
            let path = try sample.file("other.csv", "sxbm,sxmc,bmmc,lx,dx\nX1,设立,新部门,XK,自然人;企业法人\n")

            let result = try await sample.importing(path, mapping: ImportMapping(path: mapping), division: "150402")

            #expect(result.faults == [])
            let content = try #require(try await sample.item("X1")?.head.content)
            #expect(content.kind == "行政许可")
            #expect(content.audience == ["自然人", "企业法人"])
            #expect(content.level == "县级")
        }
    }

    @Test func `a mapping with an unknown element is told by its place`() throws {
        let path = NSTemporaryDirectory() + "mapping-\(UUID().uuidString).yaml"
        try Data("id: x\ntitle: {zh: a, en: b}\nrecognise: []\nelements: {colour: {column: a}}\n".utf8).write(
            to: URL(fileURLWithPath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }

        let fault = #expect(throws: MappingFault.self) { try ImportMapping(path: path) }

        #expect(fault?.explanation.en.contains("/elements/colour: is no element") == true)
    }

    @Test(arguments: TestServer.engines, ExportItems.Format.allCases)
    func `an export imports again to the same`(_ engine: Engine, _ format: ExportItems.Format) async throws {
        try await CycleSample.with(engine) { sample in
            let demo = DemoCatalogue(folder: GuideFolder.resources + "/demo")
            try await sample.database.write { db in
                for department in try demo.departments() {
                    try CatalogueStore.put(
                        Department(
                            id: "X" + department.id, name: department.name, short: "", phone: "", address: "", hours: ""
                        ),
                        division: "150402", in: db)
                }
                for (index, content) in try demo.items().prefix(200).enumerated() {
                    var content = content
                    content.department = "X" + content.department
                    if index == 0 { content.conditions.append(.init(text: "有竖线|、反斜线\\和\n换行，以情形:开头")) }
                    try PublishItem.first(
                        content, id: Int64(index + 1), division: "150402", version: 1, at: "2026-06-30T02:00:00Z",
                        in: db)
                }
            }
            let path = "\(sample.folder)/items.\(format.rawValue)"
            let own = try ImportMapping(path: GuideFolder.resources + "/mappings/own.json")
            let count = try sample.database.readBlocking { db in
                try ExportItems.write(format, to: path, within: .ownMachine, own: own, in: db)
            }

            let same = try await sample.importing(path)
            #expect(count == 200)
            #expect(same.faults == [])
            #expect(figures(same.rows, same.unchanged) == [200, 200])

            try await CycleSample.with(engine) { empty in
                let fresh = try await empty.importing(path, publishes: true)
                #expect(fresh.faults == [])
                #expect(fresh.new == 200)
                let code = "11150402MB9900232H4000131019000"
                var (old, new) = (
                    try await sample.item(code)?.head.content, try await empty.item(code)?.head.content
                )
                old?.department = ""
                new?.department = ""
                #expect(new == old)
                #expect(new?.conditions.last?.text == "有竖线|、反斜线\\和\n换行，以情形:开头")
            }
        }
    }
}
