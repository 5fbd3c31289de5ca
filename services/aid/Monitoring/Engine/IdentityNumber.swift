import SocialDomain
import Tabular

/// Reads identity numbers (GB 11643-1999) as their first 17 digits in one 64-bit integer.
///
/// `Absence.missing` and `Absence.bad` stand for what is none; the check character (ISO 7064 MOD 11-2) and the birth
/// date have been found right in all others.
struct IdentityNumber {
    /// The weighted sum 8a + 4b + 2c + d of every four-digit group abcd.
    private let groupSums: [UInt8]

    static let reader = IdentityNumber()

    private init() {
        groupSums = (0..<10_000).map { (number: Int) -> UInt8 in
            let thousands = number / 1000
            let hundreds = number / 100 % 10
            let tens = number / 10 % 10
            return UInt8(thousands * 8 + hundreds * 4 + tens * 2 + number % 10)
        }
    }

    /// Calls the body with a reader whose table is at hand without a check.
    func withFastReader<Result>(_ body: (Fast) throws -> Result) rethrows -> Result {
        try groupSums.withUnsafeBufferPointer { sums in
            guard let base = sums.baseAddress else { preconditionFailure("the table has 10,000 entries") }
            return try body(Fast(sums: base))
        }
    }

    struct Fast {
        fileprivate let sums: UnsafePointer<UInt8>

        @inline(__always)
        func read(_ cell: Cell, _ encoding: TextEncoding) -> Int64 {
            if cell.count == 18 {
                let body = plain(cell.start)
                if body >= 0 { return body }
            }
            return slow(cell, encoding)
        }

        /// 18 ASCII characters, or `Absence.bad`.
        @inline(__always)
        private func plain(_ start: UnsafePointer<UInt8>) -> Int64 {
            let raw = UnsafeRawPointer(start)
            let first = raw.loadUnaligned(as: UInt64.self)
            let second = raw.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
            guard Digits.areAll(first), Digits.areAll(second) else { return Absence.bad }
            let seventeenth = start[16] &- 0x30
            guard seventeenth < 10 else { return Absence.bad }
            let (a, b) = Digits.groups(first)
            let (c, d) = Digits.groups(second)
            // Digit i (from 1) weighs 2^(18 − i) mod 11; a group's last digit 2^14, 2^10, 2^6, 2^2.
            let sum =
                Int(sums[a]) &* 5 &+ Int(sums[b]) &+ Int(sums[c]) &* 9 &+ Int(sums[d]) &* 4 &+ Int(seventeenth) &* 2
            // 0 1 2 … 10 ask for 1 0 X 9 8 7 6 5 4 3 2.
            let remainder = sum % 11
            let asked: UInt8 =
                remainder == 2
                ? 0x58
                : remainder < 2
                    ? UInt8(truncatingIfNeeded: 0x31 &- remainder)
                    : UInt8(truncatingIfNeeded: 0x30 &+ 12 &- remainder)
            guard start[17] == asked else { return Absence.bad }
            let year = (b % 100) &* 100 &+ c / 100
            guard Birthday.exists(year: year, month: c % 100, day: d / 100) else { return Absence.bad }
            return Int64(a &* 10_000 &+ b) &* 1_000_000_000 &+ Int64(c &* 10_000 &+ d) &* 10 &+ Int64(seventeenth)
        }

        @inline(never)
        private func slow(_ cell: Cell, _ encoding: TextEncoding) -> Int64 {
            if cell.isAbsent(encoding) { return Absence.missing }
            var bytes = cell.folded(encoding)
            switch bytes.count {
            case 18:
                if bytes[17] == 0x78 { bytes[17] = 0x58 }
                return bytes.withUnsafeBufferPointer { $0.baseAddress.map(plain) ?? Absence.bad }
            case 15:
                // GB 11643-1989: no century and no check character.
                guard bytes.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else { return Absence.bad }
                bytes.insert(contentsOf: [0x31, 0x39], at: 6)
                let digits = bytes.map { Int($0) - 0x30 }
                let year = digits[6] * 1000 + digits[7] * 100 + digits[8] * 10 + digits[9]
                guard
                    Birthday.exists(
                        year: year, month: digits[10] * 10 + digits[11], day: digits[12] * 10 + digits[13])
                else { return Absence.bad }
                return digits.reduce(0) { $0 * 10 + Int64($1) }
            default:
                return Absence.bad
            }
        }
    }
}

/// Eight ASCII digits in one word.
enum Digits {
    @inline(__always)
    static func areAll(_ word: UInt64) -> Bool {
        let upper = word & 0xF0F0_F0F0_F0F0_F0F0
        let shifted = (word &+ 0x0606_0606_0606_0606) & 0xF0F0_F0F0_F0F0_F0F0
        return upper == 0x3030_3030_3030_3030 && shifted == upper
    }

    /// The first and the last four digits as numbers.
    @inline(__always)
    static func groups(_ word: UInt64) -> (Int, Int) {
        let digits = word & 0x0F0F_0F0F_0F0F_0F0F
        let pairs = (digits &* 10 &+ (digits &>> 8)) & 0x00FF_00FF_00FF_00FF
        let fours = (pairs &* 100 &+ (pairs &>> 16)) & 0x0000_FFFF_0000_FFFF
        return (Int(truncatingIfNeeded: fours & 0xFFFF), Int(truncatingIfNeeded: fours &>> 32))
    }
}

/// The days that exist, without going through `CalendarDate`.
enum Birthday {
    @inline(__always)
    static func exists(year: Int, month: Int, day: Int) -> Bool {
        guard year >= 1, month >= 1, month <= 12, day >= 1 else { return false }
        if day <= 28 { return true }
        return day <= CalendarDate.daysInMonth(year: year, month: month)
    }
}
