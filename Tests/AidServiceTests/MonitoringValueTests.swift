import SocialDomain
import Tabular
import Testing

@testable import AidService

/// Dates, amounts, numbers, levels and identity numbers as the page writes them.
@Suite struct MonitoringValueTests {
    @Suite struct Dates {
        @Test(
            arguments: [
                "2026-06-30", "2026/6/30", "2026/06/30", "2026.6.30", "2026.06.30", "20260630", "2026年6月30日",
                "2026年06月30日", " 2026-06-30 ", "\u{3000}2026-6-30\u{A0}", "２０２６－０６－３０", "２０２６年６月３０日",
                "２０２６０６３０", "2026／6／30", "2026．6．30",
            ])
        func `a date is read in every form`(_ text: String) {
            #expect(value(of: text) == 20634)
        }

        @Test(
            arguments: [
                "2026-02-29", "2026-06-31", "2026-13-01", "2026-00-10", "2026-01-00", "20260229", "2026年2月30日",
                "0000-01-01", "2026-6/30", "2026/6-30", "2026.6-30", "26-6-30", "226-06-30", "12026-06-30",
                "2026-006-30", "2026-06-030", "2026-06-30 00:00", "2026-06-30T00:00:00", "2026年6月30", "2026年6-30日",
                "2026-6-30日", "2026630", "202606300", "2026-06", "2026- 6-30", "30/06/2026", "x", "-", "2026-06-3O",
                "2026-06-30\u{200B}", "+2026-06-30", "1900-02-29", "２０２６－１３－０１", "2026 06 30", "2026年 6月30日",
            ])
        func `what is no date or does not exist is bad`(_ text: String) {
            #expect(value(of: text) == Absence.badDate)
        }

        @Test func `the first day and the last day that have four digits exist`() {
            #expect(value(of: "0001-01-01") == -719_162)
            #expect(value(of: "9999-12-31") == 2_932_896)
            #expect(value(of: "2000-02-29") == 11_016)
        }

        @Test(arguments: ["", " ", "\u{3000}\u{A0}", "\t\r"])
        func `white space only is no date`(_ text: String) {
            #expect(value(of: text) == Absence.missingDate)
        }

        private func value(of text: String) -> Int32 {
            withCell(text) { CellValues.date($0, .utf8) }
        }
    }

    @Suite struct Amounts {
        @Test(
            arguments: [
                ("0", 0), ("7", 700), ("1234", 123_400), ("1234.5", 123_450), ("1234.56", 123_456), ("0.07", 7),
                ("1,234.50", 123_450), ("1,234,567", 123_456_700), ("12,345", 1_234_500), ("123,456.7", 12_345_670),
                ("¥12", 1200), ("￥12", 1200), ("¥ 12.5", 1250), ("12元", 1200), ("12 元", 1200), ("¥12元", 1200),
                ("¥ 1,234.5 元", 123_450), ("１２．５", 1250), ("１，２３４", 123_400), (" 12 ", 1200),
                ("\u{3000}12\u{3000}", 1200),
                ("¥\u{3000}12\u{A0}元", 1200), ("9999999999999", 999_999_999_999_900),
                ("9999999999999.99", 999_999_999_999_999), ("007", 700), ("000,001", 100),
                ("9,999,999,999,999", 999_999_999_999_900),
            ] as [(String, Int64)])
        func `an amount is kept as whole fen`(_ text: String, _ fen: Int64) {
            #expect(value(of: text) == fen)
        }

        @Test(
            arguments: [
                "-1", "-0", "+1", "1-", "1.234", "1.", ".5", "1.2.3", "1,23", "1,2345", "1234,567", ",123", "1,,234",
                "1,",
                "12,34,567", "12 34", "1 2", "12345678901234", "1e3", "12万元", "元", "¥", "元12", "12¥", "12元元", "¥¥12",
                "12 元 x", "1,234.", "0x1F", "－１", "12\u{200B}", "NaN", "∞", "1.2,3", "$12", "12.5 5", "12元.5", "−1",
            ])
        func `any other amount is bad`(_ text: String) {
            #expect(value(of: text) == Absence.bad)
        }

        @Test(arguments: ["", "  ", "\u{3000}"])
        func `white space only is no amount`(_ text: String) {
            #expect(value(of: text) == Absence.missing)
        }

        private func value(of text: String) -> Int64 {
            withCell(text) { CellValues.amount($0, .utf8) }
        }
    }

    @Suite struct AreasAndLevels {
        @Test(
            arguments: [
                ("0", 0), ("88", 8800), ("88.5", 8850), ("88.25", 8825), ("８８．５", 8850), (" 88 ", 8800),
            ] as [(String, Int64)])
        func `an area is kept as whole hundredths`(_ text: String, _ hundredths: Int64) {
            #expect(withCell(text) { CellValues.area($0, .utf8) } == hundredths)
        }

