extension Money {
    /// Reads an amount as people type it: `1234.5`, `1,234.50`, `¥1,234.50`, `1234.50元`, `1.2万元`, `3亿`.
    ///
    /// White space around it and full-width characters are taken. Without 万 or 亿 there are at most two digits after the
    /// point; with them as many as still give whole fen. No sign: nobody types an amount below zero. Plain digits are at
    /// most 13, as in a department's extract (monitoring, "Values").
    package init(parsing text: some StringProtocol) throws(MoneyFault) {
        var rest = TextForm.scalars(text)[...]
        guard !rest.isEmpty else { throw .empty }
        let count = rest.count
        rest.dropSpaces()
        if rest.first == "¥" {
            rest.removeFirst()
            rest.dropSpaces()
        }
        var fen = try Self.wholeYuan(&rest, count: count)
        var decimals: ArraySlice<Unicode.Scalar> = []
        if rest.first == "." {
            rest.removeFirst()
            decimals = rest.prefix { $0.digitValue != nil }
            guard !decimals.isEmpty else { throw .character(position: count - rest.count) }
            rest = rest.dropFirst(decimals.count)
        }
        rest.dropSpaces()
        var places = 2
        if rest.first == "万" { places = 6 } else if rest.first == "亿" { places = 10 }
        if places > 2 { rest.removeFirst() }
        rest.dropSpaces()
        if rest.first == "元" { rest.removeFirst() }
        guard rest.isEmpty else { throw .character(position: count - rest.count + 1) }
        guard decimals.count <= places else { throw .fractionOfFen }
        for place in 0..<places {
            let index = decimals.startIndex + place
            fen = try Self.appending(index < decimals.endIndex ? decimals[index].digitValue ?? 0 : 0, to: fen)
        }
        self.init(fen: fen)
    }

    /// Reads what `decimal` prints, a sign included: `-12.00`, `12`, `12.5`.
    package init?(decimal text: some StringProtocol) {
        let isNegative = text.utf8.first == UInt8(ascii: "-")
        let parts = (isNegative ? text.dropFirst() : text[...]).split(
            separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        let decimals = parts.count == 2 ? parts[1] : "0"
        guard !parts[0].isEmpty, (1...2).contains(decimals.utf8.count) else { return nil }
        var fen: Int64 = 0
        for byte in Array(parts[0].utf8) + Array(decimals.utf8) + (decimals.utf8.count == 1 ? [0x30] : []) {
            guard byte >= 0x30, byte <= 0x39 else { return nil }
            // Counted downwards, because Int64 reaches one further below zero than above.
            let (shifted, overflowed) = fen.multipliedReportingOverflow(by: 10)
            let (next, overflowedToo) = shifted.subtractingReportingOverflow(Int64(byte - 0x30))
            guard !overflowed, !overflowedToo else { return nil }
            fen = next
        }
        guard isNegative || fen != .min else { return nil }
        self.init(fen: isNegative ? fen : -fen)
    }

    /// Plain digits, or groups of three after commas.
    private static func wholeYuan(
        _ rest: inout ArraySlice<Unicode.Scalar>, count: Int
    ) throws(MoneyFault) -> Int64 {
        var yuan: Int64 = 0
        var digits = 0
        var isGrouped = false
        while let character = rest.first {
            if let digit = character.digitValue {
                guard !isGrouped || digits < 3 else { throw .character(position: count - rest.count + 1) }
                yuan = try appending(digit, to: yuan)
                digits += 1
            } else if character == "," {
                guard isGrouped ? digits == 3 : (1...3).contains(digits) else {
                    throw .character(position: count - rest.count + 1)
                }
                isGrouped = true
                digits = 0
            } else {
                break
            }
            rest.removeFirst()
        }
        guard digits > 0, !isGrouped || digits == 3 else {
            throw .character(position: min(count, count - rest.count + 1))
        }
        guard isGrouped || digits <= 13 else { throw .tooLarge }
        return yuan
    }

    private static func appending(_ digit: Int, to number: Int64) throws(MoneyFault) -> Int64 {
        let (shifted, overflowed) = number.multipliedReportingOverflow(by: 10)
        let (sum, overflowedToo) = shifted.addingReportingOverflow(Int64(digit))
        guard !overflowed, !overflowedToo else { throw .tooLarge }
        return sum
    }
}

extension ArraySlice<Unicode.Scalar> {
    fileprivate mutating func dropSpaces() {
        while first?.isWhiteSpace == true { removeFirst() }
    }
}

/// Why a text is no amount, or a sum none that can be kept.
package enum MoneyFault: ExplainedFault, Hashable, Sendable {
    case empty
    /// Counted from 1, after the white space around the amount.
    case character(position: Int)
    case fractionOfFen
    case tooLarge

    package var explanation: LocalizedText {
        switch self {
        case .empty:
            LocalizedText(zh: "没有填写金额，请填写，例如1,234.50。", en: "The amount is empty: type one, such as 1,234.50.")
        case .character(let position):
            LocalizedText(
                zh: "金额第\(position)个字符不对：请写成1234.50、1,234.50、¥1,234.50、1234.50元或1.2万元，不带正负号。",
                en: "Character \(position) of the amount cannot stand there: write 1234.50, 1,234.50, ¥1,234.50, "
                    + "1234.50元 or 1.2万元, without a sign.")
        case .fractionOfFen:
            LocalizedText(
                zh: "金额小于一分的部分无法记账，请写到分为止（两位小数）。",
                en: "The amount has a fraction of a fen: write no more than whole fen (two digits after the point).")
        case .tooLarge:
            LocalizedText(
                zh: "金额太大（整数部分至多13位），请核对是否多写了数字。",
                en: "The amount is too large (at most 13 digits before the point): check for digits too many.")
        }
    }
}
