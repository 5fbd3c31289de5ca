import SocialDomain
import Testing

@testable import AidService

@Suite struct RulesCheckTests {
    @Test func `a right file is summed up`() throws {
        let check = RulesCheck(yaml: RulesSample.yaml(), file: "rules.yaml", kinds: try RulesSample.kinds.get())

        #expect(check.isAccepted)
        #expect(check.text.en == "rules.yaml: version 1, parameters 1, facts 4, indicators 2, no faults")
        #expect(check.text.zh == "rules.yaml：版本 1，1 个参数，4 个事实，2 个指标，没有错误")
    }

    @Test func `a wrong file is told fault by fault in both languages`() throws {
        let yaml = RulesSample.yaml([14: "    when: spent > 1", 15: "    points: 0"])

        let check = RulesCheck(
            yaml: yaml.replacing("spent > 1", with: "spent == 1"), file: "rules.yaml",
            kinds: try RulesSample.kinds.get())

        #expect(!check.isAccepted)
        #expect(
            check.text.en == """
                rules.yaml:14:17: == does not take double and int; convert with double() or int()
                    when: spent == 1
                                ^
                rules.yaml:15:13: points has to be a whole number from 1
                    points: 0
                            ^
                """)
        #expect(
            check.text.zh.hasPrefix("rules.yaml:14:17: == 不能用于 double 与 int，可用 double() 或 int() 转换\n"))
    }

    @Test func `the rules that the service brings along are right`() throws {
        let yaml = try RulesSample.repositoryFile("../services/aid/Resources/rules.yaml")

        #expect(
            RulesCheck(yaml: yaml, file: "rules.yaml", kinds: try RulesSample.kinds.get()).text.en.hasSuffix(
                "no faults"))
    }
}