        @Test(arguments: ["88.255", "-1", "+1", "1,234", "88㎡", "88元", "¥88", "88.", ".5", "x"])
        func `any other area is bad`(_ text: String) {
            #expect(withCell(text) { CellValues.area($0, .utf8) } == Absence.bad)
        }

        @Test(
            arguments: [
                ("1", 1), ("4", 4), ("一级", 1), ("二级", 2), ("三级", 3), ("四级", 4), ("２", 2), (" 3 ", 3), ("\u{3000}一级", 1),
            ] as [(String, Int64)])
        func `a level is a digit or its Chinese name`(_ text: String, _ level: Int64) {
            #expect(withCell(text) { CellValues.level($0, .utf8) } == level)
        }

        @Test(arguments: ["0", "5", "12", "五级", "一", "1级", "01", "一 级", "-1", "壹级"])
        func `any other level is bad`(_ text: String) {
            #expect(withCell(text) { CellValues.level($0, .utf8) } == Absence.bad)
        }
    }

    @Suite struct IdentityNumbers {
        @Test(
            arguments: [
                (Somebody.saRula, 15_010_219_900_101_123), (" \(Somebody.saRula)\u{3000}", 15_010_219_900_101_123),
                ("15010219880808003x", 15_010_219_880_808_003), (Somebody.withX, 15_010_219_880_808_003),
                ("１５０１０２１９８８０８０８００３ｘ", 15_010_219_880_808_003),
                ("150102700101123", 15_010_219_700_101_123), ("１５０１０２７００１０１１２３", 15_010_219_700_101_123),
            ] as [(String, Int64)])
        func `an identity number is read as its first 17 digits`(_ text: String, _ body: Int64) {
            #expect(value(of: text) == body)
        }

        @Test(
            arguments: [
                "150102199001011231", "15010219900230112X", "150102199013011230", "15010219900101123",
                "1501021990010112301",
                "150102 199001011230", "15010219900101123a", "150102700230123", "1501027001011 3", "15010270010112X",
                "0", "x", "150102199001011230\u{200B}", "15010219900101123０1", "-50102199001011230",
            ])
        func `any other identity number is bad`(_ text: String) {
            #expect(value(of: text) == Absence.bad)
        }

        private func value(of text: String) -> Int64 {
            withCell(text) { cell in IdentityNumber.reader.withFastReader { $0.read(cell, .utf8) } }
        }
    }

    @Suite struct Names {
        private func row(_ name: String) -> MonitoringCase {
            MonitoringCase(
                "{ feed: deaths, count: rows }", "deaths.csv", "id_number,name", "\(Somebody.bayar),\(name)")
        }

        private func outcome(_ name: String, registered: String) throws -> [Int]? {
            var input = row(name)
            input.persons = "P1,H1,\(Somebody.bayar),\(registered),male,1985-06-15,head\n"
            return try input.run().counts("deaths.csv")
        }

        @Test(
            arguments: [
                "巴雅尔·布和", "巴雅尔•布和", "巴雅尔・布和", "巴雅尔･布和", "巴雅尔．布和", "巴雅尔‧布和", "巴雅尔.布和", "巴雅尔布和",
                " 巴雅尔 布和 ", "巴 雅 尔\u{3000}布和", "·巴雅尔布和·",
            ])
        func `names agree whatever dots and spaces stand in them`(_ name: String) throws {
            #expect(try outcome(name, registered: "巴雅尔·布和") == [1, 0, 0, 0, 0, 1])
        }

        @Test func `names agree over full and half width`() throws {
            #expect(try outcome("Ｂａｔ", registered: "Bat") == [1, 0, 0, 0, 0, 1])
        }

        @Test(arguments: ["bat", "Batu", "Ba-t", "Ba\u{200B}t", "···", "Báт"])
        func `names that differ conflict`(_ name: String) throws {
            #expect(try outcome(name, registered: "Bat") == [1, 0, 0, 1, 0, 0])
        }

        @Test func `names compare by code points without normalisation`() throws {
            #expect(try outcome("Ju\u{308}n", registered: "J\u{FC}n") == [1, 0, 0, 1, 0, 0])
        }

        @Test(arguments: ["", "  ", "\u{3000}"])
        func `a row without a name agrees`(_ name: String) throws {
            #expect(try outcome(name, registered: "Bat") == [1, 0, 0, 0, 0, 1])
        }

        @Test func `a person without a name in the register agrees with any`() throws {
            #expect(try outcome("Bat", registered: " ") == [1, 0, 0, 0, 0, 1])
        }
    }
}

private func withCell<Value>(_ text: String, _ body: (Cell) -> Value) -> Value {
    Array(text.utf8).withUnsafeBufferPointer { bytes in
        // An empty array has no address: any will do for a cell of no bytes.
        withUnsafePointer(to: UInt8(0)) { body(Cell(start: bytes.baseAddress ?? $0, count: bytes.count)) }
    }
}
