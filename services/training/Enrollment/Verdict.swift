import SocialDomain

/// What a person can expect of a class, and why: told at once at sign-up, and on the learner's own page.
struct Verdict: Hashable, Sendable {
    enum Tone: String, Hashable, Sendable {
        case good
        case note
        case against
    }

    struct Line: Hashable, Sendable {
        let tone: Tone
        let text: LocalizedText
    }

    /// Whether the training is paid for, as far as it is known now.
    let isSubsidised: Bool
    let lines: [Line]

    /// Who asks.
    struct Person: Hashable, Sendable {
        let bornOn: CalendarDate
        let sex: Sex
        let groups: Set<LearnerGroup>
        let lowIncome: LowIncome
    }

    /// What was paid for before.
    struct History: Hashable, Sendable {
        /// The same trade and level was paid for already, at whatever school.
        var hasSameTrade = false
        /// Subsidies that count in this calendar year.
        var thisYear = 0
    }

    /// The rules, without a database: who may learn at all, and whose training is paid for.
    static func judge(
        _ person: Person, history: History, settings: EnrollmentSettings, on today: CalendarDate
    ) throws(EnrollmentRefusal) -> Verdict {
        let age = person.bornOn.fullYears(until: today)
        guard age >= settings.youngest else { throw .tooYoung(age: age, from: settings.youngest) }
        var lines: [Line] = []
        var isSubsidised = true
        func say(_ tone: Tone, _ zh: String, _ en: String) {
            lines.append(Line(tone: tone, text: LocalizedText(zh: zh, en: en)))
            if tone == .against { isSubsidised = false }
        }

        var groups = person.groups
        switch person.lowIncome {
        case .yes:
            groups.insert(.lowIncome)
            say(.good, "民政部门已核实：您属于低收入家庭成员。", "The aid office has confirmed a low-income household.")
        case .no where groups.remove(.lowIncome) != nil:
            say(
                .note, "民政部门的名单里没有您的家庭，“低收入家庭成员”这一项不计。如有出入，请联系村（社区）救助协理员。",
                "The aid office does not list the household, so that group does not count. Ask your village's helper if this "
                    + "is not right.")
        case .unchecked:
            say(
                .note, "是否低收入家庭，现在没能向民政部门核实。先按您填写的登记，系统会再核实，不用您跑腿。",
                "Whether the household is a low-income one could not be checked now. What you wrote stands; it is asked again "
                    + "without your doing.")
        case .unasked where groups.contains(.lowIncome):
            say(
                .note, "“低收入家庭成员”还没有向民政部门核实，由培训机构查验证明。",
                "The low-income household was not checked with the aid office: the school looks at the papers.")
        case .no, .unasked: break
        }
        if groups.isEmpty {
            say(
                .against, "您没有选补贴人群（失业、转移就业、低收入家庭等），可以自费参加。",
                "No group whose training is paid for was chosen: you may take part at your own cost.")
        } else {
            let sorted = LearnerGroup.allCases.filter(groups.contains)
            say(
                .good, "补贴人群：\(sorted.map(\.title.zh).joined(separator: "、"))。",
                "Groups with a subsidy: \(sorted.map(\.title.en).joined(separator: ", ")).")
        }
        let oldest = settings.oldest(person.sex)
        if age > oldest {
            say(
                .against, "按证件号码您今年 \(age) 周岁，补贴到 \(oldest) 周岁为止（按法定退休年龄简化），可以自费参加。",
                "By the number you are \(age); the subsidy ends at \(oldest), the statutory retirement age simplified. You may "
                    + "take part at your own cost.")
        } else {
            say(
                .good, "年龄符合：\(age) 周岁（\(settings.youngest) 至 \(oldest) 周岁有补贴）。",
                "Age: \(age), within \(settings.youngest) to \(oldest).")
        }
        if history.hasSameTrade {
            say(
                .against, "您已享受过同一工种、同一等级的培训补贴，可以参加，但不再补贴。",
                "The same trade and level was paid for already: you may take part, but without a subsidy.")
        }
        if history.thisYear >= settings.subsidiesAYear {
            say(
                .against, "您今年已享受 \(history.thisYear) 次培训补贴（每年最多 \(settings.subsidiesAYear) 次），可以参加，但不再补贴。",
                "There were \(history.thisYear) subsidies this year, of at most \(settings.subsidiesAYear): you may take part, "
                    + "but without a subsidy.")
        }
        return Verdict(isSubsidised: isSubsidised, lines: lines)
    }
}
