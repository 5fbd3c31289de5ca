import SocialDomain
import Testing

@testable import AidService

struct SignalSentenceTests {
    private let rules: PublishedRules

    init() throws {
        rules = try PublishedRules(RuleFiles(folder: SampleData().folder).load().book)
    }

    private func sentence(
        _ indicator: String, _ facts: String, _ change: (inout SignalSentence.Subject) -> Void = { _ in }
    ) -> LocalizedText {
        var subject = SignalSentence.Subject(
            size: 2, incomePerCapita: 500, category: .dibao, settlement: .urban, division: "150402001002",
            monthsEnrolled: 30, name: "苏日娜", age: 76)
        change(&subject)
        return SignalSentence(rules: rules, subject: subject)
            .sentence(indicator: indicator, facts: SignalFacts(json: facts))
    }

    @Test func `a figure is told with the line that it reached`() {
        let text = sentence("S01", #"{"medicalSelfPaid":42000.5}"#)

        #expect(text.zh == "近12个月个人负担医疗费 42,000.50 元，达到 30,000 元。")
        #expect(text.en == "Medical costs borne in the last 12 months 42,000.50 yuan, at or above 30,000 yuan.")
    }

    @Test func `a sum is told with its parts`() {
        let text = sentence("S02", #"{"medicalSelfPaid":42000.5,"tuition":6000.0}"#)

        #expect(
            text.zh == "类别为低保；城镇户；近12个月个人负担医疗费 42,000.50 元、近12个月学费 6,000 元、合计 48,000.50 元，达到 30,000 元。")
    }

    @Test func `a person's signal names the person`() {
        let text = sentence("S03", #"{"severelyDisabled":1}"#)

        #expect(text.zh == "苏日娜：持有重度残疾证（1 条记录）。")
        #expect(text.en == "苏日娜: holds a certificate of severe disability (1 on record).")
    }

    @Test func `a signal without facts is told by the register`() {
        let text = sentence("S09", "{}") { $0.size = 1 }

        #expect(text.zh == "苏日娜：家中仅一人；现年 76 岁。")
    }

    @Test func `a line drawn from income is worked out for the household`() {
        let text = sentence("S10", #"{"accidentLoss":0.0,"medicalSelfPaid":88200.35,"tuition":6200.0}"#)

        #expect(
            text.zh == "近12个月个人负担医疗费 88,200.35 元、近12个月学费 6,200 元、合计 94,400.35 元，"
                + "超过 32,000 元（按家庭年收入计算的线）。")
    }

    @Test func `wages are told a member, against the local standard`() {
        let text = sentence("R05", #"{"wages":5198.0}"#)

        #expect(text.zh == "在业人员最近月工资合计 5,198 元、人均 2,599 元，超过 1,275 元（按当地低保标准计算的线）。")
    }

    @Test func `nothing received is said in words`() {
        let text = sentence("S11", #"{"reliefRows":0}"#)

        #expect(text.zh == "近12个月没有救助发放记录；已纳入 30 个月。")
    }

    @Test func `a fact of the bureau's own falls back to its name and the rule`() {
        let own = PublishedRules(
            version: "1", feeds: [], parameters: [], facts: [],
            indicators: [
                .init(
                    id: "X1", title: LocalizedText(zh: "自定", en: "Own"), direction: "support", scope: "household",
                    expression: "herd > 3 || pasture < 10", points: 20)
            ], tiers: [])

        let text = SignalSentence(rules: own, subject: .init())
            .sentence(indicator: "X1", facts: SignalFacts(json: #"{"herd":5,"pasture":20}"#))

        #expect(text.zh == "herd：5；pasture：20（规则：herd > 3 || pasture < 10）。")
        #expect(text.en == "Herd: 5; pasture: 20 (rule: herd > 3 || pasture < 10).")
    }

    @Test func `an indicator that the rules no longer have still shows its figures`() {
        #expect(sentence("Z9", #"{"homes":2}"#).zh == "名下住宅 2 套。")
    }

    @Test func `whole numbers, decimals and absent values are told apart`() {
        let facts = SignalFacts(json: #"{"a":0,"b":42000.0,"c":null}"#)

        #expect(facts["a"] == .whole(0) && facts["b"] == .decimal(42000) && facts["c"] == .absent)
    }
}
