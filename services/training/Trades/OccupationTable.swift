import Foundation

/// Lines of one of the tables in Resources/occupations: fields between tabs, lines that begin with # left out.
struct OccupationTable {
    /// A line that is not as its table's lines are.
    struct UnreadableLine: Error, CustomStringConvertible {
        var file: String
        var line: Int

        var description: String { "\(file), line \(line): cannot be read" }
    }

    private let file: String
    private let text: String

    init(_ folder: URL, _ file: String) throws {
        self.file = file
        text = try String(contentsOf: folder.appending(path: file), encoding: .utf8)
    }

    /// Gives each line's fields to `read`, which says whether it could read them.
    func forEach(fields: Int, _ read: ([Substring]) -> Bool) throws {
        var number = 0
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            number += 1
            if line.isEmpty || line.utf8.first == UInt8(ascii: "#") { continue }
            let parts = line.split(separator: "\t", omittingEmptySubsequences: false)
            guard parts.count == fields, read(parts) else { throw UnreadableLine(file: file, line: number) }
        }
    }
}
