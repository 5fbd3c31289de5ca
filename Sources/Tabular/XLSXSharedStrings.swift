/// The texts that a workbook's cells name by number, one behind the other in one piece of memory.
struct XLSXSharedStrings: Sendable {
    private var bytes: [UInt8] = []
    private var ends: [Int] = []

    init() {}

    init(_ package: ZipPackage, part: String, budget: UnpackBudget) throws(XLSXFault) {
        let limits = package.limits
        let scanner = try XMLScanner(package, part: part, budget: budget)
        while true {
            switch try scanner.next() {
            case .finish: return
            case .end: continue
            case .start: break
            }
            if scanner.depth == 1 { continue }
            guard scanner.isNamed("si") else {
                try scanner.skipElement()
                continue
            }
            let text = try scanner.readStringItem()
            bytes += text
            ends.append(bytes.count)
            guard ends.count <= limits.sharedStrings else { throw .zipBomb(.sharedStrings) }
            guard bytes.count <= limits.sharedStringBytes else { throw .zipBomb(.sharedStringBytes) }
        }
    }

    /// The UTF-8 of a text, or nil where there is none of this number.
    subscript(index: Int) -> ArraySlice<UInt8>? {
        guard ends.indices.contains(index) else { return nil }
        return bytes[(index == 0 ? 0 : ends[index - 1])..<ends[index]]
    }
}

extension XMLScanner {
    /// The text of a string item (`si`, `is`) that has just started, up to its end: its own or its runs' texts, without
    /// phonetic readings (`rPh`), escapes resolved.
    func readStringItem() throws(XLSXFault) -> [UInt8] {
        let outer = depth - 1
        clearText()
        while depth > outer {
            switch try next() {
            case .finish: break
            case .end: collectsText = false
            case .start:
                if isNamed("t") {
                    collectsText = true
                } else if !isNamed("r") {
                    try skipElement()
                }
            }
        }
        var text = text
        SpreadsheetEscape.resolve(&text)
        return text
    }
}
