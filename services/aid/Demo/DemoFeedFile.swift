/// One extract as its department hands it over: what it is called, which columns in which order, how it is written.
struct DemoFeedFile: Sendable {
    enum Encoding: Sendable {
        case utf8
        case utf8WithMark
        case gb18030
        case xlsx
    }

    let name: String
    let kind: DemoKind
    /// Of the kind's rows, in per cent: two files share a kind by halves.
    var part = 0..<100
    /// Indices of the kind's fields, `DemoRow.serial` and `DemoRow.remark`.
    let columns: [Int]
    var idHeading = "id_number"
    /// Fields with the Chinese heading.
    var chinese: Set<Int> = []
    var dateForm = DemoDateForm.iso
    var encoding = Encoding.utf8
    var hasCarriageReturns = false
    var quotesAll = false
    var beginsWithBlankLine = false

    var headings: [String] {
        columns.map { column in
            switch column {
            case DemoRow.serial: "序号"
            case DemoRow.remark: "备注"
            case kind.idField: idHeading
            default: chinese.contains(column) ? kind.headings[column] : kind.fields[column]
            }
        }
    }

    func rows(of scale: DemoScale) -> Range<Int> {
        let all = scale.rows / 100 * kind.share
        return all * part.lowerBound / 100..<all * part.upperBound / 100
    }

    /// The extracts of a demonstration, by name.
    static func all(isClean: Bool) -> [DemoFeedFile] {
        let (serial, remark) = (DemoRow.serial, DemoRow.remark)
        var files = [
            DemoFeedFile(name: "accidents.xlsx", kind: .accidents, columns: [0, 1, 2, 3, 4, 5, 6], encoding: .xlsx),
            DemoFeedFile(
                name: "companies.csv", kind: .companies, columns: [4, 5, 3, 2, 0, 1, 6], hasCarriageReturns: true,
                quotesAll: true),
            DemoFeedFile(name: "deaths.csv", kind: .deaths, columns: [0, 1, 2, remark], hasCarriageReturns: true),
            DemoFeedFile(
                name: "disability.csv", kind: .disability, columns: [3, 0, serial, 4, 2, 5, remark, 1],
                idHeading: "身份证号", chinese: [0, 2, 3, 4, 5], hasCarriageReturns: true),
            DemoFeedFile(
                name: "employment-2025.csv", kind: .employment, part: 0..<50, columns: [serial, 0, 3, 2, 1, 4],
                idHeading: "证件号码", chinese: [1, 2, 3, 4]),
            DemoFeedFile(
                name: "employment-2026.csv", kind: .employment, part: 50..<100, columns: [0, 1, 2, 3, 4, remark],
                chinese: [1], encoding: .gb18030, hasCarriageReturns: true),
            DemoFeedFile(
                name: "medical-2025.csv", kind: .medical, part: 0..<50, columns: [0, 7, 5, 6, 3, 2, 4, 1],
                idHeading: "证件号码", chinese: [0, 2, 3, 4, 5, 6, 7], encoding: .utf8WithMark,
                hasCarriageReturns: true),
            DemoFeedFile(
                name: "medical-2026.csv", kind: .medical, part: 50..<100, columns: [0, 1, 2, 3, 4, 5, 6, 7, remark],
                chinese: [0, 4, 5, 7]),
            DemoFeedFile(
                name: "property.csv", kind: .property, columns: [0, 3, 5, serial, 2, 4, 1], chinese: [0, 3],
                dateForm: .chinese, hasCarriageReturns: true, beginsWithBlankLine: true),
            DemoFeedFile(
                name: "relief-2025.csv", kind: .relief, part: 0..<50, columns: [1, 3, serial, remark, 4, 6, 5, 0, 2],
                dateForm: .compact, hasCarriageReturns: true),
            DemoFeedFile(
                name: "relief-2026.csv", kind: .relief, part: 50..<100, columns: [6, serial, 2, 1, 5, 3, 0, 4],
                idHeading: "公民身份号码", chinese: [0, 2, 3, 4, 5, 6], dateForm: .compact, hasCarriageReturns: true),
            DemoFeedFile(
                name: "schooling.csv", kind: .schooling, columns: [remark, 0, 3, 4, serial, 5, 2, 1],
                encoding: .gb18030, hasCarriageReturns: true),
            DemoFeedFile(
                name: "vehicles.csv", kind: .vehicles, columns: [0, 4, 1, remark, 3, 5, 2], chinese: [2, 4, 5],
                dateForm: .slashes, encoding: .utf8WithMark, hasCarriageReturns: true),
        ]
        if isClean {
            for place in files.indices {
                files[place].encoding = .utf8
                files[place].hasCarriageReturns = false
                files[place].quotesAll = false
                files[place].beginsWithBlankLine = false
            }
            files[0] = DemoFeedFile(name: "accidents.csv", kind: .accidents, columns: [0, 1, 2, 3, 4, 5, 6])
        }
        return files
    }

    /// Files of a demonstration with dirt that hold no row to use: refused, without rows, or of no kind.
    static let oddities: [(name: String, text: String)] = [
        ("deaths-2024-noid.csv", "姓名,死亡日期\n张福生,2026-01-01\n"),
        ("medical-0-nokey.csv", "证件号码,姓名,结算日期,个人负担费用\n150423198001094128,张福生,2026-01-01,99999\n"),
        ("relief-headeronly.csv", "发放编号,身份证号,姓名,金额,发放日期"),
        ("readme.txt", "各部门数据说明，非数据文件。\n"),
        ("yibao-2026.csv", "身份证号,姓名\n150423196511085193,张福生\n"),
    ]

    /// Every name that any demonstration gives a file in its feeds folder.
    static var allNames: Set<String> {
        Set((all(isClean: true) + all(isClean: false)).map(\.name) + oddities.map(\.name))
    }
}
