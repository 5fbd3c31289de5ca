import SocialDomain

/// A county's year, made up from a seed: who taught whom what, when, and what became of them. Everything but the writing.
///
/// Numbers of rows are their places in the lists, counted from 1.
struct DemoYear {
    let county: DivisionCode
    /// What the lists that stand open are open on.
    let today: CalendarDate
    let seed: UInt64
    /// The county is one of so many equal parts of the published table.
    let parts: Int

    var lanes: [DemoLane] = []
    var schools: [DemoSchool] = []
    var instructors: [DemoInstructor] = []
    var programs: [DemoProgram] = []
    var classes: [DemoClass] = []
    var learners: [DemoLearner] = []
    var enrollments: [DemoEnrollment] = []
    var jobs = DemoJobs()

    var people: DemoPeople
    var random: DemoRandom
    let townships: [DivisionCode]

    static let defaultCounty = "150402"
    /// Chifeng (赤峰市) has twelve districts, banners and counties.
    static let defaultParts = 12
    static let lastDay = CalendarDate(dayNumber: CalendarDate.dayNumber(year: 2026, month: 6, day: 30))

    /// - Parameters:
    ///   - today: not before the year's end, 2026-06-30.
    ///   - townships: of the county, where its people live; the county itself where there are none.
    init(county: DivisionCode, townships: [DivisionCode], today: CalendarDate, seed: UInt64, parts: Int) {
        self.county = county
        self.today = max(today, Self.lastDay)
        self.seed = seed
        self.parts = parts
        self.townships = townships.isEmpty ? [county] : townships
        people = DemoPeople(county: county, seed: seed)
        random = DemoRandom(seed: seed, stream: 1)
        addSchools()
        let autumn = DemoHalf(from: (2025, 7, 7), to: (2025, 12, 19), share: DemoShare(parts: parts, tenths: 9))
        let spring = DemoHalf(from: (2026, 1, 5), to: (2026, 6, 18), share: DemoShare(parts: parts))
        addClasses(of: autumn)
        let trained = learners.indices.filter { learners[$0].isCounted }
        addClasses(of: spring, again: trained)
        addFormerLearners()
        addOpenClasses()
        var found = jobs
        found.fill(from: &self)
        jobs = found
    }

    /// A number between both, in yuan in steps of 50, as fen.
    mutating func amount(_ range: ClosedRange<Int64>) -> Int64 {
        let steps = Int((range.upperBound - range.lowerBound) / 50)
        return (range.lowerBound + Int64(random.below(steps + 1)) * 50) * 100
    }

    /// A number that passes the check of GB 32100-2015, for an office that registered in the county.
    static func creditCode(county: DivisionCode, kind: String, number: Int) -> String {
        let letters = Array("0123456789ABCDEFGHJKLMNPQRTUWXY")
        let digits = String(number)
        let body =
            "\(kind)\(county.text.prefix(6))MA\(String(repeating: "0", count: max(0, 7 - digits.count)))\(digits)"
        var sum = 0
        var weight = 1
        for character in body {
            sum += (letters.firstIndex(of: character) ?? 0) * weight
            weight = weight * 3 % 31
        }
        return body + String(letters[(31 - sum % 31) % 31])
    }
}

/// A half-year in which classes begin and end, and how many person-times it is to have.
struct DemoHalf {
    let from: CalendarDate
    let to: CalendarDate
    let share: DemoShare

    init(from: (Int, Int, Int), to: (Int, Int, Int), share: DemoShare) {
        self.from = CalendarDate(dayNumber: CalendarDate.dayNumber(year: from.0, month: from.1, day: from.2))
        self.to = CalendarDate(dayNumber: CalendarDate.dayNumber(year: to.0, month: to.1, day: to.2))
        self.share = share
    }
}

struct DemoSchool {
    let name: String
    let creditCode: String
    let division: DivisionCode
    let latitude: Int64
    let longitude: Int64
    var rooms = 0
}

/// A room with those who teach in it and nowhere else: no clash can come about.
struct DemoLane {
    let school: Int
    let room: Int
    let trades: [Int]
    let instructors: [Int]
    var free: CalendarDate
    var taught = 0
}

struct DemoInstructor {
    let school: Int
    let person: DemoPerson
    var trades: [Int]
    var learner: Int?
}

struct DemoProgram {
    let school: Int
    let trade: Int
}

struct DemoClass {
    let program: Int
    let lane: Int
    let trade: Int
    let days: [CalendarDate]
    let state: String
    let capacity: Int
    var seated = 0
    var signUps = 0
    var enrollments: [Int] = []

    var start: CalendarDate { days[0] }
    var end: CalendarDate { days[days.count - 1] }
    var signUpUntil: CalendarDate { start.adding(days: -3) }
    /// Two half-days a day.
    var sessions: Int { days.count * 2 }
}

struct DemoLearner {
    let person: DemoPerson
    let residence: Residence
    let division: DivisionCode
    let schooling: Schooling
    let wish: WorkWish
    let groups: [LearnerGroup]
    let latitude: Int64
    let longitude: Int64
    let incomeBefore: Int64?
    let createdOn: CalendarDate
    /// Came to the end of a class.
    var isCounted = false

    var isLowIncome: Bool { groups.contains(.lowIncome) }
}

/// How one half-day went for one learner.
enum DemoPresence: String {
    case present
    case late
    case leave
    case absent
}

struct DemoEnrollment {
    let classIndex: Int
    let learner: Int
    let state: EnrollmentState
    let sequence: Int
    var reason = ""
    let createdOn: CalendarDate
    let changedOn: CalendarDate
    var presence: [DemoPresence] = []
    /// Tenths of a point, of the last attempt and the one before it.
    var marks: [(theory: Int, practice: Int)] = []
    var certificate: String?
    var issuedOn: CalendarDate?

    /// Half-days out of a hundred.
    var attended: Int {
        presence.isEmpty ? 0 : presence.count { $0 == .present || $0 == .late } * 100 / presence.count
    }
}
