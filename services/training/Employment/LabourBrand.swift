import ServiceKit
import SocialDomain
import Storage

/// A named group of trades and employers from one place (劳务品牌).
struct LabourBrand: Hashable, Sendable {
    let id: Int64
    let content: BrandContent
    /// People placed under its name, ever.
    let placed: Int64
    let version: Int64
}

/// What is said about a labour brand.
struct BrandContent: Hashable, Sendable {
    enum State: String, CaseIterable, Sendable {
        case active
        /// Shown to nobody, and nobody more is counted; who was, stays counted.
        case ended
    }

    var name: String
    /// Where its people come from.
    var division: String
    var summary: String
    /// Occupation codes in their order.
    var trades: [String]
    /// In the order of their credit codes.
    var employers: [NamedEmployer]
    var state: State

    /// The form's fields, in their order.
    static let fields = ["name", "division", "summary", "trades", "employers", "state"]
    static let mostTrades = 50
    static let mostEmployers = 60

    init(_ row: Row, trades: [String], employers: [NamedEmployer]) throws {
        name = try row.get("name")
        division = try row.get("division")
        summary = try row.get("summary")
        state = State(rawValue: try row.get("state")) ?? .ended
        self.trades = trades
        self.employers = employers
    }

    /// Nil where a fault was found.
    init?(_ fields: inout TypedFields, trades search: TradeSearch) {
        let before = fields.faults.count
        name = fields.text("name", most: 40, isNeeded: true)
        division = fields.division()?.prefix ?? ""
        summary = fields.text("summary", most: 500, hasLines: true)
        trades = fields.trades(most: Self.mostTrades, among: search)
        employers = fields.employers(most: Self.mostEmployers)
        state = fields.choice("state", State.self) ?? .active
        guard fields.faults.count == before else { return nil }
    }

    /// - Parameter tradeName: of a code, to stand behind it.
    func value(_ field: String, tradeName: (String) -> String?) -> String {
        switch field {
        case "name": name
        case "division": division
        case "summary": summary
        case "trades":
            trades.map { [$0, tradeName($0)].compactMap(\.self).joined(separator: " ") }.joined(separator: "\n")
        case "employers": employers.map { "\($0.creditCode) \($0.name)" }.joined(separator: "\n")
        case "state": state.rawValue
        default: ""
        }
    }

    /// The fields that differ; an employer's name is kept with the employer, not here.
    func differences(from other: BrandContent) -> [String] {
        Self.fields.filter { field in
            guard field == "employers" else {
                return value(field) { _ in nil } != other.value(field) { _ in nil }
            }
            return employers.map(\.creditCode) != other.employers.map(\.creditCode)
        }
    }
}

extension TypedFields {
    /// One occupation code to a line, a name may stand behind it; each once, in their order.
    fileprivate mutating func trades(most: Int, among search: TradeSearch) -> [String] {
        var codes: Set<String> = []
        for (number, line) in lines("trades", most: 4000, isNeeded: true) {
            do throws(TradeFault) {
                codes.insert(try search.code(typed: line))
            } catch {
                fault("trades", line: number, line, error.explanation)
            }
        }
        if codes.count > most { fault("trades", "最多 \(most) 个工种。", "At most \(most) trades.") }
        return codes.sorted()
    }

    /// A credit code to a line, and behind it the name of an employer that may be new; each once, in the order of their codes.
    fileprivate mutating func employers(most: Int) -> [NamedEmployer] {
        var found: [String: NamedEmployer] = [:]
        for (number, line) in lines("employers", most: 8000) {
            let parts = line.split(maxSplits: 1, whereSeparator: \.isWhitespace)
            do throws(UnifiedCreditCodeFault) {
                let code = try UnifiedCreditCode(parts[0]).text
                let name = parts.count > 1 ? TextForm.trimmed(String(parts[1])) : ""
                if name.count > 100 {
                    fault(
                        "employers", line: number, line,
                        LocalizedText(zh: "名称最多 100 个字。", en: "At most 100 characters."))
                }
                found[code] = NamedEmployer(creditCode: code, name: name)
            } catch {
                fault("employers", line: number, line, error.explanation)
            }
        }
        if found.count > most { fault("employers", "最多 \(most) 家单位。", "At most \(most) employers.") }
        return found.values.sorted { $0.creditCode < $1.creditCode }
    }

    /// The lines that hold something, each with its number from 1.
    private mutating func lines(_ field: String, most: Int, isNeeded: Bool = false) -> [(number: Int, text: String)] {
        text(field, most: most, isNeeded: isNeeded, hasLines: true)
            .split(separator: "\n", omittingEmptySubsequences: false).enumerated()
            .map { ($0.offset + 1, TextForm.trimmed(String($0.element))) }.filter { !$0.1.isEmpty }
    }

    /// A fault in one line of several.
    private mutating func fault(_ field: String, line: Int, _ text: String, _ message: LocalizedText) {
        let shown = text.prefix(20)
        fault(field, "第 \(line) 行“\(shown)”：\(message.zh)", "Line \(line), “\(shown)”: \(message.en)")
    }
}
