import Foundation
import Testing

@testable import AidService

/// Which files are read, and why whole files are refused.
@Suite struct MonitoringFilesTests {
    private static let header = "settlement_no,id_number,name,settled_on,self_paid"
    private static let sum = "{ feed: medical, sum: self_paid, months: 12 }"
    private static let row = "A1,\(Somebody.saRula),萨如拉,2026-01-01,100"

    private static func refused(_ bytes: [UInt8]) throws -> [String] {
        var input = MonitoringCase(sum)
        input.addFeed("medical-x.csv", bytes: bytes)
        let result = try input.run()
        #expect(result.counts("medical-x.csv") == nil)
        #expect(result.facts == "{\"f\":0.0}")
        return result.refused.filter { $0.hasPrefix("medical-x") }
    }

    private static func refused(_ text: String) throws -> [String] {
        try refused(Array(text.utf8))
    }

    @Suite struct Names {
        @Test func `a file whose name starts with a kind is read whatever follows and in any case of the suffix`()
            throws
        {
            var input = MonitoringCase(sum, "medical-2026 (1).CSV", header, row)
            input.addFeed("medicalx.csv", "\(header)\nA2,\(Somebody.saRula),,2026-01-02,1\n")

            let result = try input.run()

            #expect(result.facts == "{\"f\":101.0}")
            #expect(result.report.files.map(\.file) == ["medical-2026 (1).CSV", "medicalx.csv"])
        }

        @Test func `other files are ignored and listed in the order of their names`() throws {
            var input = MonitoringCase(sum, "medical.csv", header, row)
            for name in ["zebra.csv", "Medical.csv", "medical.txt", "med.csv", ".medical.csv"] {
                input.addFeed(name, "x\n")
            }

            #expect(
                try input.run().report.ignored == [
                    ".medical.csv", "Medical.csv", "med.csv", "medical.txt", "zebra.csv",
                ])
        }

