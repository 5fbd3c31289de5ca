import SocialDomain

/// Whom another service asks about, and for what.
package struct PersonReference: APIParameters, Hashable {
    package let person: String
    /// `training`: to make an offer of a training place to a person for whom aid asked for one.
    package let purpose: String

    package init(person: String, purpose: String) {
        self.person = person
        self.purpose = purpose
    }

    package static let parameters: [Parameter] = [
        .path("person", .text("人员编号", "The person's id", from: 1, to: 100, example: "P0000003")),
        Parameter(
            "purpose", in: .query, .choice(["training"], "用途", "What it is needed for"), isRequired: true),
    ]
}

/// Who a person is, for the one purpose that was named.
package struct PersonRecord: APIBody, Hashable {
    package let person: String
    package let household: String
    package let division: String
    /// `urban` or `rural`, where the register says so.
    package let settlement: String?
    package let name: String
    package let idNumber: String
    /// Whether the household is in aid, and not only watched.
    package let isLowIncome: Bool

    package init(
        person: String, household: String, division: String, settlement: String?, name: String, idNumber: String,
        isLowIncome: Bool
    ) {
        self.person = person
        self.household = household
        self.division = division
        self.settlement = settlement
        self.name = name
        self.idNumber = idNumber
        self.isLowIncome = isLowIncome
    }

    package static let schema = Schema.object(
        "PersonRecord", "一个人的身份", "Who a person is",
        [
            .init("person", .text("人员编号", "The person's id", to: 100)),
            .init("household", .text("家庭编号", "The household's number", to: 100)),
            .init("division", .text("区划代码", "The division's code", to: 50)),
            .optional("settlement", .text("城镇或农村牧区", "urban or rural", to: 50)),
            .init("name", .text("姓名", "The name", to: 200)),
            .init("idNumber", .text("身份证号", "The identity number", from: 18, to: 18)),
            .init("isLowIncome", .boolean("是否低收入家庭成员", "Belongs to a low-income household")),
        ])
}
