import SocialDomain
import Testing

struct PersonNameTests {
    @Test(arguments: [
        "阿拉坦·其其格", "阿拉坦•其其格", "阿拉坦・其其格", "阿拉坦･其其格", "阿拉坦．其其格", "阿拉坦‧其其格", "阿拉坦.其其格", "阿拉坦 其其格",
        "\u{3000}阿拉坦其其格\u{A0}",
    ])
    func `dots and white space do not tell names apart`(typed: String) {
        #expect(PersonName.comparisonForm(typed) == "阿拉坦其其格")
        #expect(!PersonName.differ(typed, from: "阿拉坦其其格"))
    }

    @Test func `full width is folded and case counts`() {
        #expect(!PersonName.differ("Ｍａｒｙ", from: "Mary"))
        #expect(PersonName.differ("MARY", from: "Mary"))
    }

    @Test func `names compare by code points, without normalisation`() {
        #expect(PersonName.differ("e\u{301}", from: "\u{E9}"))
    }

    @Test func `a zero-width space is no white space`() {
        #expect(PersonName.differ("苏\u{200B}和", from: "苏和"))
    }

    @Test func `an absent name contradicts nothing`() {
        #expect(!PersonName.differ("", from: "苏和"))
        #expect(!PersonName.differ("\u{3000} ", from: "苏和"))
        #expect(!PersonName.differ("苏和", from: " "))
    }

    @Test func `a name of nothing but dots is there and differs`() {
        #expect(PersonName.differ("···", from: "苏和"))
    }

    @Test(arguments: [
        ("苏和", "苏*"), ("巴雅尔图", "巴***"), ("阿拉坦·其其格", "阿*****"), (" 王 芳 ", "王*"), ("苏", "*"), ("", ""), ("···", ""),
    ])
    func `the public sees the first character and a star for each other`(name: String, masked: String) {
        #expect(PersonName.masked(name) == masked)
    }
}
