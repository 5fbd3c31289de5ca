/// Dates as spreadsheets count them: whole days since an epoch, the time as the fraction.
enum SpreadsheetDate {
    /// The epochs that a workbook can choose (ECMA-376 part 1, 18.17.4.1).
    enum Epoch: Sendable {
        /// Day 1 is 1900-01-01, and day 60 the 29 February that 1900 did not have.
        case year1900
        /// Day 0 is 1904-01-01.
        case year1904
    }

    /// The date in ISO 8601, its time dropped, or nil where the number is no day of the epoch (years up to 9999).
    ///
    /// Day 60 of the first epoch reads `1900-02-29`, as spreadsheets show it, which no later check takes for a date.
    static func iso8601(_ serial: Double, epoch: Epoch) -> String? {
        let day = serial.rounded(.down)
        guard day >= 0, day < 3_000_000 else { return nil }
        let number = Int(day)
        switch epoch {
        case .year1900:
            if number == 60 { return "1900-02-29" }
            guard number >= 1 else { return nil }
            // 1970-01-01 is day 25,569; before the day that never was, numbers are one less.
            return iso8601(dayNumber: number - 25_569 + (number < 60 ? 1 : 0))
        case .year1904:
            return iso8601(dayNumber: number - 24_107)
        }
    }

    /// The day in the 1900 epoch for days since 1970-01-01; nil before 1900-01-01 and after 9999-12-31.
    static func serial(dayNumber: Int) -> Int? {
        let serial = dayNumber + 25_569
        guard serial >= 2, dayNumber <= 2_932_896 else { return nil }
        return serial <= 60 ? serial - 1 : serial
    }

    /// The ISO 8601 date for days since 1970-01-01, or nil after 9999-12-31; Howard Hinnant's `civil_from_days`.
    static func iso8601(dayNumber: Int) -> String? {
        guard (-719_162...2_932_896).contains(dayNumber) else { return nil }
        let shifted = dayNumber + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted % 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * marchMonth + 2) / 5 + 1
        let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        let zero = UInt8(ascii: "0")
        func digit(_ number: Int) -> UInt8 { zero + UInt8(number % 10) }
        return String(
            decoding: [
                digit(year / 1000), digit(year / 100), digit(year / 10), digit(year), UInt8(ascii: "-"),
                digit(month / 10), digit(month), UInt8(ascii: "-"), digit(day / 10), digit(day),
            ], as: UTF8.self)
    }

    /// The date that an ISO 8601 date cell (`t="d"`) begins with, its time dropped, or nil where it begins with none.
    static func date(ofISO8601 text: String) -> String? {
        let bytes = Array(text.utf8.prefix(11))
        guard bytes.count >= 10, bytes.count == 10 || bytes[10] == UInt8(ascii: "T") else { return nil }
        for (index, byte) in bytes.prefix(10).enumerated() {
            let isRight =
                index == 4 || index == 7 ? byte == UInt8(ascii: "-") : SpreadsheetNumber.isDigit(byte)
            guard isRight else { return nil }
        }
        return String(decoding: bytes.prefix(10), as: UTF8.self)
    }

    /// Whether a built-in number format shows a date (ECMA-376 part 1, 18.8.30, with the East Asian ones).
    static func isDateFormat(builtIn id: Int) -> Bool {
        switch id {
        case 14...17, 22, 27...31, 34...36, 50...58: true
        default: false
        }
    }

    /// Whether a custom format code shows a date: a y or d that is not quoted, bracketed, escaped, nor the character
    /// whose width (`_`) or repetition (`*`) is meant.
    static func isDateFormat(code: String) -> Bool {
        var bytes = code.utf8.makeIterator()
        while let byte = bytes.next() {
            switch byte {
            case UInt8(ascii: "\""):
                while let quoted = bytes.next(), quoted != UInt8(ascii: "\"") {}
            case UInt8(ascii: "["):
                while let bracketed = bytes.next(), bracketed != UInt8(ascii: "]") {}
            case UInt8(ascii: "\\"), UInt8(ascii: "_"), UInt8(ascii: "*"):
                _ = bytes.next()
            case UInt8(ascii: "y"), UInt8(ascii: "Y"), UInt8(ascii: "d"), UInt8(ascii: "D"):
                return true
            default:
                break
            }
        }
        return false
    }
}
