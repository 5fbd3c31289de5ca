import SocialDomain
import Tabular

/// Dates, amounts, numbers and levels as extracts write them; the plain form is read without a copy, any other by its
/// folded text.
enum CellValues {
    // MARK: Dates

    /// Days since 1970-01-01, `Absence.missingDate` or `Absence.badDate`.
    @inline(__always)
    static func date(_ cell: Cell, _ encoding: TextEncoding) -> Int32 {
        if cell.count == 10 {
            let raw = UnsafeRawPointer(cell.start)
            let word = raw.loadUnaligned(as: UInt64.self)
            let separator = cell.start[4]
            if separator == cell.start[7], separator == 0x2D || separator == 0x2F || separator == 0x2E {
                // yyyy-mm- and the day: put the digits together as yyyymmdd.
                let tail = UInt64(raw.loadUnaligned(fromByteOffset: 8, as: UInt16.self))
                let digits = (word & 0xFFFF_FFFF) | (word &>> 8) & 0x0000_FFFF_0000_0000 | tail &<< 48
                if Digits.areAll(digits) {
                    let (year, rest) = Digits.groups(digits)
                    return day(year, rest / 100, rest % 100)
                }
            }
        } else if cell.count == 8 {
            let word = UnsafeRawPointer(cell.start).loadUnaligned(as: UInt64.self)
            if Digits.areAll(word) {
                let (year, rest) = Digits.groups(word)
                return day(year, rest / 100, rest % 100)
            }
        }
        return slowDate(cell, encoding)
    }

    @inline(__always)
    private static func day(_ year: Int, _ month: Int, _ day: Int) -> Int32 {
        guard Birthday.exists(year: year, month: month, day: day) else { return Absence.badDate }
        return CalendarDate.dayNumber(year: year, month: month, day: day)
    }

    @inline(never)
    private static func slowDate(_ cell: Cell, _ encoding: TextEncoding) -> Int32 {
        if cell.isAbsent(encoding) { return Absence.missingDate }
        var scan = ByteScan(cell.folded(encoding))
        guard let (year, yearDigits) = scan.number(atMost: 8) else { return Absence.badDate }
        if yearDigits == 8, scan.isAtEnd {
            return day(year / 10_000, year / 100 % 100, year % 100)
        }
        guard yearDigits == 4 else { return Absence.badDate }
        let separators: ([UInt8], [UInt8], [UInt8])
        if scan.skip(Array("年".utf8)) {
            separators = ([], Array("月".utf8), Array("日".utf8))
        } else if let separator = scan.skip(anyOf: [0x2D, 0x2F, 0x2E]) {
            separators = ([separator], [separator], [])
        } else {
            return Absence.badDate
        }
        guard let (month, monthDigits) = scan.number(atMost: 3), monthDigits <= 2, scan.skip(separators.1),
            let (dayOfMonth, dayDigits) = scan.number(atMost: 3), dayDigits <= 2, scan.skip(separators.2), scan.isAtEnd
        else { return Absence.badDate }
        return day(year, month, dayOfMonth)
    }

    // MARK: Amounts and areas

    /// Whole fen, `Absence.missing` or `Absence.bad`.
    @inline(__always)
    static func amount(_ cell: Cell, _ encoding: TextEncoding) -> Int64 {
        let plain = hundredths(cell)
        return plain >= 0 ? plain : slowAmount(cell, encoding)
    }

    /// Whole hundredths of a square metre, `Absence.missing` or `Absence.bad`.
    @inline(__always)
    static func area(_ cell: Cell, _ encoding: TextEncoding) -> Int64 {
        let plain = hundredths(cell)
        return plain >= 0 ? plain : slowArea(cell, encoding)
    }

    /// `digits`, `digits.d` or `digits.dd` with at most 13 digits before the point; `Absence.bad` for anything else.
    @inline(__always)
    private static func hundredths(_ cell: Cell) -> Int64 {
        let count = cell.count
        guard count > 0, count <= 16 else { return Absence.bad }
        var value: Int64 = 0
        var index = 0
        while index < count {
            let digit = cell.start[index] &- 0x30
            if digit > 9 { break }
            value = value &* 10 &+ Int64(digit)
            index &+= 1
        }
        guard index > 0, index <= 13 else { return Absence.bad }
        if index == count { return value &* 100 }
        guard cell.start[index] == 0x2E else { return Absence.bad }
        let decimals = count &- index &- 1
        guard decimals == 1 || decimals == 2 else { return Absence.bad }
        let tenths = cell.start[index &+ 1] &- 0x30
        guard tenths <= 9 else { return Absence.bad }
        if decimals == 1 { return value &* 100 &+ Int64(tenths) &* 10 }
        let rest = cell.start[index &+ 2] &- 0x30
        guard rest <= 9 else { return Absence.bad }
        return value &* 100 &+ Int64(tenths) &* 10 &+ Int64(rest)
    }

