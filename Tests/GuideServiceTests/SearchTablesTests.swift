import Foundation
import Testing

@testable import GuideService

struct SearchTablesTests {
    let tables: CharacterTables

    init() throws { tables = try SearchCatalogue.tables() }

    private func folded(_ text: String) -> String { String(utf16: FoldedText(text, tables).compact) }

    @Test func `width, case and traditional forms fold to the plain form`() {
        #expect(folded("ＡＢｃ１２３") == "abc123")
        #expect(folded("證照遺失補領") == "证照遗失补领")
        #expect(folded("⼯商（⾏政）") == "工商行政")
        #expect(folded("①②Ⅹ") == "12x")
    }

    @Test func `plain simplified text stays as it is`() {
        #expect(folded("乾隆后期著作余额了解") == "乾隆后期著作余额了解")
    }

    @Test func `runs part Chinese from Latin and keep hyphens within codes`() {
        let runs = FoldedText("办ETC-卡 -511A-01-", tables).runs

        #expect(runs.map { String(utf16: $0.units) } == ["办", "etc", "卡", "511a-01"])
        #expect(runs.map(\.isHan) == [true, false, true, false])
    }

    @Test func `brackets of all kinds are left out, unclosed ones too`() {
        #expect(FoldedText.withoutBrackets("食品(含保健食品)经营【县级】许可") == "食品经营许可")
        #expect(FoldedText.withoutBrackets("许可（县级") == "许可")
        #expect(FoldedText.withoutBrackets("许可") == nil)
        #expect(FoldedText.withoutBrackets("（许可）") == nil)
    }

    @Test func `pinyin is cut into syllables and lone initials`() {
        func cuts(_ letters: String) -> [[String]] {
            PinyinLetters.cuts(Array(letters.utf8), tables).map { pieces in
                pieces.map { piece in
                    guard let syllable = piece.syllable.map({ tables.syllables[Int($0)] }) else {
                        return String(UnicodeScalar(piece.initial))
                    }
                    return String((0..<syllable.count).map { Character(UnicodeScalar(syllable[$0])) })
                }
            }
        }

        #expect(cuts("shipinjingying") == [["shi", "pin", "jing", "ying"]])
        #expect(cuts("spjyxk") == [["s", "p", "j", "y", "x", "k"]])
        #expect(cuts("shipinjy") == [["shi", "pin", "j", "y"]])
        #expect(cuts("fangan") == [["fang", "an"], ["fan", "gan"]])
    }

    @Test func `the shipped lexicon can be read and widens a small shop`() throws {
        let json = try Data(contentsOf: SearchCatalogue.resources.appending(path: "synonyms.json"))
        let lexicon = try Lexicon(json: json, tables: tables)

        guard case .entries(let entries)? = lexicon.longestWord(at: FoldedText("小卖部", tables).units[...])?.word else {
            Issue.record("小卖部 is not in synonyms.json")
            return
        }
        #expect(entries.contains { lexicon.entries[$0].means.contains("食品经营许可") })
    }

    @Test func `a lexicon that is not of the form is refused`() {
        #expect(throws: DecodingError.self) {
            try Lexicon(json: Data(#"{"synonyms": [{"words": "小卖部"}]}"#.utf8), tables: tables)
        }
    }
}
