package import SocialDomain

/// How figures and dates are written for people.
package enum Figures {
    /// `1,234,567`
    package static func grouped(_ number: Int) -> String {
        let digits = String(number.magnitude)
        var text = ""
        for (offset, digit) in digits.enumerated() {
            if offset > 0, (digits.count - offset) % 3 == 0 { text.append(",") }
            text.append(digit)
        }
        return number < 0 ? "−" + text : text
    }

    /// `42,000.50`, and `30,000` where nothing stands behind the point.
    package static func amount(_ number: Double) -> String {
        let hundredths = (number * 100).rounded()
        guard hundredths.isFinite, hundredths.magnitude < 9e15 else { return "\(number)" }
        let whole = Int(hundredths)
        let (units, rest) = (whole.magnitude / 100, whole.magnitude % 100)
        let sign = whole < 0 ? "−" : ""
        let fraction = rest == 0 ? "" : "." + (rest < 10 ? "0\(rest)" : "\(rest)")
        return sign + grouped(Int(units)) + fraction
    }

    /// `12%`, `<1%` and `>99%` at the ends, so that a part is never shown as none or as all.
    package static func share(_ part: Int, of whole: Int) -> String {
        guard whole > 0 else { return "–" }
        if part == 0 { return "0%" }
        if part == whole { return "100%" }
        let percent = (Double(part) * 100 / Double(whole)).rounded()
        if percent < 1 { return "<1%" }
        if percent > 99, part < whole { return ">99%" }
        return "\(Int(percent))%"
    }

    /// `2026年6月30日`, `30 June 2026`; what is no ISO date stays as it is.
    package static func date(_ iso8601: String, in language: Language) -> String {
        guard let date = CalendarDate(iso8601: iso8601.prefix(10)) else { return iso8601 }
        return self.date(date, in: language)
    }

    package static func date(_ date: CalendarDate, in language: Language) -> String {
        switch language {
        case .zh: date.chinese
        case .en: "\(date.day) \(months[date.month - 1]) \(date.year)"
        }
    }

    /// A moment in ISO 8601, to the minute: `2026年6月30日 14:05`. What is in UTC (`Z`) is told in Beijing time, which all
    /// of China keeps (UTC+8, without summer time); another offset stays as it was written.
    package static func moment(_ iso8601: String, in language: Language) -> String {
        let bytes = Array(iso8601.utf8)
        guard bytes.count >= 16, let date = CalendarDate(iso8601: iso8601.prefix(10)),
            let hour = Int(iso8601.dropFirst(11).prefix(2))
        else { return date(iso8601, in: language) }
        let minute = iso8601.dropFirst(14).prefix(2)
        let local = iso8601.hasSuffix("Z") ? hour + 8 : hour
        let day = self.date(local < 24 ? date : date.adding(days: 1), in: language)
        return "\(day) \(local % 24 < 10 ? "0" : "")\(local % 24):\(minute)"
    }

    /// The day of a moment, in the same way.
    package static func day(_ iso8601: String, in language: Language) -> String {
        guard iso8601.utf8.count >= 16 else { return date(iso8601, in: language) }
        return String(moment(iso8601, in: language).dropLast(6))
    }

    /// `1.2 GB`, decimal multiples.
    package static func bytes(_ count: Int) -> String {
        var value = Double(count)
        var unit = 0
        while value >= 1000, unit < 4 {
            value /= 1000
            unit += 1
        }
        let name = ["B", "KB", "MB", "GB", "TB"][unit]
        let tenths = Int((value * 10).rounded())
        return unit == 0 || tenths >= 100 || tenths % 10 == 0
            ? "\(Int(value.rounded())) \(name)" : "\(tenths / 10).\(tenths % 10) \(name)"
    }
}

private let months = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
]
