import SocialDomain

/// Why an application came to nothing.
enum RefusalReason: String, CaseIterable, Codable, Sendable {
    case skills
    case distance
    case pay
    case schedule
    case healthRequirement = "health-requirement"
    case filled
    case noShow = "no-show"
    case withdrawnByEmployer = "withdrawn-by-employer"
    case other

    var title: LocalizedText {
        switch self {
        case .skills: LocalizedText(zh: "技能不符合岗位要求", en: "Skills do not fit")
        case .distance: LocalizedText(zh: "路途太远", en: "Too far away")
        case .pay: LocalizedText(zh: "工资没有谈拢", en: "No agreement on pay")
        case .schedule: LocalizedText(zh: "上班时间不合适", en: "Working hours do not fit")
        case .healthRequirement: LocalizedText(zh: "未达到岗位健康要求", en: "Health requirement not met")
        case .filled: LocalizedText(zh: "岗位已招满", en: "All places are filled")
        case .noShow: LocalizedText(zh: "未到面试", en: "Did not come to the interview")
        case .withdrawnByEmployer: LocalizedText(zh: "用人单位撤回招聘", en: "The employer withdrew the vacancy")
        case .other: LocalizedText(zh: "其他原因", en: "Another reason")
        }
    }
}

/// Where an application for a vacancy stands.
enum ApplicationState: String, CaseIterable, Codable, Sendable {
    case sent
    case interview
    case accepted
    case refused
    case withdrawn

    var isOpen: Bool { self == .sent || self == .interview }

    var title: LocalizedText {
        switch self {
        case .sent: LocalizedText(zh: "已投递", en: "Sent")
        case .interview: LocalizedText(zh: "待面试", en: "Interview")
        case .accepted: LocalizedText(zh: "已录用", en: "Accepted")
        case .refused: LocalizedText(zh: "未录用", en: "Refused")
        case .withdrawn: LocalizedText(zh: "已撤回", en: "Withdrawn")
        }
    }
}

/// What a visit or call found 3, 6 or 12 months after the start.
enum RetentionOutcome: String, CaseIterable, Codable, Sendable {
    case working
    case changed
    case left
    case unreachable

    var title: LocalizedText {
        switch self {
        case .working: LocalizedText(zh: "仍在岗", en: "Still at work there")
        case .changed: LocalizedText(zh: "换了单位，仍就业", en: "At work elsewhere")
        case .left: LocalizedText(zh: "已离职", en: "Left work")
        case .unreachable: LocalizedText(zh: "联系不上", en: "Could not be reached")
        }
    }

    /// In work, whoever the employer is.
    var isRetained: Bool { self == .working || self == .changed }
}

/// Why somebody left a job.
enum LeavingReason: String, CaseIterable, Codable, Sendable {
    case pay
    case distance
    case family
    case health
    case conditions
    case dismissed
    case businessClosed = "business-closed"
    case furtherTraining = "further-training"

    var title: LocalizedText {
        switch self {
        case .pay: LocalizedText(zh: "收入低", en: "Pay too low")
        case .distance: LocalizedText(zh: "离家远", en: "Too far from home")
        case .family: LocalizedText(zh: "照顾家庭", en: "Family needs care")
        case .health: LocalizedText(zh: "身体原因", en: "Health")
        case .conditions: LocalizedText(zh: "工作条件不合适", en: "Working conditions")
        case .dismissed: LocalizedText(zh: "被辞退", en: "Dismissed")
        case .businessClosed: LocalizedText(zh: "单位或生意停办", en: "The business closed")
        case .furtherTraining: LocalizedText(zh: "升学或再培训", en: "School or further training")
        }
    }
}

/// The follow-up of a placement (稳岗回访).
enum RetentionCheck {
    /// Months after the start in which it falls due.
    static let months = [3, 6, 12]
}
