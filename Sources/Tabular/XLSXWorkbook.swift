/// What a workbook says of itself: its sheets in their order, its epoch, which of its cell styles show dates.
struct XLSXWorkbook: Sendable {
    struct Sheet: Sendable {
        let name: String
        let part: String
    }

    /// The sheets with cells, hidden ones included; sheets of charts and dialogs are left out.
    private(set) var sheets: [Sheet] = []
    private(set) var epoch = SpreadsheetDate.Epoch.year1900
    /// For each cell style whether it shows a date.
    private(set) var datedStyles: [Bool] = []
    private(set) var sharedStringsPart: String?

    init(_ package: ZipPackage, budget: UnpackBudget) throws(XLSXFault) {
        let part = try Self.workbookPart(package, budget: budget)
        let relations = try Relationships(package, of: part, budget: budget)
        try readWorkbook(package, part: part, relations: relations, budget: budget)
        if let styles = relations.first(ofType: "/styles"), package.contains(styles.target) {
            datedStyles = try Self.datedStyles(package, part: styles.target, budget: budget)
        }
        if let strings = relations.first(ofType: "/sharedStrings"), package.contains(strings.target) {
            sharedStringsPart = strings.target
        }
    }

    /// Where the package's own relationships say that the workbook is, else where Excel puts it.
    private static func workbookPart(_ package: ZipPackage, budget: UnpackBudget) throws(XLSXFault) -> String {
        let relations = try Relationships(package, of: "", budget: budget)
        let usual = "xl/workbook.xml"
        let part = relations.first(ofType: "/officeDocument")?.target ?? usual
        guard package.contains(part), part.hasSuffix(".xml") else { throw .missingPart(usual) }
        return part
    }

    private mutating func readWorkbook(
        _ package: ZipPackage, part: String, relations: Relationships, budget: UnpackBudget
    ) throws(XLSXFault) {
        let scanner = try XMLScanner(package, part: part, budget: budget)
        while true {
            switch try scanner.next() {
            case .finish: return
            case .end: continue
            case .start: break
            }
            switch scanner.depth {
            case 1:
                // A word processor's package has a document here.
                guard scanner.isNamed("workbook") else { throw .missingPart("xl/workbook.xml") }
            case 2 where scanner.isNamed("workbookPr"):
                epoch = scanner.boolean("date1904") ? .year1904 : .year1900
            case 2 where scanner.isNamed("sheets"): continue
            case 3 where scanner.isNamed("sheet"):
                guard let name = try scanner.attribute("name"), let id = try scanner.prefixedAttribute("id") else {
                    throw scanner.fault(.syntax)
                }
                guard let relation = relations.byID[id] else { throw .missingPart(ZipPackage.shown(name)) }
                if relation.type.hasSuffix("/worksheet") {
                    sheets.append(Sheet(name: name, part: relation.target))
                }
            default:
                try scanner.skipElement()
            }
        }
    }

    private static func datedStyles(
        _ package: ZipPackage, part: String, budget: UnpackBudget
    ) throws(XLSXFault) -> [Bool] {
        let scanner = try XMLScanner(package, part: part, budget: budget)
        var codes: [Int: Bool] = [:]
        var formats: [Int] = []
        while true {
            switch try scanner.next() {
            case .finish:
                return formats.map { codes[$0] ?? SpreadsheetDate.isDateFormat(builtIn: $0) }
            case .end: continue
            case .start: break
            }
            switch scanner.depth {
            case 1: continue
            case 2 where scanner.isNamed("numFmts") || scanner.isNamed("cellXfs"):
                try readEntries(of: scanner, codes: &codes, formats: &formats)
            default:
                try scanner.skipElement()
            }
        }
    }

    private static func readEntries(
        of scanner: XMLScanner, codes: inout [Int: Bool], formats: inout [Int]
    ) throws(XLSXFault) {
        // Excel allows 65,490 cell styles and far fewer formats.
        let most = 100_000
        while case .start = try scanner.next() {
            if scanner.isNamed("numFmt"), let id = scanner.integer("numFmtId"), codes.count < most {
                codes[id] = SpreadsheetDate.isDateFormat(code: try scanner.attribute("formatCode") ?? "")
            } else if scanner.isNamed("xf"), formats.count < most {
                formats.append(scanner.integer("numFmtId") ?? 0)
            }
            try scanner.skipElement()
        }
    }
}

/// The relationships of a part (ECMA-376 part 2, 6.5): which other parts it means by which id.
struct Relationships {
    struct Relationship {
        let type: String
        let target: String
    }

    private(set) var byID: [String: Relationship] = [:]
    private var inOrder: [Relationship] = []

    /// - Parameter part: Empty for the package itself.
    init(_ package: ZipPackage, of part: String, budget: UnpackBudget) throws(XLSXFault) {
        let segments = part.split(separator: "/")
        let folder = segments.dropLast().map(String.init)
        let file = (folder + ["_rels", "\(segments.last ?? "").rels"]).joined(separator: "/")
        guard package.contains(file) else { return }
        let scanner = try XMLScanner(package, part: file, budget: budget)
        while true {
            switch try scanner.next() {
            case .finish: return
            case .end: continue
            case .start: break
            }
            if scanner.depth == 1 { continue }
            if scanner.isNamed("Relationship"), try scanner.attribute("TargetMode") != "External",
                let id = try scanner.attribute("Id"), let type = try scanner.attribute("Type"),
                let target = try scanner.attribute("Target")
            {
                let relationship = Relationship(type: type, target: Self.resolve(target, in: folder))
                byID[id] = relationship
                inOrder.append(relationship)
            }
            try scanner.skipElement()
        }
    }

    /// The first relationship whose type ends so; the beginnings differ between the editions of the standard.
    func first(ofType suffix: String) -> Relationship? {
        inOrder.first { $0.type.hasSuffix(suffix) }
    }

    private static func resolve(_ target: String, in folder: [String]) -> String {
        var segments = target.utf8.first == UInt8(ascii: "/") ? [] : folder
        for segment in target.split(separator: "/") {
            switch segment {
            case ".": continue
            case "..": _ = segments.popLast()
            default: segments.append(String(segment))
            }
        }
        return segments.joined(separator: "/")
    }
}
