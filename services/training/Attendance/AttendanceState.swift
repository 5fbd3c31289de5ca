import SocialDomain

/// What the list says of a learner in a session.
enum AttendanceState: String, CaseIterable, Codable, Sendable {
    case present
    case late
    case leave
    case absent
    /// The hours were made up at another time.
    case madeUp = "made-up"

    /// Its hours count.
    var counts: Bool { self == .present || self == .late || self == .madeUp }

    var title: LocalizedText {
        switch self {
        case .present: LocalizedText(zh: "到课", en: "Present")
        case .late: LocalizedText(zh: "迟到", en: "Late")
        case .leave: LocalizedText(zh: "请假", en: "On leave")
        case .absent: LocalizedText(zh: "缺勤", en: "Absent")
        case .madeUp: LocalizedText(zh: "已补课", en: "Made up")
        }
    }

    /// As a sheet has it: in either language, or the code itself.
    init?(written text: String) {
        let plain = TextForm.trimmed(TextForm.folded(text)).lowercased()
        let others: [String: AttendanceState] = [
            "出勤": .present, "√": .present, "到": .present, "旷课": .absent, "补课": .madeUp,
        ]
        guard
            let found = Self.allCases.first(where: {
                $0.rawValue == plain || $0.title.zh == plain || $0.title.en.lowercased() == plain
            }) ?? others[plain]
        else { return nil }
        self = found
    }
}

/// Minutes of the timetable, which count since 1970-01-01 00:00 in Beijing.
enum AttendanceMinutes {
    private static let offset: Int64 = 8 * 3600

    static func minute(_ second: Int64) -> Int64 { (second + offset) / 60 }
    static func second(_ minute: Int64) -> Int64 { minute * 60 - offset }
}
