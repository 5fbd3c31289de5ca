import ServiceKit
import SocialDomain
import Storage

/// A member of a household for whom training is asked: without work, of working age, in a low-income household.
struct TrainingNeed: Hashable, Sendable {
    static let eventType = "cn.minsheng.aid.training-needed"
    /// The findings that ask by themselves: 近期失业, the person's latest employment record of the last six months says 失业.
    static let indicators = ["S05"]
    /// 劳动法 art. 15 forbids work below 16; 60 is the age of the indicator's own rule.
    static let ages = 16..<60

    let person: String
    let household: String
    let division: String
    let birthYear: Int
    let sex: String?

    /// What training is told: neither a name nor an identity number.
    private struct Body: Encodable {
        let household: String
        let division: String
        let birthYear: Int
        let sex: String?
    }

    var event: OutgoingEvent {
        get throws {
            try OutgoingEvent(
                Self.eventType, subject: person,
                data: Body(household: household, division: division, birthYear: birthYear, sex: sex))
        }
    }
}

/// Why training is not asked for a person.
enum TrainingRefusal: ExplainedFault, Hashable {
    case notConnected
    case notInHousehold
    case notLowIncome
    case ageUnknown
    case age(Int)
    case askedAlready(on: CalendarDate)

    var explanation: LocalizedText {
        switch self {
        case .notConnected:
            LocalizedText(
                zh: "还没有连接职业技能培训服务，请联系系统管理员。",
                en: "the training service is not connected: ask the operator")
        case .notInHousehold:
            LocalizedText(zh: "这一户没有这名成员，请刷新页面。", en: "the household has no such member: reload the page")
        case .notLowIncome:
            LocalizedText(
                zh: "这一户只是监测对象，不属于低收入家庭，不能请求培训。",
                en: "the household is only watched and not a low-income household")
        case .ageUnknown:
            LocalizedText(
                zh: "名册里没有这名成员的出生日期，请先补正。", en: "the register has no birth date of this member: correct it first")
        case .age(let age):
            LocalizedText(
                zh: "这名成员 \(age) 岁，不在 16 至 59 岁的劳动年龄内。", en: "this member is \(age), not of working age (16 to 59)")
        case .askedAlready(let day):
            LocalizedText(
                zh: "\(day.chinese)已经为这名成员请求过培训。", en: "training was asked for this member on \(day) already")
        }
    }
}
