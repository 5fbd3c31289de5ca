import SocialDomain
import Testing

struct UnifiedCreditCodeTests {
    @Test(arguments: ["91350100M000100Y43", "91110000600037341L", "914403001922038216", "9144030071526726XG"])
    func `codes with a right check character are read`(text: String) throws {
        #expect(try UnifiedCreditCode(text).text == text)
    }

    @Test func `white space around, full width and small letters are taken`() throws {
        #expect(try UnifiedCreditCode(" ９1350100m000100y43\u{3000}").text == "91350100M000100Y43")
    }

    @Test func `the division and the organisation code are read from their places`() throws {
        let code = try UnifiedCreditCode("91350100M000100Y43")

        #expect(code.division.text == "350100")
        #expect(code.organizationCode == "M000100Y4")
    }

    @Test(arguments: [
        ("", UnifiedCreditCodeFault.empty),
        ("91350100M000100Y4", .length(17)),
        ("91350100M000100Y44", .checkCharacter),
        ("91350100M0001O0Y43", .character(position: 14)),
        ("91A50100M000100Y43", .character(position: 3)),
        ("91350100M000100Y4ſ", .character(position: 18)),
        ("91350100 000100Y43", .character(position: 9)),
    ])
    func `a wrong code says what is wrong with it`(text: String, fault: UnifiedCreditCodeFault) {
        #expect(throws: fault) { try UnifiedCreditCode(text) }
    }
}
