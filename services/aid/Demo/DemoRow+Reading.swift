import SocialDomain

extension DemoRow {
    /// The day that a field holds in one of the files' own forms, to be written in another.
    static func day(of bytes: UnsafeBufferPointer<UInt8>) -> CalendarDate? {
        let digits = bytes.filter { $0 >= 0x30 && $0 <= 0x39 }
        guard digits.count == 8 else { return nil }
        let number = digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
        return CalendarDate(year: number / 10_000, month: number / 100 % 100, day: number % 100)
    }

    /// The amount that a field holds with its two decimals.
    static func hundredths(of bytes: UnsafeBufferPointer<UInt8>) -> Int? {
        guard bytes.count >= 4 else { return nil }
        var amount = 0
        for byte in bytes where byte != UInt8(ascii: ".") {
            guard byte >= 0x30, byte <= 0x39 else { return nil }
            amount = amount * 10 + Int(byte - 0x30)
        }
        return amount
    }
}
