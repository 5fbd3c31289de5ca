import SocialDomain

package struct HouseholdReference: APIParameters, Hashable {
    package let household: String

    package init(household: String) {
        self.household = household
    }

    package static let parameters: [Parameter] = [
        .path("household", .text("家庭编号", "The household's number", from: 1, to: 100, example: "H0000003"))
    ]
}

/// What is searched for; it may be a name or a number, so it travels in a body.
package struct HouseholdSearch: APIBody, Hashable {
    package let query: String

    package init(query: String) {
        self.query = query
    }

    package static let schema = Schema.object(
        "HouseholdSearch", "查找什么", "What to look for",
        [.init("query", .text("姓名、身份证号或家庭编号", "A name, an identity number or a household's number", from: 1, to: 100))])
}

/// A household as a line of a list; of the people only the head's masked name.
package struct HouseholdLine: APIBody, Hashable {
    package let id: String
    package let head: String
    package let division: String
    package let category: String

    package init(id: String, head: String, division: String, category: String) {
        self.id = id
        self.head = head
        self.division = division
        self.category = category
    }

    package static let schema = Schema.object(
        "HouseholdLine", "一户", "A household as a line of a list",
        [
            .init("id", .text("家庭编号", "The household's number", to: 100)),
            .init("head", .text("户主姓名（已脱敏）", "The head's name, masked", to: 200)),
            .init("division", .text("区划代码", "The division's code", to: 50)),
            .init("category", .text("对象类别", "Why it is in the register", to: 100)),
        ])
}

/// One household, for whoever may see it; every look is recorded.
package struct HouseholdRecord: APIBody, Hashable {
    package let id: String
    package let division: String
    package let settlement: String?
    package let category: String?
    /// A month, in yuan.
    package let incomePerCapita: String?
    package let enrolledOn: String?
    /// False where an alert outlived the household's place in the register.
    package let isRegistered: Bool
    package let members: [Member]
    package let alerts: [AlertRecord]

    package init(
        id: String, division: String, settlement: String?, category: String?, incomePerCapita: String?,
        enrolledOn: String?, isRegistered: Bool, members: [Member], alerts: [AlertRecord]
    ) {
        self.id = id
        self.division = division
        self.settlement = settlement
        self.category = category
        self.incomePerCapita = incomePerCapita
        self.enrolledOn = enrolledOn
        self.isRegistered = isRegistered
        self.members = members
        self.alerts = alerts
    }

    package struct Member: APIBody, Hashable {
        package let id: String
        package let name: String
        /// `150402********0012`.
        package let idNumber: String?
        package let sex: String?
        package let birthDate: String?
        package let relation: String?

        package init(
            id: String, name: String, idNumber: String?, sex: String?, birthDate: String?, relation: String?
        ) {
            self.id = id
            self.name = name
            self.idNumber = idNumber
            self.sex = sex
            self.birthDate = birthDate
            self.relation = relation
        }

        package static let schema = Schema.object(
            "HouseholdMember", "家庭成员", "A member",
            [
                .init("id", .text("人员编号", "The person's id", to: 100)),
                .init("name", .text("姓名", "The name", to: 200)),
                .optional("idNumber", .text("身份证号（已脱敏）", "The identity number, masked", to: 18)),
                .optional("sex", .text("性别", "male or female", to: 20)),
                .optional("birthDate", .formatted(.date, "出生日期", "The day of birth")),
                .optional("relation", .text("与户主关系", "head, spouse, child, parent or other", to: 50)),
            ])
    }

    package static let schema = Schema.object(
        "Household", "一户的档案", "One household",
        [
            .init("id", .text("家庭编号", "The household's number", to: 100)),
            .init("division", .text("区划代码", "The division's code", to: 50)),
            .optional("settlement", .text("城镇或农村牧区", "urban or rural", to: 50)),
            .optional("category", .text("对象类别", "Why it is in the register", to: 100)),
            .optional("incomePerCapita", .formatted(.money, "人均月收入（元）", "Income a head and month, in yuan")),
            .optional("enrolledOn", .formatted(.date, "纳入日期", "In the register since")),
            .init("isRegistered", .boolean("是否仍在名册", "Whether it is still in the register")),
            .init("members", .list("家庭成员", "The members", of: Member.schema)),
            .init("alerts", .list("预警，未办结的在前", "The alerts, those not closed first", of: AlertRecord.schema)),
        ])
}
