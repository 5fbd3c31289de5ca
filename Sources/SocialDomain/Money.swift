/// An amount of renminbi in whole fen; never a fraction, never a double.
package struct Money: Hashable, Sendable {
    package let fen: Int64

    package init(fen: Int64) {
        self.fen = fen
    }

    package static let zero = Money(fen: 0)

    /// The amount in yuan as a double, as monitoring's expressions see it.
    package var yuan: Double { Double(fen) / 100 }

    package func adding(_ other: Money) throws(MoneyFault) -> Money {
        try Self.exact(fen.addingReportingOverflow(other.fen))
    }

    package func subtracting(_ other: Money) throws(MoneyFault) -> Money {
        try Self.exact(fen.subtractingReportingOverflow(other.fen))
    }

    package func multiplied(by count: Int) throws(MoneyFault) -> Money {
        try Self.exact(fen.multipliedReportingOverflow(by: Int64(count)))
    }

    package static func sum(of amounts: some Sequence<Money>) throws(MoneyFault) -> Money {
        var total = Money.zero
        for amount in amounts { total = try total.adding(amount) }
        return total
    }

    private static func exact(_ result: (partialValue: Int64, overflow: Bool)) throws(MoneyFault) -> Money {
        guard !result.overflow else { throw .tooLarge }
        return Money(fen: result.partialValue)
    }
}

extension Money: Comparable {
    package static func < (left: Money, right: Money) -> Bool {
        left.fen < right.fen
    }
}

extension Money: CustomStringConvertible {
    package var description: String { decimal }
}

/// In words and digits.
extension Money {
    /// For programs and exports: `1234.50`, always two digits after the point.
    package var decimal: String {
        let magnitude = fen.magnitude
        return "\(fen < 0 ? "-" : "")\(magnitude / 100).\(Self.twoDigits(magnitude % 100))"
    }

    /// For people: `1,234.50 元`.
    package var spoken: String {
        let magnitude = fen.magnitude
        return "\(fen < 0 ? "-" : "")\(Self.grouped(magnitude / 100)).\(Self.twoDigits(magnitude % 100)) 元"
    }

    /// For people who read a page and not a ledger: `1.2万元`, `3.45亿元`, at most two digits after the point, cut and
    /// not rounded; below 10,000 yuan without fen where there are none (`760元`, `760.50元`).
    package var short: String {
        let magnitude = fen.magnitude
        let sign = fen < 0 ? "-" : ""
        for (unit, name) in [(UInt64(10_000_000_000), "亿元"), (1_000_000, "万元")] where magnitude >= unit {
            let hundredths = magnitude / (unit / 100)
            var decimals = Self.twoDigits(hundredths % 100)
            while decimals.hasSuffix("0") { decimals.removeLast() }
            return "\(sign)\(Self.grouped(hundredths / 100))\(decimals.isEmpty ? "" : "." + decimals)\(name)"
        }
        let cents = magnitude % 100
        return "\(sign)\(magnitude / 100)\(cents == 0 ? "" : "." + Self.twoDigits(cents))元"
    }

    private static func twoDigits(_ number: UInt64) -> String {
        number < 10 ? "0\(number)" : "\(number)"
    }

    private static func grouped(_ number: UInt64) -> String {
        var digits = Array(String(number))
        var place = digits.count - 3
        while place > 0 {
            digits.insert(",", at: place)
            place -= 3
        }
        return String(digits)
    }
}

extension Money: Codable {
    package init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let money = Money(decimal: text) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "not a decimal amount such as 1234.50"))
        }
        self = money
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(decimal)
    }
}
