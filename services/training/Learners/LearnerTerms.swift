import SocialDomain

/// Where a person's household is registered, as the bureau's half-year table counts.
enum Residence: String, CaseIterable, Codable, Sendable {
    case urban
    case rural

    var title: LocalizedText {
        switch self {
        case .urban: LocalizedText(zh: "城镇", en: "Urban")
        case .rural: LocalizedText(zh: "农村牧区", en: "Rural")
        }
    }
}

/// The groups whose training is paid for (补贴性培训对象).
enum LearnerGroup: String, CaseIterable, Codable, Sendable {
    case lowIncome = "low-income"
    case ruralTransfer = "rural-transfer"
    case unemployed
    case graduate
    case veteran
    case disabled
    case hardToEmploy = "hard-to-employ"
    case entrepreneur

    var title: LocalizedText {
        switch self {
        case .lowIncome: LocalizedText(zh: "低收入家庭成员", en: "Member of a low-income household")
        case .ruralTransfer: LocalizedText(zh: "农村转移就业劳动者", en: "Rural worker who takes up other work")
        case .unemployed: LocalizedText(zh: "城镇登记失业人员", en: "Registered unemployed")
        case .graduate: LocalizedText(zh: "毕业年度高校毕业生", en: "Graduate of this year")
        case .veteran: LocalizedText(zh: "退役军人", en: "Veteran")
        case .disabled: LocalizedText(zh: "残疾人", en: "Person with a disability")
        case .hardToEmploy: LocalizedText(zh: "就业困难人员", en: "Person hard to employ")
        case .entrepreneur: LocalizedText(zh: "创业者", en: "Founder of a business")
        }
    }
}

/// What a person wants to do after the training.
enum WorkWish: String, CaseIterable, Codable, Sendable {
    case any
    /// 外出就业: building, machinery, repair, domestic service, elderly care, catering, security, logistics.
    case leaving
    /// 就近就业: manufacture, services, rural industries, tourism, live-stream sales, courier.
    case staying

    var title: LocalizedText {
        switch self {
        case .any: LocalizedText(zh: "都可以", en: "Either")
        case .leaving: LocalizedText(zh: "外出就业", en: "Leave for work")
        case .staying: LocalizedText(zh: "就近就业", en: "Stay and work nearby")
        }
    }
}

enum Schooling: String, CaseIterable, Codable, Sendable {
    case unknown
    case primary
    case junior
    case senior
    case vocational
    case college
    case bachelor

    var title: LocalizedText {
        switch self {
        case .unknown: LocalizedText(zh: "未填", en: "Not given")
        case .primary: LocalizedText(zh: "小学及以下", en: "Primary or none")
        case .junior: LocalizedText(zh: "初中", en: "Junior secondary")
        case .senior: LocalizedText(zh: "高中", en: "Senior secondary")
        case .vocational: LocalizedText(zh: "中职、技校", en: "Vocational secondary")
        case .college: LocalizedText(zh: "大专", en: "College")
        case .bachelor: LocalizedText(zh: "本科及以上", en: "Bachelor or above")
        }
    }
}

/// The level that a program leads to (职业技能等级).
enum SkillLevel: Int64, CaseIterable, Codable, Sendable {
    /// 专项职业能力, or a course without a level.
    case special = 0
    case chiefTechnician = 1
    case technician = 2
    case senior = 3
    case intermediate = 4
    case junior = 5

    var title: LocalizedText {
        switch self {
        case .special: LocalizedText(zh: "专项职业能力", en: "Specific ability")
        case .chiefTechnician: LocalizedText(zh: "一级/高级技师", en: "Level 1, chief technician")
        case .technician: LocalizedText(zh: "二级/技师", en: "Level 2, technician")
        case .senior: LocalizedText(zh: "三级/高级工", en: "Level 3, senior")
        case .intermediate: LocalizedText(zh: "四级/中级工", en: "Level 4, intermediate")
        case .junior: LocalizedText(zh: "五级/初级工", en: "Level 5, junior")
        }
    }
}
