import SocialDomain

/// Why a text names no trade.
enum TradeFault: ExplainedFault, Hashable {
    case unknown
    /// A job's title; the trades that it may mean, the likeliest first.
    case title([String])

    var explanation: LocalizedText {
        switch self {
        case .unknown:
            LocalizedText(
                zh: "没有这个职业代码，请写成 4-10-01-06。", en: "No occupation has this code; write it as 4-10-01-06.")
        case .title(let close):
            LocalizedText(
                zh: "请填职业代码。可能是：\(close.joined(separator: "、"))。",
                en: "Give the occupation's code. It may be \(close.joined(separator: ", ")).")
        }
    }
}

extension TradeSearch {
    /// The code of a trade that was typed by its code; its name may stand behind.
    func code(typed: String) throws(TradeFault) -> String {
        let first = typed.split(whereSeparator: \.isWhitespace).first.map { TextForm.folded(String($0)) } ?? ""
        if let code = OccupationCode(first), classification.trade(code) != nil { return code.description }
        let close = find(typed, limit: 3).map { "\($0.occupation.code) \($0.occupation.name)" }
        throw close.isEmpty ? .unknown : .title(close)
    }
}
