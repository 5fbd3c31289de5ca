import Foundation
import SocialDomain
import Testing

@testable import GuideService

struct ItemTextTests {
    @Test func `a material is read from one line`() {
        var content = CycleSample.content("A1")
        content.variants = [.init(id: "new", name: "新办"), .init(id: "change", name: "变更")]

        let faults = ItemText.set(
            .materials, to: "身份证 | 1 | 2 | 政府部门核发 | 需要时 | 原件带来看 | 已联网 | 情形:变更 | 方式:窗口,邮寄", in: &content)

        #expect(faults == [])
        #expect(
            content.materials == [
                .init(
                    name: "身份证", originals: 1, copies: 2, source: "政府部门核发", isRequired: false, note: "原件带来看",
                    waiver: "已联网", variants: ["change"], channels: ["window", "post"])
            ])
    }

    @Test func `bars, backslashes, line breaks and marks within a text come back as they were`() {
        var content = CycleSample.content("A1")
        content.steps = [.init(name: "甲|乙", text: "方式:自己\\选\n第二行", time: "情形:快")]
        let text = ItemText.text(.steps, of: content)
        var other = CycleSample.content("A1")

        let faults = ItemText.set(.steps, to: text, in: &other)

        #expect(text == "甲\\|乙 | \\方式:自己\\\\选\\n第二行 | \\情形:快")
        #expect(faults == [])
        #expect(other.steps == content.steps)
    }

    @Test func `every shipped item is the same after its texts are read again, and passes the check`() throws {
        let items = try DemoCatalogue(folder: GuideFolder.resources + "/demo").items()
        #expect(items.count == 1518)

        for item in items {
            var read = ItemContent.bare(code: "", baseCode: "", name: "", department: "")
            for element in ItemElement.allCases {
                let faults = ItemText.set(element, to: ItemText.text(element, of: item), in: &read)
                #expect(faults == [])
            }
            #expect(read == ItemText.normalised(item))
            #expect(ContentCheck.faults(in: item) == [], "\(item.code)")
        }
    }

    @Test func `what differs is told element by element`() {
        let old = CycleSample.content("A1")
        var new = old
        new.summary = "新的。"
        new.promisedDays = 5
        new.aliases = ["助学", "资助"]
        new.steps.append(.init(name: "领取", text: "到银行。"))
        var reordered = new
        reordered.aliases = ["资助", "助学"]

        let changes = ItemDiff(from: old, to: new).changes

        #expect(changes.map(\.element) == [.aliases, .summary, .promisedDays, .steps])
        #expect(changes.map(\.removed) == [[], ["家里困难的学生可以申请。"], [], []])
        #expect(changes.map(\.added) == [["助学", "资助"], ["新的。"], ["5"], ["领取 | 到银行。"]])
        #expect(ItemDiff(from: new, to: reordered).changes.map(\.isReordered) == [true])
    }

    @Test func `control characters and too many entries are refused`() {
        var content = CycleSample.content("A1")
        content.aliases = (0..<101).map { "别名\($0)" }
        content.summary = "零\u{0}字节"

        let faults = ContentCheck.faults(in: content)

        #expect(faults.map(\.element) == [.aliases, .summary])
        #expect(faults.first?.message.en == "At most 100 entries; there are 101.")
    }
}
