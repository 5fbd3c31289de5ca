import ServiceKit
import SocialDomain
import Tabular

/// One table of the figures, as a spreadsheet has it.
struct FigureExport {
    let report: FigureReport
    let table: FigureReport.Table
    let words: Words

    var header: [String] {
        let keys: [String] =
            switch table {
            case .days: ["day", "scans", "searches", "views"]
            case .items: ["item", "code", "views"]
            case .missing: ["query", "times", "last"]
            case .plates: ["plate", "code", "scans"]
            case .freshness: ["department", "published", "confirmed", "overdue"]
            }
        return keys.map { words["figures.column.\($0)"] }
    }

    var rows: [[TableValue]] {
        switch table {
        case .days:
            report.period.days.map { day in
                let text = day.description
                return [
                    .date(dayNumber: day.dayNumber), .integer(report.scans[text] ?? 0),
                    .integer(report.searchDays[text] ?? 0), .integer(report.itemDays[text] ?? 0),
                ]
            }
        case .items:
            report.items.map { sum in
                [.text(report.itemNames[sum.subject] ?? ""), .text(sum.subject), .integer(sum.total)]
            }
        case .missing:
            report.missing.map { sum in
                [.text(sum.subject), .integer(sum.total), .text(report.lastMissed[sum.subject] ?? "")]
            }
        case .plates:
            report.plates.map { sum in
                [.text(report.plateNames[sum.subject] ?? ""), .text(sum.subject), .integer(sum.total)]
            }
        case .freshness:
            report.freshness.map { one in
                [.text(one.department), .integer(one.published), .integer(one.confirmed), .integer(one.overdue)]
            }
        }
    }

    func csv() -> [UInt8] {
        var writer = CSVWriter(forPeople: true, lineEnd: .crlf, hasByteOrderMark: true)
        writer.append(header)
        for row in rows { writer.append(row) }
        return writer.bytes
    }

    func writeWorkbook(to path: String) throws {
        let writer = try XLSXWriter(path: path, sheet: table.rawValue, columns: header.map { XLSXWriter.Column($0) })
        for row in rows { try writer.append(row) }
        try writer.close()
    }
}
