import Testing

@testable import GuideService

/// What the answers come to.
struct FlowPlanTests {
    private static func item(
        _ id: Int64, _ name: String, materials: [ItemContent.Material], results: [String] = [],
        variants: [String] = []
    ) -> PublishedItem {
        var content = ItemContent.bare(code: "\(id)", baseCode: "", name: name, department: "scjg")
        content.materials = materials
        content.results = results
        content.channels = ["online", "window"]
        content.variants = variants.map { .init(id: $0, name: $0) }
        return PublishedItem(id: id, content: content, number: 1, publishedAt: "", confirmedOn: nil)
    }

    private static func material(
        _ name: String, originals: Int = 1, copies: Int = 0, waiver: String? = nil, variants: [String]? = nil,
        channels: [String]? = nil
    ) -> ItemContent.Material {
        ItemContent.Material(
            name: name, originals: originals, copies: copies, source: "申请人自备", isRequired: true, waiver: waiver,
            variants: variants, channels: channels)
    }

    @Test func `equal materials are one, originals shown again, copies summed, each with what it serves`() {
        let plan = FlowPlan(
            [.init(item: "执照"), .init(item: "许可"), .init(item: "登记")],
            items: [
                "执照": Self.item(
                    1, "执照", materials: [Self.material("居民身份证", copies: 1), Self.material("租房合同（复印件）")],
                    results: ["营业执照"]),
                "许可": Self.item(
                    2, "许可",
                    materials: [
                        Self.material("居民身份证 ", copies: 2), Self.material("营业执照"), Self.material("健康证", waiver: "共享"),
                    ]),
                "登记": Self.item(
                    3, "登记",
                    materials: [Self.material("租房合同(复印件)"), Self.material("居民身份证", originals: 0, waiver: "共享")]),
            ])

        #expect(plan.materials.map(\.name) == ["居民身份证", "租房合同（复印件）", "营业执照", "健康证"])
        let card = plan.materials[0]
        #expect(card.needs == [1, 2] && card.waived == [3] && card.originals == 1 && card.copies == 3)
        #expect(plan.materials[1].needs == [1, 3])
        // The second item asks for what the first one gives.
        #expect(plan.materials[2].needs == [2] && plan.materials[2].comesFrom == 1)
        #expect(plan.materials[3].needs.isEmpty && plan.materials[3].waived == [2])
    }

    @Test func `only what the variant asks for at the window is listed`() {
        let plan = FlowPlan(
            [.init(item: "许可", variant: "renew")],
            items: [
                "许可": Self.item(
                    1, "许可",
                    materials: [
                        Self.material("新办申请表", variants: ["new"]), Self.material("延续申请表", variants: ["renew"]),
                        Self.material("照片（网上传）", channels: ["online"]),
                    ], variants: ["new", "renew"])
            ])

        #expect(plan.materials.map(\.name) == ["延续申请表"])
    }

    @Test func `items stand in the flow's order, each once`() throws {
        let (flow, _) = FlowCheck(items: FlowSample.items).read(FlowSample.json())
        var read = try #require(flow)
        read.nodes["q2"]?.options[0].items = [.init(item: "先办"), .init(item: "食品经营许可")]
        read.order = ["先办", "食品经营许可"]

        let walk = FlowWalk(read, answers: "yes.one")

        #expect(walk.wanted.map(\.item) == ["先办", "食品经营许可"])
        #expect(walk.end != nil && !walk.isCutShort)
    }

    @Test func `answers that the flow does not have end the walk where they stop fitting`() throws {
        let (flow, _) = FlowCheck(items: FlowSample.items).read(FlowSample.json())
        let walk = FlowWalk(try #require(flow), answers: "yes.maybe.one")

        #expect(walk.place == "q2" && walk.isCutShort && walk.answers == "yes")
    }
}
