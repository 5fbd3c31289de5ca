import Tabular
import Testing

/// Records, quotes and lines by the words of design/monitoring.md.
@Suite struct CSVRecordTests {
    @Suite struct Ends {
        @Test func `records end with LF or CRLF`() throws {
            #expect(try csvCells("a,b\nc,d\r\ne,f\n") == [["a", "b"], ["c", "d"], ["e", "f"]])
        }

        @Test func `the last line needs no end`() throws {
            #expect(try csvCells("a,b\nc,d") == [["a", "b"], ["c", "d"]])
        }

        @Test func `a last quoted field needs no end`() throws {
            #expect(try csvCells("a,\"b\"") == [["a", "b"]])
        }

        @Test func `a lone CR ends nothing`() throws {
            #expect(try csvCells("a\rb,c\n") == [["a\rb", "c"]])
        }

        @Test func `only one CR belongs to the line's end`() throws {
            #expect(try csvCells("a,b\r\r\n") == [["a", "b\r"]])
        }

        @Test func `a CR at the file's end belongs to the cell`() throws {
            #expect(try csvCells("a,b\r") == [["a", "b\r"]])
        }

        @Test func `a CR after a closing quote at the file's end breaks the record`() throws {
            #expect(try csvCells("a,\"b\"\r") == [nil])
        }

        @Test func `a CR before LF after a closing quote belongs to the end`() throws {
            #expect(try csvCells("a,\"b\"\r\nc,d\n") == [["a", "b"], ["c", "d"]])
        }

        @Test func `a comma at the line's end opens an empty last cell`() throws {
            #expect(try csvCells("a,\n,\n") == [["a", ""], ["", ""]])
        }

        @Test func `a comma at the file's end opens an empty last cell`() throws {
            #expect(try csvCells("a,") == [["a", ""]])
        }

        @Test func `a quoted field and a comma at the file's end leave an empty last cell`() throws {
            #expect(try csvCells("\"a\",") == [["a", ""]])
        }

        @Test func `an empty file has no record`() throws {
            #expect(try csvCells("") == [])
        }
    }

    @Suite struct Quotes {
        @Test func `commas and line breaks stand inside quotes`() throws {
            #expect(try csvCells("\"a,b\",\"c\r\nd\ne\"\n") == [["a,b", "c\r\nd\ne"]])
        }

        @Test func `two quotes inside quotes are one`() throws {
            #expect(try csvCells("\"\"\"a\"\"b\"\"\",c\n") == [["\"a\"b\"", "c"]])
        }

        @Test func `a quote after a space is an ordinary one`() throws {
            #expect(try csvCells("a, \"b\",c\n") == [["a", " \"b\"", "c"]])
        }

        @Test func `a quote within an unquoted field stands for itself`() throws {
            #expect(try csvCells("a\"b,c\"\"d,e\"\n") == [["a\"b", "c\"\"d", "e\""]])
        }

        @Test func `a quote behind a byte order mark of a later line is an ordinary one`() throws {
            #expect(try csvCells("a\n\u{FEFF}\"b\"\n") == [["a"], ["\u{FEFF}\"b\""]])
        }

        @Test func `anything else after a closing quote breaks the record`() throws {
            #expect(try csvCells("\"a\"b,c\nd,e\n") == [nil, ["d", "e"]])
        }

        @Test func `a space after a closing quote breaks the record`() throws {
            #expect(try csvCells("\"a\" ,c\nd,e\n") == [nil, ["d", "e"]])
        }

        @Test func `a lone CR after a closing quote breaks the record`() throws {
            #expect(try csvCells("\"a\"\rb,c\nd,e\n") == [nil, ["d", "e"]])
        }

        @Test func `after a broken record reading goes on after the line in which it broke`() throws {
            #expect(try csvCells("a,\"b\nc\"d,\"e\nf,g\n") == [nil, ["f", "g"]])
        }

        @Test func `the line of a broken record is that of its first line`() throws {
            #expect(try csvLines("x\na,\"b\nc\"d\nf,g\n") == [1, 2, 4])
        }

        @Test func `a quote never closed breaks the record on the line of the opening quote`() throws {
            #expect(try csvCells("a,\"b\nc,d\ne,f\n") == [nil, ["c", "d"], ["e", "f"]])
        }

        @Test func `a quote never closed breaks only from the line of its own opening`() throws {
            #expect(try csvCells("\"a\nb\",\"c\nd,e\nf") == [nil, ["d", "e"], ["f"]])
            #expect(try csvLines("\"a\nb\",\"c\nd,e\nf") == [1, 3, 4])
        }

        @Test func `a quote never closed on the last line breaks one record`() throws {
            #expect(try csvCells("a,b\nc,\"d") == [["a", "b"], nil])
        }

        @Test func `a lone quote is a record that is broken`() throws {
            #expect(try csvCells("\"") == [nil])
        }

