import SocialDomain

extension DemoYear {
    /// Days without classes besides weekends: the public holidays of the year.
    private static let holidays: [(from: String, to: String)] = [
        ("2025-10-01", "2025-10-08"), ("2026-01-01", "2026-01-03"), ("2026-02-15", "2026-02-23"),
        ("2026-04-04", "2026-04-06"), ("2026-05-01", "2026-05-05"), ("2026-06-19", "2026-06-21"),
    ]

    private static func isWorkday(_ day: CalendarDate) -> Bool {
        let text = day.description
        return day.weekday <= 5 && !holidays.contains { $0.from <= text && text <= $0.to }
    }

    static func workdays(_ count: Int, from start: CalendarDate) -> [CalendarDate] {
        var days: [CalendarDate] = []
        var day = start
        while days.count < count {
            if isWorkday(day) { days.append(day) }
            day = day.adding(days: 1)
        }
        return days
    }

    /// - Parameter again: learners of the half-year before, a fifth of whom come once more.
    mutating func addClasses(of half: DemoHalf, again: [Int] = []) {
        let first = classes.count
        for isDomestic in [true, false] {
            let counts =
                isDomestic
                ? (half.share.urbanDomestic, half.share.ruralDomestic) : (half.share.urbanOther, half.share.ruralOther)
            var places = Array(repeating: Residence.urban, count: counts.0)
            places += Array(repeating: Residence.rural, count: counts.1)
            random.shuffle(&places)
            let count = (places.count + 37) / 38
            let sizes = DemoShare.split(places.count, by: (0..<count).map { _ in 32 + random.below(11) })
            var next = places.startIndex
            for (number, size) in sizes.enumerated() {
                let index = addClass(isDomestic: isDomestic, number: number, of: count, size: size, in: half)
                seat(Array(places[next..<next + size]), in: index, again: again)
                next += size
            }
        }
        for index in first..<classes.count { finish(index) }
    }

    /// Classes are spread over the half-year; each goes to the room that has been free for longest.
    private mutating func addClass(
        isDomestic: Bool, number: Int, of count: Int, size: Int, in half: DemoHalf
    ) -> Int {
        let span = Int(half.to.dayNumber - half.from.dayNumber) - 30
        let wished = half.from.adding(days: span * number / max(1, count))
        let able = lanes.indices.filter { lane in
            lanes[lane].trades.contains { DemoTrade.all[$0].isDomestic == isDomestic }
        }
        let lane = able.min { (lanes[$0].free, $0) < (lanes[$1].free, $1) } ?? 0
        let trades = lanes[lane].trades.filter { DemoTrade.all[$0].isDomestic == isDomestic }
        let trade = trades[lanes[lane].taught % trades.count]
        let days = Self.workdays(DemoTrade.all[trade].days, from: max(wished, lanes[lane].free))
        return add(trade: trade, lane: lane, days: days, state: "ended", capacity: min(60, (size + 9) / 5 * 5))
    }

    private mutating func add(trade: Int, lane: Int, days: [CalendarDate], state: String, capacity: Int) -> Int {
        let school = lanes[lane].school
        let program = programs.firstIndex { $0.school == school && $0.trade == trade } ?? 0
        classes.append(
            DemoClass(program: program, lane: lane, trade: trade, days: days, state: state, capacity: capacity))
        lanes[lane].free = days[days.count - 1].adding(days: 2)
        lanes[lane].taught += 1
        return classes.count - 1
    }

