/// Words side by side in one buffer, to be written without making a String of any.
struct DemoTexts: Sendable {
    private let bytes: [UInt8]
    private let starts: [Int]

    /// - Parameter words: separated by one space or line break.
    init(_ words: String) {
        self.init(words.split(whereSeparator: { $0 == " " || $0 == "\n" }).map(String.init))
    }

    init(_ words: [String]) {
        var bytes: [UInt8] = []
        var starts = [0]
        for word in words {
            bytes += word.utf8
            starts.append(bytes.count)
        }
        self.bytes = bytes
        self.starts = starts
    }

    var count: Int { starts.count - 1 }

    func write(_ index: Int, to output: DemoBytes) {
        bytes.withUnsafeBufferPointer { buffer in
            output.append(UnsafeBufferPointer(rebasing: buffer[starts[index]..<starts[index + 1]]))
        }
    }
}
