import SocialDomain
import Testing

struct DivisionCodeTests {
    @Test(arguments: [
        ("150000", "150000", DivisionLevel.province),
        ("150400", "150400", .prefecture),
        ("150402", "150402", .county),
        ("150402000", "150402", .county),
        ("150402000000", "150402", .county),
        ("150402001", "150402001", .township),
        ("150402001000", "150402001", .township),
        ("150402001201", "150402001201", .village),
        ("110101", "110101", .county),
    ])
    func `zeros of lower levels may stand or not`(digits: String, text: String, level: DivisionLevel) throws {
        let code = try #require(DivisionCode(digits))

        #expect(code.text == text)
        #expect(code.level == level)
    }

    @Test(arguments: ["", "15", "1504", "15040", "1504020", "15040200a", "015040", "１５０４０２", "1504020010000", "-50402"])
    func `other lengths and other characters are no code`(digits: String) {
        #expect(DivisionCode(digits) == nil)
    }

    @Test func `the short form is read where a prefix is meant`() {
        #expect(DivisionCode(prefix: "15")?.text == "150000")
        #expect(DivisionCode(prefix: "1504")?.text == "150400")
        #expect(DivisionCode(prefix: "150") == nil)
    }

    @Test func `a code has a prefix for itself and each level above`() throws {
        let township = try #require(DivisionCode("150402001"))

        #expect(township.prefixes == ["15", "1504", "150402", "150402001"])
        #expect(township.prefix == "150402001")
        #expect(DivisionCode("150400")?.prefix == "1504")
    }

    @Test func `a division contains itself and what lies below, nothing else`() throws {
        let league = try #require(DivisionCode("150400"))
        let county = try #require(DivisionCode("150402"))
        let township = try #require(DivisionCode("150402001"))
        let neighbour = try #require(DivisionCode("150502"))

        #expect(league.contains(league))
        #expect(league.contains(county))
        #expect(county.contains(township))
        #expect(!county.contains(league))
        #expect(!league.contains(neighbour))
    }

    @Test func `parents lead up to the province`() {
        #expect(DivisionCode("150402001201")?.parent?.text == "150402001")
        #expect(DivisionCode("150402001")?.parent?.text == "150402")
        #expect(DivisionCode("150402")?.parent?.text == "150400")
        #expect(DivisionCode("150400")?.parent?.text == "150000")
        #expect(DivisionCode("150000")?.parent == nil)
    }

    @Test func `a division sorts before what lies in it and that before its neighbour`() {
        let codes = ["150402001", "150500", "150402", "150400"].compactMap { DivisionCode($0) }

        #expect(codes.sorted().map(\.text) == ["150400", "150402", "150402001", "150500"])
    }
}

struct DivisionTreeTests {
    private let tree = DivisionTree.innerMongolia

    @Test func `the region has 12 leagues, 103 counties, 1,033 townships and 97 abandoned codes`() {
        #expect(tree.leagues.count == 12)
        #expect(tree.counties.count == 103)
        #expect(tree.townships.count == 1033)
        #expect(tree.abandoned.count == 97)
        #expect(tree.all.count == 1149)
    }

    @Test(arguments: [
        ("150000", "内蒙古自治区"),
        ("152200", "兴安盟"),
        ("150402", "红山区"),
        ("150102001", "海拉尔东路街道"),
        ("150102004000", "东街街道"),
        ("150102101", "保合少镇"),
        ("152923208", "巴音陶海苏木"),
    ])
    func `a code has its name`(digits: String, name: String) throws {
        #expect(tree[try #require(DivisionCode(digits))]?.name == name)
    }

    @Test func `children are the divisions directly below, by code`() throws {
        let region = try #require(DivisionCode("150000"))
        let alxa = try #require(DivisionCode("152900"))

        #expect(tree.children(of: region).map(\.name).prefix(3) == ["呼和浩特市", "包头市", "乌海市"])
        #expect(tree.children(of: region).count == 12)
        #expect(tree.children(of: alxa).map(\.name) == ["阿拉善左旗", "阿拉善右旗", "额济纳旗"])
    }

    @Test func `every township lies in a named county, every county in a named league`() {
        for division in tree.all where division.level != .province {
            #expect(division.code.parent.map { tree[$0] != nil } == true, "\(division.code)")
        }
    }

    @Test func `a path leads from the region down`() throws {
        let township = try #require(DivisionCode("150102001"))

        #expect(tree.path(of: township).map(\.name) == ["内蒙古自治区", "呼和浩特市", "新城区", "海拉尔东路街道"])
    }

    @Test(arguments: [
        ("150102001", "呼和浩特市 新城区 海拉尔东路街道"),
        ("150402", "赤峰市 红山区"),
        ("1504", "赤峰市"),
        ("15", "内蒙古自治区"),
        ("150102001201", "呼和浩特市 新城区 海拉尔东路街道 150102001201"),
        ("150402999", "赤峰市 红山区 150402999"),
        ("110101", "北京市 110101"),
        ("990101", "990101"),
        ("152127", "呼伦贝尔市 鄂伦春自治旗"),
        ("150220", "包头市"),
        ("not a code", "not a code"),
    ])
    func `a path name is for people and leaves no code out`(digits: String, name: String) {
        #expect(tree.pathName(ofDigits: digits) == name)
    }

    @Test(arguments: [
        ("152400", ["150400"]),
        ("152421", ["150421"]),
        ("150220", ["150202", "150203"]),
        ("152421001", ["150421"]),
        ("150402", ["150402"]),
        ("150402001999", ["150402001999"]),
        ("110101", ["110101"]),
    ])
    func `abandoned codes resolve to their successors, others to themselves`(digits: String, current: [String]) throws {
        let code = try #require(DivisionCode(digits))

        #expect(tree.currentCodes(for: code).map(\.text) == current)
    }

    @Test func `every successor has a name`() {
        for gone in tree.abandoned {
            #expect(gone.successors.allSatisfy { tree[$0] != nil }, "\(gone.code)")
        }
    }

    @Test func `an abandoned code keeps its old name, another region's is its code`() throws {
        #expect(tree.name(of: try #require(DivisionCode("152400"))) == "昭乌达盟")
        #expect(tree.name(of: try #require(DivisionCode("152421"))) == "阿鲁科尔沁旗")
        #expect(tree.name(of: try #require(DivisionCode("110101"))) == "110101")
    }

    @Test func `a subtree is the division and all that lies in it`() throws {
        let county = try #require(DivisionCode("150103"))

        let subtree = tree.subtree(of: county)

        #expect(subtree.first?.name == "回民区")
        #expect(subtree.last?.name == "攸攸板镇")
        #expect(subtree.count == 10)
    }
}