    /// Those who come to the end, then the few who do not.
    private mutating func seat(_ residences: [Residence], in index: Int, again: [Int]) {
        let trade = DemoTrade.all[classes[index].trade]
        let start = classes[index].start
        for residence in residences {
            var learner: Int?
            if !again.isEmpty, random.chance(20) {
                // Somebody of the same residence who has not come again yet.
                for _ in 0..<4 where learner == nil {
                    let candidate = again[random.below(again.count)]
                    if learners[candidate].residence == residence, learners[candidate].isCounted,
                        learners[candidate].person.isMale == !random.chance(trade.women)
                    {
                        learner = candidate
                    }
                }
            }
            let day = start.adding(days: -4 - random.below(22))
            let chosen = learner ?? newLearner(residence, trade: trade, on: day)
            // Once in a half-year.
            learners[chosen].isCounted = learner == nil
            enroll(chosen, in: index, state: .completed, on: day, changed: classes[index].end)
        }
        for (state, reason, most) in [
            (EnrollmentState.dropped, "family", 3), (.withdrawn, "found-work", 2), (.refused, "full", 2),
        ] {
            for _ in 0..<random.below(most + 1) {
                let residence: Residence = random.chance(55) ? .urban : .rural
                let day = start.adding(days: -4 - random.below(22))
                let learner = newLearner(residence, trade: trade, on: day)
                let changed =
                    state == .dropped ? classes[index].days[classes[index].days.count / 2] : day.adding(days: 1)
                enroll(learner, in: index, state: state, reason: reason, on: day, changed: changed)
            }
        }
    }

    private mutating func enroll(
        _ learner: Int, in index: Int, state: EnrollmentState, reason: String = "", on day: CalendarDate,
        changed: CalendarDate
    ) {
        classes[index].signUps += 1
        classes[index].enrollments.append(enrollments.count)
        if state == .completed || state == .seated { classes[index].seated += 1 }
        enrollments.append(
            DemoEnrollment(
                classIndex: index, learner: learner, state: state, sequence: classes[index].signUps, reason: reason,
                createdOn: day, changedOn: changed))
    }

    // MARK: Evidence

    private mutating func finish(_ index: Int) {
        let sessions = classes[index].sessions
        for place in classes[index].enrollments {
            switch enrollments[place].state {
            case .completed:
                let isWeak = random.chance(4)
                enrollments[place].presence = (0..<sessions).map { _ in presence(missing: isWeak ? 38 : 4) }
                if enrollments[place].attended >= 80 { assess(place) }
            case .dropped:
                enrollments[place].presence = (0..<sessions).map { $0 < sessions / 2 ? presence(missing: 6) : .absent }
            default: break
            }
        }
    }

    private mutating func presence(missing: Int) -> DemoPresence {
        let draw = random.below(100)
        if draw < missing { return random.chance(50) ? .leave : .absent }
        return draw < missing + 4 ? .late : .present
    }

    private mutating func assess(_ place: Int) {
        let end = classes[enrollments[place].classIndex].end
        var passed = mark(place, passing: 93)
        var attempts = 1
        if !passed, random.chance(65) {
            passed = mark(place, passing: 80)
            attempts = 2
        }
        guard passed else { return }
        enrollments[place].issuedOn = min(Self.lastDay, end.adding(days: 4 + attempts * 3))
        enrollments[place].certificate = CertificateNumber.random(using: &random).text
    }

    private mutating func mark(_ place: Int, passing: Int) -> Bool {
        let isPassed = random.chance(passing)
        let theory = isPassed ? 600 + random.below(380) : 380 + random.below(215)
        enrollments[place].marks.append((theory: theory, practice: 600 + random.below(370)))
        return isPassed
    }

    // MARK: Open now

    /// A class for each lane's first trade that one can sign up for, some of them full with people waiting.
    mutating func addOpenClasses() {
        for lane in lanes.indices where lane % 2 == 0 {
            let trade = lanes[lane].trades[0]
            let days = Self.workdays(
                DemoTrade.all[trade].days, from: max(today.adding(days: 10 + lane), lanes[lane].free))
            let capacity = lane % 6 == 0 ? 20 : 40
            let index = add(trade: trade, lane: lane, days: days, state: "open", capacity: capacity)
            let taken = lane % 6 == 0 ? capacity : 6 + random.below(24)
            for _ in 0..<taken { signUp(for: index, trade: trade, state: .seated) }
            if taken == capacity {
                for _ in 0..<3 + random.below(5) { signUp(for: index, trade: trade, state: .waiting) }
            }
        }
    }

    private mutating func signUp(for index: Int, trade: Int, state: EnrollmentState) {
        let learner = newLearner(
            random.chance(55) ? .urban : .rural, trade: DemoTrade.all[trade], on: today.adding(days: -1))
        enroll(learner, in: index, state: state, on: today.adding(days: -1), changed: today.adding(days: -1))
    }
}
