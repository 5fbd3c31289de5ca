import Security
import ServiceKit
import SocialDomain
import Storage

/// The demonstration's subsidies, made step by step as people would make them, so that every rule of claims and of the ledger holds.
///
/// A claim is handed in five days after the class ended, looked at after three more, approved after its notice, and paid with the
/// others of its month.
struct DemoMoney {
    let year: DemoYear
    let db: Connection
    private let settings = SubsidySettings()

    init(year: DemoYear, db: Connection) {
        self.year = year
        self.db = db
    }

    private enum Step: Comparable {
        case submit(Int)
        case notice(Int)
        case approve(Int)
        case pay
    }

    private static let officer = Caller(kind: .system, id: DemoWriter.officer, name: "演示经办", scope: .ownMachine)
    private static let reviewer = Caller(kind: .system, id: DemoWriter.reviewer, name: "演示审核", scope: .ownMachine)
    private static let unit: Int64 = 100_000_00

    func fill() throws {
        try setBudgets()
        var claims: Set<Int> = []
        for (day, step) in steps() {
            let time = "\(day)T02:00:00Z"
            switch step {
            case .submit(let index):
                let desk = desk(Self.officer, time)
                let id = try desk.draft(of: Int64(index) + 1, id: Self.id(index))
                let claim = try desk.find(id)
                // Nobody of the class is paid for.
                guard claim.total > .zero else { continue }
                try desk.submit(id, version: claim.version, digest: claim.digest)
                claims.insert(index)
            case .notice(let index) where claims.contains(index):
                let desk = desk(Self.reviewer, time)
                let claim = try desk.find(Self.id(index))
                try desk.review(claim.id, version: claim.version, .notice, note: "")
            case .approve(let index) where claims.contains(index):
                let desk = desk(Self.reviewer, time)
                let claim = try desk.find(Self.id(index))
                try desk.approve(claim.id, version: claim.version)
            case .pay: try pay(day, time)
            default: break
            }
        }
    }

    private static func id(_ index: Int) -> String { "demo-\(index + 1)" }

    private func desk(_ caller: Caller, _ time: String) -> ClaimDesk {
        ClaimDesk(db: db, caller: caller, time: time, request: "demo", settings: settings)
    }

    /// What happens until the year's last day, in its order.
    private func steps() -> [(day: CalendarDate, step: Step)] {
        var steps: [(day: CalendarDate, step: Step)] = []
        var months: Set<CalendarDate> = []
        for index in year.classes.indices where year.classes[index].state == "ended" {
            let submitted = year.classes[index].end.adding(days: 5)
            let noticed = submitted.adding(days: 3)
            let approved = noticed.adding(days: settings.noticeDays + 1)
            steps += [(submitted, .submit(index)), (noticed, .notice(index)), (approved, .approve(index))]
            months.insert(Self.nextMonth(approved))
        }
        steps += months.map { ($0, .pay) }
        // The last classes' claims are still on their way, so that there is something to do.
        let last = year.classes.indices.filter { year.classes[$0].state == "ended" }
            .sorted { (year.classes[$0].end, $0) < (year.classes[$1].end, $1) }.suffix(6)
        let (unread, noticed) = (Set(last.suffix(2)), Set(last.suffix(4)))
        steps.removeAll { _, step in
            switch step {
            case .notice(let index): unread.contains(index)
            case .approve(let index): noticed.contains(index)
            default: false
            }
        }
        return steps.filter { $0.day <= DemoYear.lastDay }.sorted { ($0.day, $0.step) < ($1.day, $1.step) }
    }

    /// The fifth of the month after.
    private static func nextMonth(_ day: CalendarDate) -> CalendarDate {
        let (year, month, _) = day.civil
        return CalendarDate(
            dayNumber: CalendarDate.dayNumber(
                year: month == 12 ? year + 1 : year, month: month == 12 ? 1 : month + 1, day: 5))
    }

    /// A year's budget: what all who completed could bring, a sixth more, rounded up to a hundred thousand yuan.
    private func setBudgets() throws {
        var most: [Int: Int64] = [:]
        for course in year.classes where course.state == "ended" {
            let submitted = course.end.adding(days: 5)
            let living = settings.livingPerDay.fen * settings.livingDays
            most[submitted.year, default: 0] +=
                Int64(course.enrollments.count) * (DemoTrade.all[course.trade].price * 100 + living / 4)
        }
        for (number, sum) in most.sorted(by: { $0.key < $1.key }) {
            let amount = (sum * 7 / 6 + Self.unit - 1) / Self.unit * Self.unit
            try BudgetDesk(db: db, caller: Self.officer, time: "\(number)-01-05T02:00:00Z", request: "demo").set(
                Ledger.Key(division: year.county.text, year: Int64(number)), to: Money(fen: amount), version: 0)
        }
    }

    private func pay(_ day: CalendarDate, _ time: String) throws {
        let desk = PaymentDesk(db: db, caller: Self.officer, time: time, request: "demo")
        let batch = "demo-\(day.description.prefix(7))"
        do {
            try desk.make(for: year.county.text, id: batch)
        } catch ClaimRefusal.nothingDue {
            return
        }
        let payments = try PaymentStore.payments(of: batch, in: db)
        let rows = payments.enumerated().map { line, payment in
            (payment.id, ResultFile.Row(line: line + 2, amount: payment.amount, isPaid: true, reason: ""))
        }
        let file = PaymentFile.bytes(payments)
        try desk.settle(
            batch, ResultFile(rows: Dictionary(uniqueKeysWithValues: rows)), fileDigest: PaymentFile.digest(file))
    }
}
