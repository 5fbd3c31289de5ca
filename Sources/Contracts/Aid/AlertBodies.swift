import SocialDomain

package struct AlertReference: APIParameters, Hashable {
    package let alert: Int64

    package init(alert: Int64) {
        self.alert = alert
    }

    package static let parameters: [Parameter] = [
        .path("alert", .integer("预警编号", "The alert's number", from: 1, example: 1))
    ]
}

package struct AlertListParameters: APIParameters, Hashable {
    package var direction: String?
    package var tier: String?
    package var division: String?
    package var indicator: String?
    package var state: String?
    package var sort: String?
    package var limit: Int?
    package var cursor: String?

    package init() {}

    package static let parameters: [Parameter] = [
        .query("direction", .choice(["support", "review"], "帮扶或复核", "Who may need help, or may no longer qualify")),
        .query("tier", .choice(["red", "orange", "yellow"], "等级", "The tier")),
        .query("division", .formatted(.division, "区划", "Within this division")),
        .query("indicator", .text("指标编号", "Raised by this indicator", from: 1, to: 100)),
        .query("state", .choice(["open", "cleared", "closed"], "状态，缺省为未办结", "The state; open unless it is given")),
        .query("sort", .choice(["points", "household"], "排序，缺省为分值", "The order; by points unless it is given")),
        .limit, .cursor,
    ]
}

/// An alert as a line of a list.
package struct AlertEntry: APIBody, Hashable {
    package let id: Int64
    package let household: String
    package let head: String
    package let division: String
    package let category: String
    package let direction: String
    package let state: String
    package let tier: String
    package let points: Int
    package let indicators: [String]
    package let changedAt: String

    package init(
        id: Int64, household: String, head: String, division: String, category: String, direction: String,
        state: String, tier: String, points: Int, indicators: [String], changedAt: String
    ) {
        self.id = id
        self.household = household
        self.head = head
        self.division = division
        self.category = category
        self.direction = direction
        self.state = state
        self.tier = tier
        self.points = points
        self.indicators = indicators
        self.changedAt = changedAt
    }

    package static let schema = Schema.object(
        "AlertEntry", "预警列表的一行", "An alert as a line of a list",
        [
            .init("id", .integer("预警编号", "The alert's number", from: 1)),
            .init("household", .text("家庭编号", "The household's number", to: 100)),
            .init("head", .text("户主姓名（已脱敏）", "The head's name, masked", to: 200)),
            .init("division", .text("区划代码", "The division's code", to: 50)),
            .init("category", .text("对象类别", "Why the household is in the register", to: 100)),
            .init("direction", .choice(["support", "review"], "帮扶或复核", "Support or review")),
            .init("state", .choice(["open", "cleared", "closed"], "状态", "The state")),
            .init("tier", .choice(["red", "orange", "yellow"], "等级", "The tier")),
            .init("points", .integer("分值", "The points", from: 1, to: 100)),
            .init("indicators", .list("指标", "The indicators", of: .text("指标编号", "An indicator", to: 100))),
            .init("changedAt", .formatted(.moment, "最近变化", "When it changed last")),
        ])
}

package struct AlertRecord: APIBody, Hashable {
    package let id: Int64
    package let household: String
    package let direction: String
    package let state: String
    package let tier: String
    package let points: Int
    package let openedAt: String
    package let changedAt: String
    package let signals: [Signal]

    package init(
        id: Int64, household: String, direction: String, state: String, tier: String, points: Int, openedAt: String,
        changedAt: String, signals: [Signal]
    ) {
        self.id = id
        self.household = household
        self.direction = direction
        self.state = state
        self.tier = tier
        self.points = points
        self.openedAt = openedAt
        self.changedAt = changedAt
        self.signals = signals
    }

    package struct Signal: APIBody, Hashable {
        package let indicator: String
        package let subject: String
        package let points: Int
        package let facts: [String: JSONValue]

        package init(indicator: String, subject: String, points: Int, facts: [String: JSONValue]) {
            self.indicator = indicator
            self.subject = subject
            self.points = points
            self.facts = facts
        }

        package static let schema = Schema.object(
            "AlertSignal", "一个信号", "One indicator that holds",
            [
                .init("indicator", .text("指标编号", "The indicator", to: 100)),
                .init("subject", .text("家庭或人员编号", "The household's or the person's id", to: 100)),
                .init("points", .integer("分值", "The points", from: 1)),
                .init("facts", Schema(.any, "依据的数字", "The figures behind it")),
            ])
    }

    package static let schema = Schema.object(
        "Alert", "一条预警", "One alert",
        [
            .init("id", .integer("预警编号", "The alert's number", from: 1)),
            .init("household", .text("家庭编号", "The household's number", to: 100)),
            .init("direction", .choice(["support", "review"], "帮扶或复核", "Support or review")),
            .init("state", .choice(["open", "cleared", "closed"], "状态", "The state")),
            .init("tier", .choice(["red", "orange", "yellow"], "等级", "The tier")),
            .init("points", .integer("分值", "The points", from: 1, to: 100)),
            .init("openedAt", .formatted(.moment, "首次出现", "When it was opened")),
            .init("changedAt", .formatted(.moment, "最近变化", "When it changed last")),
            .init("signals", .list("信号", "The signals", of: Signal.schema)),
        ])
}

package struct AlertClosing: APIBody, Hashable {
    package let note: String

    package init(note: String) {
        self.note = note
    }

    package static let schema = Schema.object(
        "AlertClosing", "办结情况", "Why it is closed",
        [.init("note", .text("情况和依据", "What was found and why it is closed", from: 1, to: 500))])
}
