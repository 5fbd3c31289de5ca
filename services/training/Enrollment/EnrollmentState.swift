import SocialDomain

/// Where a person stands with a class.
enum EnrollmentState: String, CaseIterable, Codable, Sendable {
    /// Awaits the school's approval, or the lottery.
    case applied
    case waiting
    /// A seat is held until a moment.
    case offered
    case seated
    case refused
    case withdrawn
    case transferred
    /// The class ended and the person attended to its end.
    case completed
    case dropped

    /// Takes one of the class's seats.
    var holdsSeat: Bool { self == .offered || self == .seated }

    var title: LocalizedText {
        switch self {
        case .applied: LocalizedText(zh: "待审核", en: "Awaits approval")
        case .waiting: LocalizedText(zh: "候补", en: "On the waiting list")
        case .offered: LocalizedText(zh: "待确认", en: "Seat offered")
        case .seated: LocalizedText(zh: "已录取", en: "Has a seat")
        case .refused: LocalizedText(zh: "未录取", en: "Refused")
        case .withdrawn: LocalizedText(zh: "已退出", en: "Withdrawn")
        case .transferred: LocalizedText(zh: "已转班", en: "Moved to another class")
        case .completed: LocalizedText(zh: "已结业", en: "Completed")
        case .dropped: LocalizedText(zh: "中途离开", en: "Dropped out")
        }
    }
}
