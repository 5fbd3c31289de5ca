import SocialDomain

/// The form of a text that is more than characters; named in the API document, checked on the way in.
package enum TextFormat: String, Hashable, Sendable, CaseIterable {
    /// `2026-06-30`.
    case date
    /// ISO 8601 with its zone, `2026-06-30T08:00:00Z`.
    case moment
    /// Yuan with two digits after the point, `12000.00`.
    case money
    /// A division's code of 2, 4, 6, 9 or 12 digits, `150402`.
    case division
    /// A day in any of the forms that people write: `2026-6-30`, `2026年6月30日`.
    case writtenDate
    /// The name of a file, without folders.
    case fileName

    package var pattern: String? {
        switch self {
        case .date: "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"
        case .moment: nil
        case .money: "^-?[0-9]{1,13}\\.[0-9]{2}$"
        case .division: "^([0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{12})$"
        case .writtenDate: nil
        case .fileName: "^[^/\\\\\\x00-\\x1F\\x7F]+$"
        }
    }

    /// The name under which JSON Schema knows it, if it does.
    var standardName: String? {
        switch self {
        case .date: "date"
        case .moment: "date-time"
        default: nil
        }
    }

    func accepts(_ text: String) -> Bool {
        switch self {
        case .date: CalendarDate(iso8601: text) != nil
        case .moment: Self.isMoment(text)
        case .money: Self.isMoney(text)
        case .division: DivisionCode(prefix: text) != nil
        case .writtenDate: (try? CalendarDate(parsing: text)) != nil
        case .fileName:
            !text.isEmpty
                && !text.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F || $0 == "/" || $0 == "\\" }
        }
    }

    var hint: LocalizedText {
        switch self {
        case .date:
            LocalizedText(zh: "应为存在的日期，写作 2026-06-30。", en: "must be a day that exists, written 2026-06-30.")
        case .moment:
            LocalizedText(
                zh: "应为带时区的时间，写作 2026-06-30T08:00:00Z。", en: "must be a moment, written 2026-06-30T08:00:00Z.")
        case .money:
            LocalizedText(zh: "应为金额（元），两位小数，写作 12000.00。", en: "must be yuan with two decimals, 12000.00.")
        case .division:
            LocalizedText(zh: "应为 2、4、6、9 或 12 位区划代码，如 150402。", en: "must be a division's code, such as 150402.")
        case .writtenDate:
            LocalizedText(zh: "应为存在的日期，如 2026-06-30。", en: "must be a day that exists, such as 2026-06-30.")
        case .fileName: LocalizedText(zh: "应为文件名，不含文件夹。", en: "must be a file's name without folders.")
        }
    }

    private static func isMoment(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard bytes.count >= 20, CalendarDate(iso8601: text.prefix(10)) != nil, bytes[10] == UInt8(ascii: "T"),
            bytes[13] == UInt8(ascii: ":"), bytes[16] == UInt8(ascii: ":"),
            let hour = Int(text.dropFirst(11).prefix(2)), let minute = Int(text.dropFirst(14).prefix(2)),
            let second = Int(text.dropFirst(17).prefix(2))
        else { return false }
        return (0..<24).contains(hour) && (0..<60).contains(minute) && (0...60).contains(second)
            && (bytes.last == UInt8(ascii: "Z") || text.dropFirst(19).contains { $0 == "+" || $0 == "-" })
    }

    private static func isMoney(_ text: String) -> Bool {
        let parts = text.drop { $0 == "-" }.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 2 && (1...13).contains(parts[0].utf8.count) && parts[1].utf8.count == 2
            && parts.allSatisfy { $0.utf8.allSatisfy { (0x30...0x39).contains($0) } } && !text.hasPrefix("--")
    }
}