        @Test func `files are read in the bytewise order of their names`() throws {
            var input = MonitoringCase("{ feed: medical, max: self_paid }", "medical-b.csv", header, row)
            input.addFeed("medical-B.csv", "\(header)\nA1,\(Somebody.saRula),,2026-01-01,7\n")
            input.addFeed("medical-10.csv", "\(header)\nA1,\(Somebody.saRula),,2026-01-01,8\n")

            let result = try input.run()

            #expect(result.facts == "{\"f\":100.0}")
            #expect(result.report.files.map(\.file) == ["medical-10.csv", "medical-B.csv", "medical-b.csv"])
        }
    }

    @Suite struct Header {
        @Test func `columns stand in any order, under their names or aliases, and others are ignored`() throws {
            let input = MonitoringCase(
                sum, "medical.csv", "备注, 个人负担费用 ,结算日期,公民身份号码,结算单号,total",
                "x,12.5,2026-01-01,\(Somebody.saRula),A1,not a number")

            #expect(try input.run().facts == "{\"f\":12.5}")
        }

        @Test func `headings are compared exactly`() throws {
            #expect(
                try refused("Settlement_no,id_number,settled_on,self_paid\n")
                    == ["medical-x.csv missing_column settlement_no"])
        }

        @Test func `headings are compared by code points`() throws {
            // é as one code point and as two: no field has it, so both are other columns.
            let input = MonitoringCase(sum, "medical.csv", "\u{E9},e\u{301},\(header)", "1,2,\(row)")

            #expect(try input.run().facts == "{\"f\":100.0}")
        }

        @Test func `two columns for one field refuse the file`() throws {
            #expect(try refused("\(header),个人负担费用\n") == ["medical-x.csv duplicate_column self_paid"])
        }

        @Test func `two columns for a field that no fact needs refuse the file too`() throws {
            #expect(try refused("\(header),hospital,医疗机构\n") == ["medical-x.csv duplicate_column hospital"])
        }

        @Test func `two other columns of one name refuse nothing`() throws {
            let input = MonitoringCase(sum, "medical.csv", "\(header),x,x", "\(row),1,2")

            #expect(try input.run().facts == "{\"f\":100.0}")
        }

        @Test func `a duplicate column is told before a missing one`() throws {
            #expect(try refused("settlement_no,name,姓名\n") == ["medical-x.csv duplicate_column name"])
        }

        @Test func `of several missing columns the first in the table's order is told`() throws {
            #expect(try refused("name,total\n") == ["medical-x.csv missing_column settlement_no"])
            #expect(try refused("settlement_no\n") == ["medical-x.csv missing_column id_number"])
            #expect(try refused("settlement_no,id_number\n") == ["medical-x.csv missing_column settled_on"])
            #expect(try refused("settlement_no,id_number,settled_on\n") == ["medical-x.csv missing_column self_paid"])
        }

        @Test func `the date column is not required where no fact has months or latest`() throws {
            let input = MonitoringCase(
                "{ feed: medical, sum: self_paid }", "medical.csv", "settlement_no,id_number,self_paid",
                "A1,\(Somebody.saRula),3")

            #expect(try input.run().facts == "{\"f\":3.0}")
        }

        @Test func `the date column is required where a fact has latest`() throws {
            let input = MonitoringCase(
                "{ feed: medical, count: rows, latest: true }", "medical.csv", "settlement_no,id_number")

            #expect(try input.run().refused == ["medical.csv missing_column settled_on"])
        }

        @Test func `a date column that is in the key is required whatever the facts`() throws {
            let input = MonitoringCase(
                "{ feed: medical, count: rows }", "schooling.csv", "id_number,school", "\(Somebody.saRula),S")

            #expect(try input.run().refused == ["schooling.csv missing_column enrolled_on"])
        }

        @Test func `a date column that a where names is required`() throws {
            let input = MonitoringCase(
                "{ feed: deaths, count: rows, where: \"died_on > '2020'\" }", "deaths.csv", "id_number")

            #expect(try input.run().refused == ["deaths.csv missing_column died_on"])
        }

        @Test func `a field that a where names is required as a column`() throws {
            let input = MonitoringCase(
                "{ feed: disability, count: rows, where: \"level <= 2\" }", "disability.csv",
                "certificate_no,id_number,category")

            #expect(try input.run().refused == ["disability.csv missing_column level"])
        }

        @Test func `the columns needed are those of the key where no fact reads the feed`() throws {
            var input = MonitoringCase(sum, "medical.csv", header, row)
            input.addFeed("vehicles.csv", "plate,id_number\nA,\(Somebody.saRula)\n")

            #expect(try input.run().counts("vehicles.csv") == [1, 0, 0, 0, 0, 1])
        }

        @Test func `a header alone is a file of no rows`() throws {
            let input = MonitoringCase(sum, "medical.csv", header)

            #expect(try input.run().counts("medical.csv") == [0, 0, 0, 0, 0, 0])
        }

        @Test func `a header alone without a line end is a file of no rows`() throws {
            var input = MonitoringCase(sum)
            input.addFeed("medical-y.csv", header)

            #expect(try input.run().counts("medical-y.csv") == [0, 0, 0, 0, 0, 0])
        }
    }

    @Suite struct Refused {
        @Test func `an empty file is refused without a field`() throws {
            #expect(try refused("") == ["medical-x.csv missing_column "])
        }

        @Test func `a file of blank lines is refused without a field`() throws {
            #expect(try refused("\u{FEFF}\n  \r\n\t") == ["medical-x.csv missing_column "])
        }

        @Test func `a file without a header is refused for its first missing column`() throws {
            #expect(try refused("\(row)\n\(row)\n") == ["medical-x.csv missing_column settlement_no"])
        }

        @Test func `a header that breaks is refused`() throws {
            #expect(try refused("\"settlement_no\"x,id_number\n\(row)\n") == ["medical-x.csv syntax "])
        }

        @Test func `a header with a quote never closed is refused`() throws {
            #expect(try refused("settlement_no,\"id_number\n\(row)\n") == ["medical-x.csv syntax "])
        }

        @Test func `binary is refused for its encoding`() throws {
            #expect(try refused([0x7F, 0x45, 0x4C, 0x46, 0x02, 0x00, 0xFF, 0xFF, 0x0A]) == ["medical-x.csv encoding "])
        }

        @Test func `binary that happens to be GB18030 is refused for its first missing column`() throws {
            // The signature of a PNG: 89 50 is a character of GB18030, the rest is ASCII.
            let png: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0x00, 0x00, 0x00, 0x0D]
            #expect(try refused(png) == ["medical-x.csv missing_column settlement_no"])
        }

        @Test func `UTF-16 is refused for its encoding`() throws {
            #expect(try refused([0xFF, 0xFE, 0x73, 0x00, 0x2C, 0x00, 0x0A, 0x00]) == ["medical-x.csv encoding "])
        }

        @Test func `a file of NULs has no known column`() throws {
            #expect(
                try refused([UInt8](repeating: 0, count: 5000)) == ["medical-x.csv missing_column settlement_no"])
        }

        @Test(arguments: [0x80, 0xFF] as [UInt8])
        func `a byte that neither encoding has refuses the file wherever it stands`(_ byte: UInt8) throws {
            let text = Array("\(header)\n\(row)\nA2,\(Somebody.saRula),".utf8)
            #expect(try refused(text + [byte] + Array(",2026-01-01,1\n".utf8)) == ["medical-x.csv encoding "])
            #expect(try refused(text + [byte]) == ["medical-x.csv encoding "])
        }

        @Test func `the encoding is told before what is wrong with a header`() throws {
            #expect(try refused(Array("x,y\n".utf8) + [0xFF, 0x0A]) == ["medical-x.csv encoding "])
            #expect(try refused(Array("\"x\"y\n".utf8) + [0xFF, 0x0A]) == ["medical-x.csv encoding "])
        }

        @Test func `the encoding is told before what is wrong with a header in GB18030`() throws {
            #expect(try refused("姓名,x\n".gb18030 + [0xFF, 0x0A]) == ["medical-x.csv encoding "])
        }

        @Test func `an XLSX file that is none is refused`() throws {
            var input = MonitoringCase(sum)
            input.addFeed("medical-x.xlsx", "\(header)\n\(row)\n")

            #expect(try input.run().refused.contains("medical-x.xlsx unreadable "))
        }

        @Test func `nothing of a refused file is used`() throws {
            var input = MonitoringCase(sum, "medical.csv", header, row)
            input.addFeed("medical-2.csv", "settlement_no,id_number,settled_on\nA1,\(Somebody.saRula),2026-01-01\n")

            let result = try input.run()

            #expect(result.refused == ["medical-2.csv missing_column self_paid"])
            #expect(result.counts("medical.csv") == [1, 0, 0, 0, 0, 1])
            #expect(result.report.feeds.map(\.feed) == ["medical"])
        }
    }

    @Suite struct Encoding {
        @Test func `a file in GB18030 is read as its text`() throws {
            var input = MonitoringCase(sum)
            input.addFeed(
                "medical-x.csv",
                bytes: "settlement_no,id_number,姓名,settled_on,self_paid\nA1,\(Somebody.saRula),　萨·如拉,2026年1月1日,￥12元\n"
                    .gb18030)

            let result = try input.run()

            #expect(result.counts("medical-x.csv") == [1, 0, 0, 0, 0, 1])
            #expect(result.facts == "{\"f\":12.0}")
        }

        @Test func `one byte at the end decides for the whole file`() throws {
            // 姓名 as UTF-8 is a run of other characters in GB18030: the heading is then unknown and no name is read.
            let body = "settlement_no,id_number,name,settled_on,self_paid\nA1,\(Somebody.saRula),x,2026-01-01,1\nA2,"
            var input = MonitoringCase(sum)
            input.addFeed("medical-x.csv", bytes: Array(body.utf8) + [0xCB, 0xD5, 0x0A])

            let result = try input.run()

            #expect(result.counts("medical-x.csv") == [2, 1, 0, 1, 0, 0])
            #expect(result.conflicts == ["medical-x.csv,2,medical,name,\(Somebody.saRula),x,萨如拉,P1,H1"])
        }

        @Test func `a conflicting name of a GB18030 file is told in UTF-8`() throws {
            var input = MonitoringCase(sum)
            input.addFeed(
                "medical-x.csv",
                bytes: "settlement_no,id_number,姓名,settled_on,self_paid\nA1,\(Somebody.saRula),苏·拉,2026-01-01,1\n"
                    .gb18030)

            #expect(
                try input.run().conflicts == ["medical-x.csv,2,medical,name,\(Somebody.saRula),苏·拉,萨如拉,P1,H1"])
        }

        @Test func `a byte order mark is passed over`() throws {
            let input = MonitoringCase(sum, "medical.csv", "\u{FEFF}\(header)", row)

            #expect(try input.run().facts == "{\"f\":100.0}")
        }

        @Test func `NULs within a cell are text`() throws {
            let input = MonitoringCase(sum, "medical.csv", header, "A\u{0}1,\(Somebody.saRula),,2026-01-01,5")

            #expect(try input.run().facts == "{\"f\":5.0}")
        }
    }

    @Suite struct RegisterFilesOfARun {
        @Test func `a register file that is refused stops the run`() throws {
            var input = MonitoringCase(sum, "medical.csv", header, row)
            input.personsFile = Array("person_id,household_id,id_number,name,sex,relation\n".utf8)

            #expect(
                try input.failure()
                    == .refusedRegister(file: "persons.csv", reason: .missingColumn, field: "birth_date"))
        }

        @Test func `an empty register file stops the run`() throws {
            var input = MonitoringCase(sum, "medical.csv", header, row)
            input.householdsFile = []

            #expect(
                try input.failure() == .refusedRegister(file: "households.csv", reason: .missingColumn, field: ""))
        }

        @Test func `a register file in neither encoding stops the run`() throws {
            var input = MonitoringCase(sum, "medical.csv", header, row)
            input.personsFile = Array(MonitoringCase.personsHeader.utf8) + [0xFF, 0x0A]

            #expect(try input.failure() == .refusedRegister(file: "persons.csv", reason: .encoding, field: ""))
        }

        @Test func `a register in GB18030 is read as its text`() throws {
            var input = MonitoringCase(sum, "medical.csv", header, row)
            input.personsFile = "\(MonitoringCase.personsHeader)P1,H1,\(Somebody.saRula),萨如拉,female,,head\n".gb18030

            #expect(try input.run().facts == "{\"f\":100.0}")
        }

        @Test func `a register folder without persons is no input`() throws {
            let folder = try TestFolder()
            try folder.write(Array(MonitoringCase.householdsHeader.utf8), to: "households.csv")

            #expect(
                throws: MonitoringFailure.noInput(
                    path: folder.path(""), detail: "no file persons.csv or persons.xlsx in it")
            ) {
                try RegisterFiles.load(folder: folder.path(""), threads: 1, control: RunControl())
            }
        }
    }
}