        @Test func `three quotes are a field never closed`() throws {
            #expect(try csvCells("\"\"\"\na\n") == [nil, ["a"]])
        }

        @Test func `two fields in quotes without a comma break the record`() throws {
            #expect(try csvCells("\"a\"\"b\",\"c\" \"d\"\ne\n") == [nil, ["e"]])
        }
    }

    @Suite struct BlankLines {
        @Test func `a line of white space only is no record`() throws {
            #expect(try csvCells("a,b\n\n  \t\n\r\n\u{3000}\u{A0}\nc,d\n") == [["a", "b"], ["c", "d"]])
        }

        @Test func `a last line of white space without an end is no record`() throws {
            #expect(try csvCells("a,b\n  ") == [["a", "b"]])
        }

        @Test func `blank lines count as lines`() throws {
            #expect(try csvLines("a\n\n  \nb\n\r\nc\n") == [1, 4, 6])
        }

        @Test func `commas alone are a record`() throws {
            #expect(try csvCells(",,,\n") == [["", "", "", ""]])
        }

        @Test func `empty quotes are a record`() throws {
            #expect(try csvCells("\"\"\n\"  \"\n") == [[""], ["  "]])
        }

        @Test func `a line of zero-width spaces is a record`() throws {
            #expect(try csvCells("\u{200B}\n\u{FEFF}\n") == [["\u{200B}"], ["\u{FEFF}"]])
        }

        @Test func `a line of several lone CRs is blank`() throws {
            #expect(try csvCells("a\n\r\r\nb\n") == [["a"], ["b"]])
        }

        @Test func `a blank line inside quotes belongs to the field`() throws {
            #expect(try csvCells("\"a\n\nb\"\nc\n") == [["a\n\nb"], ["c"]])
            #expect(try csvLines("\"a\n\nb\"\nc\n") == [1, 4])
        }
    }

    @Suite struct Lines {
        @Test func `line feeds inside quotes count`() throws {
            #expect(try csvLines("a\n\"b\nc\r\nd\"\ne\n") == [1, 2, 5])
        }

        @Test func `a lone CR does not count`() throws {
            #expect(try csvLines("a\rb\nc\n") == [1, 2])
        }

        @Test func `the data's first line follows the header and the blank lines before it`() throws {
            let records = try CSVSample("\n  \nid,name\n\n1,x\n2,y\n").dataRecords()

            #expect(records.map(\.line) == [5, 6])
        }

        @Test func `a header over several lines counts them all`() throws {
            let records = try CSVSample("\"id\n号\",name\n1,x\n").dataRecords()

            #expect(records.map(\.line) == [3])
        }
    }

    @Suite struct Header {
        @Test func `the header is the first line that is not blank`() throws {
            #expect(try CSVSample("\n \u{3000}\r\nid,name\n1,2\n").header().names == ["id", "name"])
        }

        @Test func `a byte order mark is passed over`() throws {
            #expect(try CSVSample("\u{FEFF}id,name\n").header().names == ["id", "name"])
        }

        @Test func `a byte order mark before a quote leaves the quote the field's first character`() throws {
            #expect(try CSVSample("\u{FEFF}\"i,d\",name\n").header().names == ["i,d", "name"])
        }

        @Test func `a byte order mark and a blank line come before the header`() throws {
            #expect(try CSVSample("\u{FEFF}\r\nid,name\n").header().names == ["id", "name"])
        }

        @Test func `names are trimmed of white space but not of zero-width characters`() throws {
            #expect(
                try CSVSample(" id\t,\u{3000}姓名\u{A0},\u{200B}x,\"  q \"\n").header().names
                    == ["id", "姓名", "\u{200B}x", "q"])
        }

        @Test func `a header without a line end has no data behind it`() throws {
            #expect(try CSVSample("id,name").dataRecords() == [])
        }

        @Test func `a file of nothing has no header`() throws {
            #expect(try CSVSample("").headerFault() == .empty)
        }

        @Test func `a file of white space only has no header`() throws {
            #expect(try CSVSample("\u{FEFF}\r\n  \n\t").headerFault() == .empty)
        }

        @Test func `a header with a broken quote is broken`() throws {
            #expect(try CSVSample("\"id\"x,name\n1,2\n").headerFault() == .broken)
        }

        @Test func `a header with a quote never closed is broken`() throws {
            #expect(try CSVSample("id,\"name\n1,2\n").headerFault() == .broken)
        }

        @Test func `a header that is not of the encoding is told apart`() throws {
            #expect(try CSVSample([0x69, 0xFF, 0x0A]).headerFault() == .encoding)
        }

        @Test func `a header whose second line is not of the encoding is told apart`() throws {
            #expect(try CSVSample([0x22, 0x69, 0x0A, 0xFF, 0x22, 0x0A]).headerFault() == .encoding)
        }
    }
}
