import Testing

@testable import GuideService

struct PlateCodeTests {
    private static func drawn() -> PlateCode {
        var generator = Steps()
        return PlateCode.random(using: &generator)
    }

    private struct Steps: RandomNumberGenerator {
        var state: UInt64 = 7
        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state
        }
    }

    @Test func `the check is the weighted sum modulo 31`() throws {
        // 2…8 are worth 0…6, their weights are 1…7:
        // 0·1 + 1·2 + 2·3 + 3·4 + 4·5 + 5·6 + 6·7 = 112 = 3·31 + 19, and the 20th character is N.
        #expect(try PlateCode("2345678N").text == "2345678N")
        #expect(throws: PlateCode.Fault.check) { try PlateCode("2345678P") }
    }

    @Test func `a code is read as people type it`() throws {
        #expect(try PlateCode(" 2345-678n ").text == "2345678N")
        #expect(try PlateCode("2345678N").printed == "2345-678N")
    }

    @Test(arguments: ["", "2345678", "2345678NP", "O345678N", "1345678N", "<script>", "门牌编码"])
    func `what is not eight of its characters is no code`(_ text: String) {
        #expect(throws: PlateCode.Fault.form) { try PlateCode(text) }
    }

    @Test func `every wrong character and every two that changed places are told`() throws {
        let alphabet = Array("23456789ABCDEFGHJKMNPQRSTUVWXYZ")
        let code = Array(Self.drawn().text)
        for place in code.indices {
            for other in alphabet where other != code[place] {
                var wrong = code
                wrong[place] = other
                #expect(throws: PlateCode.Fault.check) { try PlateCode(String(wrong)) }
            }
            for later in code.indices where later > place && code[later] != code[place] {
                var swapped = code
                swapped.swapAt(place, later)
                #expect(throws: PlateCode.Fault.check) { try PlateCode(String(swapped)) }
            }
        }
    }
}
