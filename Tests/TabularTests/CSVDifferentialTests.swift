import Tabular
import Testing

/// The fast reader against a plain one that goes byte by byte, over thousands of small made-up files.
@Suite struct CSVDifferentialTests {
    @Test(arguments: 0..<8)
    func `made-up files read as the plain parser reads them`(_ seed: Int) throws {
        var random = SplitMix(state: UInt64(seed))
        for round in 0..<500 {
            let bytes = Self.bytes(&random)
            let sample = try CSVSample(bytes)
            let borders = (0..<random.below(4)).map { _ in random.below(bytes.count + 1) }.sorted()

            let records = try sample.records(columns: 1000, borders: borders)

            let expected = PlainCSV.records(bytes)
            guard records == expected else {
                Issue.record(
                    """
                    seed \(seed), round \(round), borders \(borders): \(String(decoding: bytes, as: UTF8.self).debugDescription)
                    read \(records.map { "\($0.line) \($0.text?.debugDescription ?? "broken")" })
                    plain \(expected.map { "\($0.line) \($0.text?.debugDescription ?? "broken")" })
                    """)
                return
            }
        }
    }

    /// Pieces of which files are made; the special ones come often.
    private static let pieces: [[UInt8]] = [
        "a", "b", ",", ",", ",", "\"", "\"", "\"", "\"\"", "\n", "\n", "\r\n", "\r", " ", "\t", "\u{3000}", "\u{A0}",
        "\u{200B}", "苏", "😀", "\",\"", "\"\n\"", "\n\n", ",\n", "\0", "0123456789", "\u{85}",
        "a long cell without anything in it that fills a block of the reader by itself and more",
    ].map { Array($0.utf8) }

    private static func bytes(_ random: inout SplitMix) -> [UInt8] {
        var bytes: [UInt8] = []
        // Half of the files have few quotes, so that long runs without one occur too.
        let quotes = random.below(2) == 0
        for _ in 0..<random.below(random.below(8) == 0 ? 400 : 40) {
            let piece = pieces[random.below(pieces.count)]
            if !quotes, piece.contains(0x22), random.below(10) > 0 { continue }
            bytes += piece
        }
        return bytes
    }
}

/// Reads CSV byte by byte, as plainly as design/monitoring.md says it.
enum PlainCSV {
    static func records(_ bytes: [UInt8]) -> [CSVSample.Record] {
        var records: [CSVSample.Record] = []
        var place = 0
        while place < bytes.count {
            let line = 1 + bytes[..<place].count { $0 == 0x0A }
            let lineEnd = bytes[place...].firstIndex(of: 0x0A) ?? bytes.count
            if isBlank(bytes[place..<lineEnd]) {
                place = lineEnd + 1
                continue
            }
            var cells: [[UInt8]]? = []
            place = record(bytes, from: place, &cells)
            records.append(CSVSample.Record(line: line, cells: cells))
        }
        return records
    }

    private static func record(_ bytes: [UInt8], from start: Int, _ cells: inout [[UInt8]]?) -> Int {
        var place = start
        while true {
            var cell: [UInt8] = []
            if place < bytes.count, bytes[place] == 0x22 {
                let opening = place
                place += 1
                while true {
                    guard place < bytes.count else {
                        cells = nil
                        return nextLine(bytes, opening)
                    }
                    if bytes[place] != 0x22 {
                        cell.append(bytes[place])
                        place += 1
                    } else if place + 1 < bytes.count, bytes[place + 1] == 0x22 {
                        cell.append(0x22)
                        place += 2
                    } else {
                        place += 1
                        break
                    }
                }
                cells?.append(cell)
                if place == bytes.count { return place }
                if bytes[place] == 0x0A { return place + 1 }
                if bytes[place] == 0x0D, place + 1 < bytes.count, bytes[place + 1] == 0x0A { return place + 2 }
                guard bytes[place] == 0x2C else {
                    cells = nil
                    return nextLine(bytes, place)
                }
                place += 1
            } else {
                while place < bytes.count, bytes[place] != 0x2C, bytes[place] != 0x0A {
                    cell.append(bytes[place])
                    place += 1
                }
                if place < bytes.count, bytes[place] == 0x0A, cell.last == 0x0D { cell.removeLast() }
                cells?.append(cell)
                if place == bytes.count { return place }
                place += 1
                if bytes[place - 1] == 0x0A { return place }
            }
        }
    }

    private static func nextLine(_ bytes: [UInt8], _ place: Int) -> Int {
        (bytes[place...].firstIndex(of: 0x0A) ?? bytes.count - 1) + 1
    }

    private static func isBlank(_ line: ArraySlice<UInt8>) -> Bool {
        String(decoding: line, as: UTF8.self).unicodeScalars.allSatisfy(\.properties.isWhitespace)
    }
}
