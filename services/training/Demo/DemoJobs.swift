import SocialDomain

/// Who hired whom, and what became of it.
struct DemoJobs {
    struct Employer {
        let name: String
        let creditCode: String
        let division: String
        /// Indices of `DemoTrade.all`.
        let trades: [Int]
    }

    struct Vacancy {
        let employer: Int
        let trade: Int
        let openUntil: CalendarDate
        var places: Int64
        var filled: Int64 = 0
        let payFrom: Int64
        let payTo: Int64
    }

    struct Application {
        let vacancy: Int
        let learner: Int
        let state: String
        let refusal: RefusalReason?
        let on: CalendarDate
        let changed: CalendarDate
    }

    struct Check {
        let month: Int
        let due: CalendarDate
        var doneOn: CalendarDate?
        var outcome: RetentionOutcome?
        var income: Int64?
    }

    struct Placement {
        let enrollment: Int
        let employer: Int?
        let vacancy: Int?
        let brand: Int?
        let startedOn: CalendarDate
        var endedOn: CalendarDate?
        var endedWhy: LeavingReason?
        let income: Int64?
        var checks: [Check]
    }

    struct Brand {
        let name: String
        let zh: String
        let trades: [Int]
        var employers: [Int]
    }

    var employers: [Employer] = []
    var vacancies: [Vacancy] = []
    var applications: [Application] = []
    var placements: [Placement] = []
    var brands: [Brand] = []

    /// Name, division where it is not the county, and the trades that it hires for.
    private static let names: [(String, String?, [Int])] = [
        ("安心到家家政服务有限公司", nil, [0, 1]), ("暖巢家政服务有限公司", nil, [0, 1, 2]),
        ("京北好帮手家政有限公司", "110105", [0, 1]), ("沈阳佳护家庭服务有限公司", "210102", [0, 1, 2]),
        ("松龄康养服务有限公司", nil, [2]), ("红山颐养院", nil, [2, 0]), ("小树苗托育有限公司", nil, [3]),
        ("英金建筑劳务有限公司", nil, [4, 5, 6]), ("津塘建工劳务有限公司", "120116", [4, 5, 6, 8]),
        ("昭乌达机电安装有限公司", nil, [6, 7]), ("平川矿山机械有限公司", nil, [8, 6, 7]),
        ("远途汽车服务有限公司", nil, [9]), ("沃野农机专业合作社", nil, [10, 18]),
        ("塞北人家餐饮有限公司", nil, [11, 12]), ("北京蒙味轩餐饮有限公司", "110106", [11, 12]),
        ("玉龙宾馆有限公司", nil, [13, 11]), ("卫盾保安服务有限公司", nil, [14]),
        ("通达城市配送有限公司", nil, [15, 16]), ("红山电商产业园有限公司", nil, [17, 15]),
        ("牧歌畜牧专业合作社", nil, [18]), ("锦绣服装有限公司", nil, [19]), ("草原绣坊工艺品有限公司", nil, [20, 19]),
    ]

    private static let brandNames: [(String, String, [Int])] = [
        ("红山大嫂", "以月嫂、育婴、保洁为主的家政品牌，统一培训、统一体检、统一派单。", [0, 1]),
        ("松州护工", "养老护理员品牌，养老院和居家护理两路就业。", [2]),
        ("玉龙焊匠", "焊工、电工品牌，面向装备制造和风电安装。", [6, 7]),
        ("塞北面点", "中式面点和烹调品牌，在外开店者众。", [11, 12]),
        ("草原绣娘", "缝纫和民间工艺品制作，居家也能做。", [19, 20]),
        ("英金瓦工", "砌筑、钢筋等建筑工种，成班组外出务工。", [4, 5]),
    ]

