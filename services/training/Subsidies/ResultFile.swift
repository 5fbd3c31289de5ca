import SocialDomain
import Tabular

/// What the bank gives back: for each reference whether it was paid, and why not.
struct ResultFile: Hashable, Sendable {
    struct Row: Hashable, Sendable {
        let line: Int
        let amount: Money
        let isPaid: Bool
        /// Empty where it was paid.
        let reason: String
    }

    static let sizeLimit = 4 << 20
    private static let mostRows = 10_000
    private static let longestReason = 200
    private static let most = 30
    private static let names: [(title: String, field: String)] = [
        ("参考号", "reference"), ("金额", "amount"), ("结果", "result"), ("原因", "reason"),
    ]
    private static let paid: Set = ["paid", "成功", "已付", "付款成功"]
    private static let failed: Set = ["failed", "失败", "未付", "退票", "付款失败"]

    private(set) var rows: [String: Row] = [:]

    enum Fault: Error {
        /// What is wrong with the file, in words.
        case unreadable([LocalizedText])
    }

    init(rows: [String: Row]) { self.rows = rows }

    init(path: String) throws(Fault) {
        let document: CSVDocument
        do throws(CSVDocument.Fault) {
            document = try CSVDocument(path: path, limit: Self.sizeLimit)
        } catch {
            throw .unreadable([
                LocalizedText(
                    zh: "读不出这个文件：它应当是 CSV，第一行是列名。",
                    en: "The file cannot be read: it should be CSV with a first row of names.")
            ])
        }
        var places: [String: Int] = [:]
        for (index, title) in document.header.enumerated() {
            guard let column = Self.names.first(where: { $0.title == title || $0.field == title }) else { continue }
            guard places.updateValue(index, forKey: column.field) == nil else {
                throw .unreadable([LocalizedText(zh: "“\(title)”这一列有两个。", en: "Column \(title) stands twice.")])
            }
        }
        let missing = Self.names.filter { $0.field != "reason" && places[$0.field] == nil }
        guard missing.isEmpty else {
            throw .unreadable([
                LocalizedText(
                    zh: "缺少这些列：\(missing.map(\.title).joined(separator: "、"))。这可能不是结果文件。",
                    en:
                        "These columns are missing: \(missing.map(\.field).joined(separator: ", ")). It may be no result file."
                )
            ])
        }
        guard document.rows.count <= Self.mostRows else {
            throw .unreadable([LocalizedText(zh: "行数太多。", en: "It has too many rows.")])
        }
        var faults: [LocalizedText] = []
        for row in document.rows {
            do throws(RowFault) {
                let (reference, read) = try Self.read(row, places)
                guard rows.updateValue(read, forKey: reference) == nil else {
                    throw RowFault(zh: "参考号重复", en: "the reference stands twice")
                }
            } catch {
                faults.append(
                    LocalizedText(zh: "第 \(row.line) 行：\(error.zh)。", en: "Line \(row.line): \(error.en)."))
            }
        }
        guard faults.isEmpty else { throw .unreadable(Array(faults.prefix(Self.most))) }
    }

    private struct RowFault: Error {
        let zh: String
        let en: String
    }

    private static func read(
        _ row: CSVDocument.Row, _ places: [String: Int]
    ) throws(RowFault) -> (reference: String, row: Row) {
        guard let cells = row.cells else { throw RowFault(zh: "引号不成对", en: "a quote is not closed") }
        func cell(_ field: String) -> String {
            guard let place = places[field], cells.indices.contains(place) else { return "" }
            return TextForm.trimmed(cells[place])
        }
        let reference = cell("reference")
        guard !reference.isEmpty else { throw RowFault(zh: "没有参考号", en: "it has no reference") }
        let amount: Money
        do throws(MoneyFault) {
            amount = try Money(parsing: cell("amount"))
        } catch {
            throw RowFault(zh: "金额读不懂", en: "the amount cannot be read")
        }
        let result = cell("result").lowercased()
        guard paid.contains(result) || failed.contains(result) else {
            throw RowFault(zh: "结果应写成功（paid）或失败（failed）", en: "the result is neither paid nor failed")
        }
        let reason = cell("reason")
        guard reason.unicodeScalars.count <= longestReason else {
            throw RowFault(zh: "原因太长", en: "the reason is too long")
        }
        guard paid.contains(result) || !reason.isEmpty else {
            throw RowFault(zh: "失败的要写原因", en: "a failure needs its reason")
        }
        return (
            reference,
            Row(
                line: row.line, amount: amount, isPaid: paid.contains(result),
                reason: paid.contains(result) ? "" : reason)
        )
    }

    /// Every payment of the batch stands in the file once with its amount, and nothing else does.
    func faults(against payments: [Payment]) -> [LocalizedText] {
        var faults: [LocalizedText] = []
        let known = Set(payments.map(\.id))
        for (reference, row) in rows.sorted(by: { $0.value.line < $1.value.line }) where !known.contains(reference) {
            faults.append(
                LocalizedText(
                    zh: "第 \(row.line) 行的参考号不属于这个批次。", en: "Line \(row.line): the reference is not of this batch."))
        }
        for payment in payments {
            guard let row = rows[payment.id] else {
                faults.append(LocalizedText(zh: "缺少 \(payment.id) 的结果。", en: "\(payment.id) has no result."))
                continue
            }
            if row.amount != payment.amount {
                faults.append(
                    LocalizedText(
                        zh: "第 \(row.line) 行的金额是 \(row.amount.decimal)，应为 \(payment.amount.decimal)。",
                        en:
                            "Line \(row.line): the amount is \(row.amount.decimal), and should be \(payment.amount.decimal)."
                    ))
            }
        }
        return Array(faults.prefix(Self.most))
    }
}