    @inline(never)
    private static func slowAmount(_ cell: Cell, _ encoding: TextEncoding) -> Int64 {
        if cell.isAbsent(encoding) { return Absence.missing }
        var scan = ByteScan(cell.folded(encoding))
        if scan.skip(Array("¥".utf8)) { scan.skipWhiteSpace() }
        guard let value = scan.hundredths(allowsGroups: true) else { return Absence.bad }
        scan.skipWhiteSpace()
        _ = scan.skip(Array("元".utf8))
        return scan.isAtEnd ? value : Absence.bad
    }

    @inline(never)
    private static func slowArea(_ cell: Cell, _ encoding: TextEncoding) -> Int64 {
        if cell.isAbsent(encoding) { return Absence.missing }
        var scan = ByteScan(cell.folded(encoding))
        guard let value = scan.hundredths(allowsGroups: false), scan.isAtEnd else { return Absence.bad }
        return value
    }

    // MARK: Levels

    /// 1…4, `Absence.missing` or `Absence.bad`.
    @inline(__always)
    static func level(_ cell: Cell, _ encoding: TextEncoding) -> Int64 {
        if cell.count == 1, cell.start[0] >= 0x31, cell.start[0] <= 0x34 { return Int64(cell.start[0]) &- 0x30 }
        return slowLevel(cell, encoding)
    }

    @inline(never)
    private static func slowLevel(_ cell: Cell, _ encoding: TextEncoding) -> Int64 {
        if cell.isAbsent(encoding) { return Absence.missing }
        switch String(decoding: cell.folded(encoding), as: UTF8.self) {
        case "1", "一级": return 1
        case "2", "二级": return 2
        case "3", "三级": return 3
        case "4", "四级": return 4
        default: return Absence.bad
        }
    }
}

/// Goes through folded text from left to right.
private struct ByteScan {
    private let bytes: [UInt8]
    private var place = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    var isAtEnd: Bool { place == bytes.count }

    mutating func skip(_ expected: [UInt8]) -> Bool {
        guard bytes[place...].starts(with: expected) else { return false }
        place += expected.count
        return true
    }

    mutating func skip(anyOf choices: [UInt8]) -> UInt8? {
        guard place < bytes.count, choices.contains(bytes[place]) else { return nil }
        place += 1
        return bytes[place - 1]
    }

    mutating func skipWhiteSpace() {
        while let length = (1...3).first(where: isWhiteSpace) { place += length }
    }

    private func isWhiteSpace(_ length: Int) -> Bool {
        guard place + length <= bytes.count else { return false }
        return bytes[place..<place + length].withUnsafeBytes { WhiteSpace.isBlank($0, .utf8) }
    }

    mutating func number(atMost most: Int) -> (value: Int, digits: Int)? {
        var value = 0
        var digits = 0
        while digits < most, place < bytes.count, bytes[place] >= 0x30, bytes[place] <= 0x39 {
            value = value * 10 + Int(bytes[place] - 0x30)
            digits += 1
            place += 1
        }
        return digits == 0 ? nil : (value, digits)
    }

    /// At most 13 digits, or groups of three after commas (together at most 15, so that fen fit), and one or two
    /// decimals.
    mutating func hundredths(allowsGroups: Bool) -> Int64? {
        guard var (value, digits) = number(atMost: 14), digits <= 13 else { return nil }
        if allowsGroups, digits <= 3 {
            while skip([0x2C]) {
                guard let (group, groupDigits) = number(atMost: 4), groupDigits == 3, digits <= 12 else { return nil }
                value = value * 1000 + group
                digits += 3
            }
        }
        guard skip([0x2E]) else { return Int64(value) * 100 }
        guard let (decimals, count) = number(atMost: 3), count <= 2 else { return nil }
        return Int64(value) * 100 + Int64(count == 1 ? decimals * 10 : decimals)
    }
}
