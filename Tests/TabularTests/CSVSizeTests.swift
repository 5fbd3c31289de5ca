import Foundation
import Tabular
import Testing

/// Records at the borders of the reader's blocks and buffers.
@Suite struct CSVSizeTests {
    @Test func `a record is the same wherever it lies in a block of 64 bytes`() throws {
        for offset in 0...130 {
            let before = String(repeating: "x", count: offset)
            let cells = try csvCells("\(before)\nab,\"c\"\"d\",e\r\nf,,\"g\nh\"\n\n\"i\"j\nk,l")

            let expected: [[String]?] = [["ab", "c\"d", "e"], ["f", "", "g\nh"], nil, ["k", "l"]]
            #expect(cells == (offset == 0 ? expected : [[before]] + expected), "offset \(offset)")
        }
    }

    @Test func `a file of every length up to three blocks reads to its last byte`() throws {
        for length in 1...200 {
            let text = String((0..<length).map { $0 % 7 == 6 ? "," : Character(String($0 % 10)) })

            let cells = try #require(try csvCells(text).first ?? nil)

            #expect(cells.joined(separator: ",") == text, "length \(length)")
        }
    }

    @Test func `a line end is found wherever a block ends`() throws {
        for length in 0...130 {
            let line = String(repeating: "y", count: length) + ",z"

            #expect(
                try csvCells("\(line)\r\n\(line)\n\(line)")
                    == Array(
                        repeating: [String(repeating: "y", count: length), "z"], count: 3), "length \(length)")
        }
    }

    @Test(arguments: [32 << 10, 64 << 10, 1 << 20, 2 << 20])
    func `a record that runs over the buffer's end is read whole`(_ size: Int) throws {
        for distance in [-66, -65, -64, -63, -2, -1, 0, 1, 2, 63, 64, 65] {
            let long = String(repeating: "z", count: size + distance - 4)

            let records = try CSVSample("a,b\n\(long),\"c\"\"\"\nd,e\n").records(borders: [1])

            #expect(records.map { $0.cells?.map(\.count) } == [[1, 1], [size + distance - 4, 2], [1, 1]])
        }
    }

    @Test func `a quoted field longer than the buffer is read whole`() throws {
        let long = String(repeating: "z\n\"\"", count: 1 << 20)

        let records = try CSVSample("a,\"\(long)\",b\nc,d,e\n").records()

        #expect(records.map { $0.cells?.map(\.count) } == [[1, 3 << 20, 1], [1, 1, 1]])
        #expect(records.map(\.line) == [1, (1 << 20) + 2])
    }

    @Test func `a row of a hundred thousand cells is read whole where the header has as many`() throws {
        let row = String(repeating: "1,", count: 99_999) + "2"
        let sample = try CSVSample("\(row)\n\(row)\n\(row),3\n\"1\",\(row)\n")

        let records = try sample.dataRecords()

        #expect(try sample.header().columns == 100_000)
        #expect(records.count == 3)
        #expect(records[0].cells?.count == 100_000)
        #expect(records[0].cells?.last == [0x32])
        #expect(try #require(records[1].cells?.count) > 100_000)
        #expect(try #require(records[2].cells?.count) > 100_000)
    }

    @Test func `a row of a hundred thousand cells is too wide for a narrow header`() throws {
        let wide = String(repeating: "1,", count: 99_999) + "2"

        let records = try CSVSample("a,b\n1,2\n\(wide)\n\"\",\(wide)\n3,4\n").dataRecords()

        #expect(records.map { ($0.cells?.count ?? 0) > 2 } == [false, true, true, false])
        #expect(records.last?.text == ["3", "4"])
    }

    @Test func `a header longer than the longest record is broken`() throws {
        let sample = try CSVSample(Array(repeating: 0x78, count: CSVScanner.longestRecord + (2 << 20)) + [0x0A])

        #expect(sample.headerFault() == .broken)
    }

    @Test func `many short rows are handed out in order over many batches`() throws {
        let text = (0..<5000).map { "\($0),x\n" }.joined()

        let records = try csvRecords(text)

        #expect(records.count == 5000)
        #expect(records.map(\.line) == Array(1...5000))
        #expect(records[4999].text == ["4999", "x"])
    }

    @Test func `a file that shrinks while it is read is told`() throws {
        let sample = try CSVSample(String(repeating: "a,b\n", count: 1000))
        let scanner = CSVScanner(file: sample.file, encoding: .utf8, columns: 2)

        let handle = try FileHandle(forWritingTo: sample.url)
        try handle.truncate(atOffset: 100)
        try handle.close()

        #expect(throws: ReadFault.changed(path: sample.url.path)) {
            try scanner.open(from: 0, until: sample.file.size)
        }
    }

    @Test func `a file that grows while it is read is told`() throws {
        let sample = try CSVSample("a,b\n")
        let handle = try FileHandle(forWritingTo: sample.url)
        try handle.seekToEnd()
        try handle.write(contentsOf: Data("c,d\n".utf8))
        try handle.close()

        #expect(throws: ReadFault.changed(path: sample.url.path)) { try sample.file.requireUnchanged() }
    }

    @Test func `a folder is no file to read`() {
        let path = FileManager.default.temporaryDirectory.path

        #expect(throws: ReadFault.self) { try ReadableFile(path: path) }
    }

    @Test func `a file that is not there is told with its path`() {
        #expect(throws: ReadFault.cannotOpen(path: "/nowhere/a.csv", code: 2)) {
            try ReadableFile(path: "/nowhere/a.csv")
        }
    }
}
