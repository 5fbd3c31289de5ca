import SocialDomain

/// A rule that refuses a line of a sheet. They are asked in this order, and the first that refuses is named.
enum SubsidyRule: String, CaseIterable, Codable, Sendable {
    /// The program, or the living allowance, has no standard.
    case noStandard = "no-standard"
    case notInGroup = "not-in-group"
    case attendanceBelow80 = "attendance-below-80"
    case noCertificate = "no-certificate"
    case certificateRevoked = "certificate-revoked"
    case sameTradeAndLevel = "same-trade-and-level"
    case moreThanThreeThisYear = "more-than-three-this-year"
    case budgetUsedUp = "budget-used-up"

    var title: LocalizedText {
        switch self {
        case .noStandard: LocalizedText(zh: "没有补贴标准", en: "There is no standard to pay by")
        case .notInGroup: LocalizedText(zh: "不属于补贴对象", en: "In no group that is paid for")
        case .attendanceBelow80: LocalizedText(zh: "出勤不足 80%", en: "Attendance below 80 %")
        case .noCertificate: LocalizedText(zh: "没有本职业、本等级的证书", en: "No certificate for this trade and level")
        case .certificateRevoked: LocalizedText(zh: "证书已撤销", en: "The certificate was revoked")
        case .sameTradeAndLevel:
            LocalizedText(zh: "同一职业同一等级已补贴过", en: "Same trade and level paid before, at whatever school")
        case .moreThanThreeThisYear: LocalizedText(zh: "本年度已补贴三次", en: "Three subsidies in this calendar year already")
        case .budgetUsedUp: LocalizedText(zh: "预算已用完", en: "The budget is used up")
        }
    }
}

/// What a line pays for.
enum SubsidyKind: String, CaseIterable, Codable, Sendable {
    case training
    case living

    var title: LocalizedText {
        switch self {
        case .training: LocalizedText(zh: "培训补贴", en: "Training subsidy")
        case .living: LocalizedText(zh: "生活费补贴", en: "Living allowance")
        }
    }
}

/// Where a claim stands.
enum ClaimState: String, CaseIterable, Codable, Sendable {
    case draft
    case submitted
    case returned
    case refused
    /// 公示中
    case noticed
    case approved
    case paying
    case paid

    /// Its sheet may be handed in.
    var isOpen: Bool { self == .draft || self == .returned }

    var title: LocalizedText {
        switch self {
        case .draft: LocalizedText(zh: "草稿", en: "Draft")
        case .submitted: LocalizedText(zh: "待审核", en: "Awaits review")
        case .returned: LocalizedText(zh: "已退回", en: "Returned")
        case .refused: LocalizedText(zh: "不予补贴", en: "Refused")
        case .noticed: LocalizedText(zh: "公示", en: "Under public notice")
        case .approved: LocalizedText(zh: "已批准，待发放", en: "Approved, to be paid")
        case .paying: LocalizedText(zh: "发放中", en: "Being paid")
        case .paid: LocalizedText(zh: "已发放", en: "Paid")
        }
    }
}
