import SocialDomain

/// Subsidies of the demonstration's classes, and the postings that they left.
struct DemoMoney {
    struct Line {
        let enrollment: Int
        let kind: String
        let amount: Int64
        let refusedBy: String?
        let isCounted: Bool
    }

    struct Claim {
        let id: String
        let classIndex: Int
        let state: String
        let lines: [Line]
        let submittedOn: CalendarDate

        var total: Int64 { lines.reduce(0) { $0 + $1.amount } }
        var decidedOn: CalendarDate { submittedOn.adding(days: 8) }
        var paidOn: CalendarDate { submittedOn.adding(days: 24) }
    }

    struct Entry {
        let id: String
        let kind: String
        let reference: String
        let debit: String
        let credit: String
        let amount: Int64
        let on: CalendarDate
    }

    var claims: [Claim] = []
    var entries: [Entry] = []
    /// Of a year, in fen, and how much of it claims have taken.
    var budgets: [Int: (amount: Int64, committed: Int64)] = [:]

    private struct Counted: Hashable {
        let learner: Int
        let trade: Int
    }

    /// In the order in which classes ended: who was paid for a trade before is not paid for it again.
    mutating func fill(from year: DemoYear) {
        var trades: Set<Counted> = []
        var times: [Int: [Int: Int]] = [:]
        let ended = year.classes.indices.filter { year.classes[$0].state == "ended" }
            .sorted { (year.classes[$0].end, $0) < (year.classes[$1].end, $1) }
        for index in ended {
            let course = year.classes[index]
            let submitted = course.end.adding(days: 15)
            let age = Int(DemoYear.lastDay.dayNumber - submitted.dayNumber)
            guard age >= 0 else { continue }
            let trade = DemoTrade.all[course.trade]
            var lines: [Line] = []
            for place in course.enrollments where year.enrollments[place].state == .completed {
                let enrollment = year.enrollments[place]
                let key = Counted(learner: enrollment.learner, trade: course.trade)
                let count = times[course.end.year]?[enrollment.learner] ?? 0
                let refusal: String? =
                    enrollment.attended < 80
                    ? "attendance"
                    : enrollment.certificate == nil
                        ? "certificate" : trades.contains(key) ? "same-trade" : count >= 3 ? "three-a-year" : nil
                lines.append(
                    Line(
                        enrollment: place, kind: "training", amount: refusal == nil ? trade.price * 100 : 0,
                        refusedBy: refusal, isCounted: refusal == nil))
                guard refusal == nil else { continue }
                trades.insert(key)
                times[course.end.year, default: [:]][enrollment.learner] = count + 1
                if year.learners[enrollment.learner].isLowIncome {
                    // 50 yuan for each day of training.
                    lines.append(
                        Line(
                            enrollment: place, kind: "living", amount: Int64(course.days.count) * 50_00, refusedBy: nil,
                            isCounted: false))
                }
            }
            add(
                Claim(
                    id: "demo-\(course.end.year)-\(index + 1)", classIndex: index,
                    state: age >= 24 ? "paid" : age >= 14 ? "approved" : age >= 8 ? "noticed" : "submitted",
                    lines: lines, submittedOn: submitted), of: course.end.year, in: year.county)
        }
        // A year's budget leaves a sixth, rounded up to a hundred thousand yuan.
        for (number, budget) in budgets {
            let unit: Int64 = 100_000_00
            budgets[number]?.amount = (budget.committed * 7 / 6 + unit - 1) / unit * unit
        }
    }

    private mutating func add(_ claim: Claim, of year: Int, in county: DivisionCode) {
        claims.append(claim)
        let total = claim.total
        budgets[year, default: (0, 0)].committed += total
        guard total > 0 else { return }
        let (budget, held) = ("budget:\(county.text):\(year)", "committed:\(claim.id)")
        let (payable, bank) = ("payable:\(claim.id)", "bank:\(county.text)")
        post("commit", claim.id, debit: budget, credit: held, total, on: claim.submittedOn)
        guard claim.state == "approved" || claim.state == "paid" else { return }
        post("approve", claim.id, debit: held, credit: payable, total, on: claim.decidedOn.adding(days: 6))
        guard claim.state == "paid" else { return }
        for payment in payments(of: claim) {
            post("pay", payment.id, debit: payable, credit: bank, payment.amount, on: claim.paidOn)
        }
    }

    /// The school's sum, and each learner's living allowance.
    func payments(of claim: Claim) -> [(id: String, enrollment: Int?, amount: Int64)] {
        guard claim.state == "paid" else { return [] }
        let school = claim.lines.reduce(0) { $0 + ($1.kind == "training" ? $1.amount : 0) }
        var payments: [(id: String, enrollment: Int?, amount: Int64)] = []
        if school > 0 { payments.append(("\(claim.id)-school", nil, school)) }
        for line in claim.lines where line.kind == "living" {
            payments.append(("\(claim.id)-\(line.enrollment + 1)", line.enrollment, line.amount))
        }
        return payments
    }

    private mutating func post(
        _ kind: String, _ reference: String, debit: String, credit: String, _ amount: Int64, on day: CalendarDate
    ) {
        entries.append(
            Entry(
                id: "\(kind):\(reference)", kind: kind, reference: reference, debit: debit, credit: credit,
                amount: amount, on: day))
    }
}
