import SocialDomain

/// What a county decides about sign-ups; ages and hours are options of `serve`, the number a year is the schema's.
struct EnrollmentSettings: Hashable, Sendable {
    /// Nobody below may be trained for work (未成年工 begins at 16: 劳动法 §15, §58).
    var youngest = 16
    /// The last year of age with a subsidy: the statutory retirement age, simplified to one number for men and one for
    /// women. Above it people may learn at their own cost.
    var oldestMen = 59
    var oldestWomen = 59
    /// Subsidies of one person in a calendar year.
    var subsidiesAYear = 3
    /// How long a seat is held for whoever waited.
    var offerHours: Int64 = 48
    /// Low-income households come first; then these, all alike.
    var priorityGroups: Set<LearnerGroup> = Set(LearnerGroup.allCases)

    func oldest(_ sex: Sex) -> Int { sex == .male ? oldestMen : oldestWomen }

    /// The place in a list by priority: 0 comes first. What a learner says of the household's income counts once aid has
    /// confirmed it; until then it is a group as the others.
    func priority(groups: Set<LearnerGroup>, lowIncome: LowIncome) -> Int64 {
        if lowIncome == .yes { return 0 }
        var groups = groups
        if lowIncome == .no { groups.remove(.lowIncome) }
        return groups.isDisjoint(with: priorityGroups) ? 9 : 1
    }
}

/// What is known of a person's household.
enum LowIncome: String, CaseIterable, Sendable {
    /// Nobody was asked: aid's address is not known here.
    case unasked
    case yes
    case no
    /// Aid did not answer; it is asked again later.
    case unchecked

    var title: LocalizedText {
        switch self {
        case .unasked: LocalizedText(zh: "未核实（未接入救助系统）", en: "Not checked: aid is not connected")
        case .yes: LocalizedText(zh: "已核实：低收入家庭成员", en: "Checked: low-income household")
        case .no: LocalizedText(zh: "已核实：不在低收入家庭名单", en: "Checked: not a low-income household")
        case .unchecked: LocalizedText(zh: "暂未能核实，稍后再查", en: "Could not be checked now; asked again later")
        }
    }
}

/// How seats are given (training_class.policy).
enum SeatPolicy: String, CaseIterable, Sendable {
    case firstCome = "first-come"
    case priority
    case lottery

    var title: LocalizedText {
        switch self {
        case .firstCome: LocalizedText(zh: "先到先得", en: "First come, first served")
        case .priority: LocalizedText(zh: "重点人群优先", en: "Priority groups first")
        case .lottery: LocalizedText(zh: "公开摇号", en: "Public lottery")
        }
    }

    var explanation: LocalizedText {
        switch self {
        case .firstCome:
            LocalizedText(
                zh: "按报名成功的先后录取，名额满后按先后候补。有人退出时，自动通知候补第一位。",
                en:
                    "Seats go in the order of sign-ups; then there is a waiting list in the same order. When somebody leaves, "
                    + "the first who waits is offered the seat.")
        case .priority:
            LocalizedText(
                zh: "有空位时直接录取；名额满后，候补名单先排低收入家庭成员，再排其他重点人群，同类按报名先后。",
                en:
                    "While seats are free they are given at once. The waiting list has low-income households first, then the "
                    + "other groups, each in the order of sign-ups.")
        case .lottery:
            LocalizedText(
                zh: "报名截止后公开抽取随机数，按公开的规则排出名次，前面的录取，后面的候补。任何人都可以复算。",
                en:
                    "After sign-up ends a number is drawn in public; a published rule makes ranks of it, the first get seats, the "
                    + "others wait. Anyone can repeat it.")
        }
    }

    /// Who of those that wait comes first.
    var waitingOrder: String {
        switch self {
        case .firstCome: "e.sequence"
        case .priority: "e.priority, e.sequence"
        case .lottery: "coalesce(e.lottery_rank, 1000000), e.sequence"
        }
    }
}