    mutating func fill(from year: inout DemoYear) {
        for (index, (name, division, trades)) in Self.names.enumerated() {
            employers.append(
                Employer(
                    name: "\(name)（演示）",
                    creditCode: DemoYear.creditCode(county: year.county, kind: "91", number: 500 + index),
                    division: division ?? year.county.text, trades: trades))
        }
        for (name, zh, trades) in Self.brandNames {
            let hiring = employers.indices.filter { !Set(employers[$0].trades).isDisjoint(with: trades) }
            brands.append(Brand(name: "\(name)（演示）", zh: zh, trades: trades, employers: hiring))
        }
        var byTrade: [Int: [Int]] = [:]
        for (employer, entry) in employers.enumerated() {
            for trade in entry.trades {
                let pay = DemoTrade.all[trade].pay
                let low = year.amount(pay.lowerBound...(pay.lowerBound + pay.upperBound) / 2)
                byTrade[trade, default: []].append(vacancies.count)
                vacancies.append(
                    Vacancy(
                        employer: employer, trade: trade,
                        openUntil: year.today.adding(days: 20 + year.random.below(60)),
                        places: 0, payFrom: low, payTo: low + year.amount(500...1800)))
            }
        }
        place(byTrade, in: &year)
        for index in vacancies.indices {
            vacancies[index].places = vacancies[index].filled + 2 + Int64(year.random.below(9))
        }
    }

    /// Six in ten of those with a certificate find work, one of them at a time.
    private mutating func place(_ byTrade: [Int: [Int]], in year: inout DemoYear) {
        var placed: Set<Int> = []
        for (index, enrollment) in year.enrollments.enumerated() {
            guard let issued = enrollment.issuedOn, !placed.contains(enrollment.learner) else { continue }
            let trade = year.classes[enrollment.classIndex].trade
            let started = issued.adding(days: 3 + year.random.below(45))
            guard started <= DemoYear.lastDay, year.random.chance(DemoTrade.all[trade].isDomestic ? 66 : 58),
                let choices = byTrade[trade]
            else { continue }
            placed.insert(enrollment.learner)
            let isOwn = year.random.chance(7)
            let vacancy = isOwn ? nil : year.random.pick(choices)
            let income = year.random.chance(82) ? year.amount(DemoTrade.all[trade].pay) : nil
            let employer = vacancy.map { vacancies[$0].employer }
            let brand = brands.firstIndex { $0.trades.contains(trade) }
            var placement = Placement(
                enrollment: index, employer: employer, vacancy: vacancy, brand: brand, startedOn: started,
                income: income, checks: [])
            follow(&placement, income: income, in: &year)
            if let vacancy {
                vacancies[vacancy].filled += 1
                applications.append(
                    Application(
                        vacancy: vacancy, learner: enrollment.learner, state: "accepted", refusal: nil,
                        on: started.adding(days: -3), changed: started.adding(days: -1)))
                if year.random.chance(30), choices.count > 1 {
                    let other = choices.first { $0 != vacancy } ?? vacancy
                    let refusals = RefusalReason.allCases.filter { $0 != .withdrawnByEmployer }
                    applications.append(
                        Application(
                            vacancy: other, learner: enrollment.learner, state: "refused",
                            refusal: year.random.pick(refusals), on: started.adding(days: -3),
                            changed: started.adding(days: -2)))
                }
            }
            placements.append(placement)
        }
    }

    private func follow(_ placement: inout Placement, income: Int64?, in year: inout DemoYear) {
        for month in RetentionCheck.months {
            var check = Check(month: month, due: placement.startedOn.adding(months: month))
            let done = check.due.adding(days: year.random.below(15))
            if placement.endedOn == nil, done <= DemoYear.lastDay, year.random.chance(92) {
                let draw = year.random.below(100)
                let outcome: RetentionOutcome =
                    draw < 84 ? .working : draw < 90 ? .changed : draw < 97 ? .left : .unreachable
                check.doneOn = done
                check.outcome = outcome
                if outcome == .left {
                    placement.endedOn = check.due.adding(days: -10)
                    placement.endedWhy = year.random.pick(LeavingReason.allCases)
                } else if outcome == .working, let income {
                    check.income = income + Int64(year.random.below(9)) * 50_00
                }
            }
            placement.checks.append(check)
        }
    }
}
