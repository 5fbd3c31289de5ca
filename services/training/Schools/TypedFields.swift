import ServiceKit
import SocialDomain

/// Reads what was typed into a form, or came in a body or a row, and keeps every fault that it meets.
struct TypedFields {
    /// The text of a field; nil where nothing stands there.
    let value: (String) -> String?
    private(set) var faults: [FieldFault] = []

    init(_ value: @escaping (String) -> String?) {
        self.value = value
    }

    mutating func fault(_ field: String, _ zh: String, _ en: String) {
        fault(field, LocalizedText(zh: zh, en: en))
    }

    mutating func fault(_ field: String, _ message: LocalizedText) {
        faults.append(FieldFault(field: field, message: message))
    }

    mutating func text(_ field: String, most: Int = 100, isNeeded: Bool = false, hasLines: Bool = false) -> String {
        let typed = value(field) ?? ""
        let text = hasLines ? typed.replacing("\r\n", with: "\n").replacing("\t", with: " ") : typed
        if text.isEmpty {
            if isNeeded { fault(field, "请填写这一项。", "Fill this in.") }
        } else if text.count > most {
            fault(field, "最多 \(most) 个字。", "At most \(most) characters.")
        } else if text.unicodeScalars.contains(where: { scalar in
            scalar.properties.generalCategory == .control && !(hasLines && scalar == "\n")
        }) {
            fault(field, "有不可见的控制字符，请去掉。", "It holds control characters: take them out.")
        }
        return text
    }

    mutating func number(_ field: String, in range: ClosedRange<Int64>) -> Int64? {
        guard let text = value(field) else {
            fault(field, "请填写这一项。", "Fill this in.")
            return nil
        }
        guard let number = Int64(TextForm.folded(text)), range.contains(number) else {
            fault(
                field, "应为 \(range.lowerBound) 到 \(range.upperBound) 的整数。",
                "A whole number from \(range.lowerBound) to \(range.upperBound).")
            return nil
        }
        return number
    }

    /// Nil where nothing was typed, and where it is no day.
    mutating func day(_ field: String, isNeeded: Bool = false) -> CalendarDate? {
        guard let text = value(field) else {
            if isNeeded { fault(field, CalendarDateFault.empty.explanation) }
            return nil
        }
        do throws(CalendarDateFault) {
            return try CalendarDate(parsing: text)
        } catch {
            fault(field, error.explanation)
            return nil
        }
    }

    mutating func money(_ field: String) -> Money? {
        do throws(MoneyFault) {
            return try Money(parsing: value(field) ?? "")
        } catch {
            fault(field, error.explanation)
            return nil
        }
    }

    /// Minutes since midnight; `24:00` ends a day.
    mutating func minute(_ field: String) -> Int64? {
        let parts = TextForm.folded(value(field) ?? "").split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, (1...2).contains(parts[0].count), parts[1].count == 2, let hour = Int64(parts[0]),
            let minute = Int64(parts[1]), (0...24).contains(hour), (0..<60).contains(minute),
            hour * 60 + minute <= 24 * 60
        else {
            fault(field, "时间请写成 09:00。", "Write the time as 09:00.")
            return nil
        }
        return hour * 60 + minute
    }

    mutating func choice<Choice: RawRepresentable>(_ field: String, _ type: Choice.Type) -> Choice?
    where Choice.RawValue == String {
        guard let choice = value(field).flatMap(Choice.init(rawValue:)) else {
            fault(field, "请从列出的选项中选一个。", "Choose one of those listed.")
            return nil
        }
        return choice
    }

    func isTicked(_ field: String) -> Bool {
        ["yes", "true", "1", "是"].contains(value(field) ?? "")
    }

    /// Latitude and longitude go together, or both are left out.
    mutating func point() -> MapPoint? {
        let (north, east) = (value("latitude"), value("longitude"))
        if north == nil, east == nil { return nil }
        guard let point = MapPoint(latitude: north ?? "", longitude: east ?? "") else {
            fault(
                "latitude", "纬度和经度要一起填，例如 42.257 和 118.966。",
                "Give latitude and longitude together, such as 42.257 and 118.966.")
            return nil
        }
        return point
    }

    mutating func division(_ field: String = "division") -> DivisionCode? {
        guard let code = value(field).flatMap({ DivisionCode($0) }), [6, 9, 12].contains(code.prefix.utf8.count) else {
            fault(field, "请选择区划：旗县、乡镇或村。", "Choose a county, a township or a village.")
            return nil
        }
        return code
    }

    mutating func phone(_ field: String = "phone") -> String {
        let phone = TextForm.folded(text(field, most: 40))
        if !phone.allSatisfy({ $0.isASCII && ($0.isNumber || " +-()".contains($0)) }) {
            fault(field, "电话只能有数字和 + - ( )。", "A phone number holds digits and + - ( ) only.")
        }
        return phone
    }
}
