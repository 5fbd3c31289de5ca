import SocialDomain

/// Everything that an item's page says: the standard elements of a government service item (政务服务事项).
///
/// Conditions, materials and steps may hold for some variants (new, change, renew, lost) or channels (online, window,
/// post) only; where they name none they hold for all.
struct ItemContent: Codable, Hashable, Sendable {
    struct Fee: Codable, Hashable, Sendable {
        /// Yuan, `0.00` where it is free.
        var amount: String
        var note: String
    }

    struct Place: Codable, Hashable, Sendable {
        var name: String
        var address: String
        var window: String
        var hours: String
        var phone: String
    }

    struct LegalBasis: Codable, Hashable, Sendable {
        var title: String
        var article: String
    }

    struct Variant: Codable, Hashable, Sendable {
        var id: String
        var name: String
    }

    struct Condition: Codable, Hashable, Sendable, Applicable {
        var text: String
        var variants: [String]?
        var channels: [String]?
    }

    struct Material: Codable, Hashable, Sendable, Applicable {
        var name: String
        var originals: Int
        var copies: Int
        /// Where it comes from: 申请人自备, 政府部门核发, 网上下载填写, 现场填写, 数据共享免交.
        var source: String
        var isRequired: Bool
        var note: String?
        /// Why it need not be brought.
        var waiver: String?
        var variants: [String]?
        var channels: [String]?
    }

    struct Step: Codable, Hashable, Sendable, Applicable {
        var name: String
        var text: String
        var time: String?
        var variants: [String]?
        var channels: [String]?
    }

    struct Question: Codable, Hashable, Sendable {
        var question: String
        var answer: String
    }

    /// 实施编码 and 基本编码.
    var code: String
    var baseCode: String
    /// The department's id.
    var department: String
    var name: String
    /// What people say.
    var plainName: String
    var aliases: [String]
    /// 行政许可, 行政给付, 公共服务…
    var kind: String
    var level: String
    /// 自然人, 企业法人…
    var audience: [String]
    var themes: [String]
    var isFrequent: Bool
    /// Made up for the demonstration, and to be looked through before it is used.
    var isSample: Bool
    var summary: String
    /// Working days unless the law says otherwise; nil where none is set.
    var statutoryDays: Int?
    var promisedDays: Int?
    /// How often one has to come.
    var visits: Int?
    var fee: Fee
    var places: [Place]
    var consultPhone: String
    var complaintPhone: String
    var legalBasis: [LegalBasis]
    var results: [String]
    var channels: [String]
    var variants: [Variant]
    var conditions: [Condition]
    var materials: [Material]
    var steps: [Step]
    var questions: [Question]
    /// The address of a film with captions.
    var video: String?
}

/// What may hold for some variants or channels only.
protocol Applicable {
    var variants: [String]? { get }
    var channels: [String]? { get }
}

extension Applicable {
    func applies(variant: String?, channel: String?) -> Bool {
        let fitsVariant = variant.map { variants?.contains($0) ?? true } ?? true
        let fitsChannel = channel.map { channels?.contains($0) ?? true } ?? true
        return fitsVariant && fitsChannel
    }
}

extension ItemContent {
    static let allChannels = ["online", "window", "post"]

    /// An item of which only its name and code are known yet.
    static func bare(code: String, baseCode: String, name: String, department: String) -> ItemContent {
        ItemContent(
            code: code, baseCode: baseCode, department: department, name: name, plainName: "", aliases: [], kind: "",
            level: "", audience: [], themes: [], isFrequent: false, isSample: false, summary: "", statutoryDays: nil,
            promisedDays: nil, visits: nil, fee: Fee(amount: "", note: ""), places: [], consultPhone: "",
            complaintPhone: "", legalBasis: [], results: [], channels: [], variants: [], conditions: [], materials: [],
            steps: [], questions: [], video: nil)
    }
}
