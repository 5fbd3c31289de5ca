import ServiceKit
import SocialDomain

/// How the facts of the shipped rules are said; `{n}` is the figure.
///
/// A bureau's own fact is said by its definition (`PublishedRules.Fact.wording`) or, where the rules no longer know it,
/// by its name.
struct FactPhrase: Sendable {
    let text: LocalizedText
    /// Said instead where the figure is 0.
    var none: LocalizedText?
    let unit: LocalizedText
    var isMoney: Bool { unit == yuan }

    private static func money(_ zh: String, _ en: String) -> FactPhrase {
        FactPhrase(text: LocalizedText(zh: zh, en: en), unit: yuan)
    }

    private static func count(
        _ zh: String, _ en: String, unit: (String, String), none: (String, String)? = nil
    ) -> FactPhrase {
        FactPhrase(
            text: LocalizedText(zh: zh, en: en), none: none.map { LocalizedText(zh: $0.0, en: $0.1) },
            unit: LocalizedText(zh: unit.0, en: unit.1))
    }

    static let shipped: [String: FactPhrase] = [
        "medicalSelfPaid": money("近12个月个人负担医疗费 {n} 元", "medical costs borne in the last 12 months {n} yuan"),
        "tuition": money("近12个月学费 {n} 元", "tuition in the last 12 months {n} yuan"),
        "accidentLoss": money("近12个月事故损失 {n} 元", "accident losses in the last 12 months {n} yuan"),
        "wages": money("在业人员最近月工资合计 {n} 元", "latest monthly wages together {n} yuan"),
        "vehicleValue": money("名下车辆最高购置价格 {n} 元", "dearest registered vehicle bought for {n} yuan"),
        "vehiclePrice": money("名下车辆最高购置价格 {n} 元", "dearest registered vehicle bought for {n} yuan"),
        "severelyDisabled": count(
            "持有重度残疾证（{n} 条记录）", "holds a certificate of severe disability ({n} on record)", unit: ("条", "on record")),
        "disabledPersons": count("家中有 {n} 名残疾人", "disabled members of the household: {n}", unit: ("名", "persons")),
        "jobLoss": count(
            "近6个月登记失业（{n} 条记录）", "registered as unemployed in the last 6 months ({n} on record)",
            unit: ("条", "on record")),
        "majorAccidents": count(
            "近12个月发生重大事故 {n} 起", "major accidents in the last 12 months: {n}", unit: ("起", "accidents")),
        "headDeaths": count(
            "近12个月户主死亡（{n} 条登记）", "death of the head registered in the last 12 months ({n} on record)",
            unit: ("条", "on record")),
        "deathRows": count(
            "有死亡登记 {n} 条，仍在保障名单", "death registered ({n} on record), still on the list", unit: ("条", "on record")),
        "higherEducation": count(
            "在读大专及以上（{n} 条学籍记录）", "enrolled in higher education ({n} on record)", unit: ("条", "on record")),
        "reliefRows": count(
            "近12个月领取救助 {n} 次", "relief payments in the last 12 months: {n}", unit: ("次", "payments"),
            none: ("近12个月没有救助发放记录", "no relief paid in the last 12 months")),
        "homes": count("名下住宅 {n} 套", "homes owned: {n}", unit: ("套", "homes")),
        "companyRoles": count(
            "担任注册资本10万元以上企业的法定代表人（{n} 家）",
            "legal representative of companies with 100,000 yuan of capital or more: {n}",
            unit: ("家", "companies")),
        "legalRep": count(
            "担任注册资本10万元以上企业的法定代表人（{n} 家）",
            "legal representative of companies with 100,000 yuan of capital or more: {n}",
            unit: ("家", "companies")),
        "medicalBills": count("近12个月医疗结算 {n} 笔", "medical bills in the last 12 months: {n}", unit: ("笔", "bills")),
        "children": count("16岁以下子女 {n} 名", "children under 16: {n}", unit: ("名", "children")),
    ]
}

private let yuan = LocalizedText(zh: "元", en: "yuan")
