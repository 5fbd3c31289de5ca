import Crypto
import Foundation
import Security
import SocialDomain
import Storage

/// Writes a made-up year into an empty database, table by table, in bulk.
struct DemoWriter {
    let year: DemoYear
    let seal: LearnerSeal
    let db: Connection

    /// Of the first learner's own page, for demonstrations only: /training/my/TOKEN.
    static let token = "demo-learner-" + String(repeating: "A", count: 30)
    static let officer = "demo-officer"
    static let reviewer = "demo-reviewer"

    /// A moment of a day in Beijing's working hours, as UTC writes it.
    func moment(_ day: CalendarDate, _ clock: String = "02:00:00") -> String { "\(day)T\(clock)Z" }

    private var county: String { year.county.text }
    func id(_ index: Int) -> Int64 { Int64(index) + 1 }

    func write() throws {
        try writeSchools()
        let numbers = year.instructors.map { seal.index(of: $0.person.number) }
        try writeLearners()
        try writeInstructors(numbers)
        try writeClasses()
        try writeSessions(numbers)
        try writeEnrollments()
        try writeAttendance()
        try writeResults()
        try writeJobs()
        try DemoMoney(year: year, db: db).fill()
        guard db.engine == .postgres else { return }
        // Rows that follow go on counting after those that came with their numbers.
        for (table, column) in [
            ("school", "school_id"), ("room", "room_id"), ("learner", "learner_id"), ("instructor", "instructor_id"),
            ("program", "program_id"), ("training_class", "class_id"), ("class_session", "session_id"),
            ("enrollment", "enrollment_id"), ("employer", "employer_id"), ("vacancy", "vacancy_id"),
            ("job_application", "application_id"), ("placement", "placement_id"), ("labour_brand", "brand_id"),
        ] {
            _ = try db.first(
                """
                SELECT setval(pg_get_serial_sequence(\(table), \(column)),
                    (SELECT max(\(trusted: column)) FROM \(trusted: table))) AS last
                """)
        }
    }

    private func writeSchools() throws {
        try db.load(
            into: "school",
            columns: [
                "school_id", "credit_code", "name", "division", "address", "latitude", "longitude", "phone",
                "licence_number", "licence_from", "licence_until",
            ]
        ) { rows in
            for (index, school) in year.schools.enumerated() {
                // One licence is about to run out.
                let until = index == 1 ? year.today.adding(days: 25) : year.today.adding(months: 14 + index)
                try rows.add(
                    id(index), school.creditCode, school.name, school.division.text, "演示路 \(index + 1) 号",
                    school.latitude, school.longitude, "0476-555\(1000 + index)", "民\(county)\(7000 + index)号",
                    until.adding(months: -36).description, until.description)
            }
        }
        try db.load(into: "room", columns: ["room_id", "school_id", "name", "seats"]) { rows in
            for (index, lane) in year.lanes.enumerated() {
                try rows.add(id(index), id(lane.school), "\(lane.room + 1) 号教室", Int64(60))
            }
        }
        try db.load(
            into: "program",
            columns: [
                "program_id", "school_id", "title", "trade", "level", "hours", "syllabus", "price", "subsidy",
                "is_domestic", "state", "submitted_by", "decided_by", "decided_at",
            ]
        ) { rows in
            for (index, program) in year.programs.enumerated() {
                let trade = DemoTrade.all[program.trade]
                try rows.add(
                    id(index), id(program.school), trade.title, trade.code,
                    trade.level.rawValue, Int64(trade.days * 8), "职业道德与安全；基础知识；操作训练；模拟考核。",
                    trade.price * 100, trade.price * 100, Int64(trade.isDomestic ? 1 : 0), "approved", Self.officer,
                    Self.reviewer, "2025-06-20T02:00:00Z")
            }
        }
    }

    private func writeLearners() throws {
        try db.load(
            into: "learner",
            columns: [
                "learner_id", "division", "name", "number_sealed", "number_index", "phone_sealed", "token_digest",
                "born_on", "sex", "residence", "schooling", "wish", "groups", "latitude", "longitude",
                "monthly_income_before", "created_at",
            ]
        ) { rows in
            for (index, learner) in year.learners.enumerated() {
                let person = learner.person
                let number = seal.index(of: person.number)
                let digits = String(index)
                let phone = "190000" + String(repeating: "0", count: max(0, 5 - digits.count)) + digits
                try rows.add(
                    id(index), learner.division.text, person.name, try seal.seal(person.number), number,
                    try seal.seal(phone: phone, index: number), index == 0 ? LearnerSeal.digest(of: Self.token) : nil,
                    person.number.birthDate.description, person.isMale ? "male" : "female",
                    learner.residence.rawValue, learner.schooling.rawValue, learner.wish.rawValue,
                    learner.groups.map(\.rawValue).joined(separator: ","), learner.latitude, learner.longitude,
                    learner.incomeBefore, moment(learner.createdOn))
            }
        }
    }

    private func writeInstructors(_ numbers: [[UInt8]]) throws {
        try db.load(
            into: "instructor",
            columns: [
                "instructor_id", "school_id", "name", "number_sealed", "number_index", "trades", "credential",
                "credential_until", "learner_id",
            ]
        ) { rows in
            for (index, instructor) in year.instructors.enumerated() {
                try rows.add(
                    id(index), id(instructor.school), instructor.person.name, try seal.seal(instructor.person.number),
                    numbers[index], instructor.trades.map { DemoTrade.all[$0].code }.sorted().joined(separator: ","),
                    "职业培训教师证 演示\(3000 + index)", year.today.adding(months: 6 + index % 20).description,
                    instructor.learner.map(id))
            }
        }
    }

    private func writeClasses() throws {
        try db.load(
            into: "training_class",
            columns: [
                "class_id", "program_id", "school_id", "division", "title", "audience", "place", "latitude",
                "longitude", "capacity", "seated", "starts_on", "ends_on", "sign_up_until", "policy", "last_sequence",
                "state", "submitted_by", "decided_by", "decided_at",
            ]
        ) { rows in
            for (index, course) in year.classes.enumerated() {
                let lane = year.lanes[course.lane]
                let school = year.schools[lane.school]
                let trade = DemoTrade.all[course.trade]
                try rows.add(
                    id(index), id(course.program), id(lane.school), county,
                    "\(trade.title)\(course.start.year)年第\(index + 1)期", trade.wish.rawValue,
                    "\(school.name) \(lane.room + 1) 号教室", school.latitude, school.longitude,
                    Int64(course.capacity), Int64(course.seated), course.start.description, course.end.description,
                    course.signUpUntil.description, "first-come", Int64(course.signUps), course.state, Self.officer,
                    Self.reviewer, moment(min(year.today, course.start.adding(days: -30))))
            }
        }
    }

    private func writeSessions(_ numbers: [[UInt8]]) throws {
        try db.load(
            into: "class_session",
            columns: [
                "session_id", "class_id", "room_id", "instructor_id", "instructor_number", "starts_at", "ends_at",
                "hours", "topic",
            ]
        ) { rows in
            var session: Int64 = 0
            for (index, course) in year.classes.enumerated() {
                let lane = year.lanes[course.lane]
                for (number, day) in course.days.enumerated() {
                    for (half, start) in [510, 840].enumerated() {
                        session += 1
                        let teacher = lane.instructors[half % lane.instructors.count]
                        let begin = Int64(day.dayNumber) * 1440 + Int64(start)
                        let topic =
                            number == 0 && half == 0
                            ? "开班、安全教育" : number == course.days.count - 1 ? "综合训练与模拟考核" : "操作训练"
                        try rows.add(
                            session, id(index), id(course.lane), id(teacher), numbers[teacher], begin,
                            begin + 210, Int64(4), topic)
                    }
                }
            }
        }
    }

    private func writeEnrollments() throws {
        try db.load(
            into: "enrollment",
            columns: [
                "enrollment_id", "class_id", "learner_id", "division", "state", "sequence", "low_income",
                "low_income_at", "source", "reason", "created_at", "changed_at",
            ]
        ) { rows in
            for (index, enrollment) in year.enrollments.enumerated() {
                let isLow = year.learners[enrollment.learner].isLowIncome
                try rows.add(
                    id(index), id(enrollment.classIndex), id(enrollment.learner), county, enrollment.state.rawValue,
                    Int64(enrollment.sequence), isLow ? "yes" : "no", moment(enrollment.createdOn), "self",
                    enrollment.reason, moment(enrollment.createdOn), moment(enrollment.changedOn))
            }
        }
    }

    /// Codes for most, a teacher's list for one class in eight; in one class four share a device, for the inspector.
    private func writeAttendance() throws {
        try db.load(
            into: "attendance",
            columns: [
                "session_id", "enrollment_id", "class_id", "state", "source", "marked_at", "device_digest", "reason",
                "marked_by",
            ]
        ) { rows in
            var first: Int64 = 1
            for (index, course) in year.classes.enumerated() {
                let isByTeacher = index % 8 == 7
                for place in course.enrollments where !year.enrollments[place].presence.isEmpty {
                    let enrollment = year.enrollments[place]
                    let device = index == 5 && enrollment.sequence <= 4 ? -1 : enrollment.learner
                    let digest = Array(SHA256.hash(data: Data("demo-device-\(device)".utf8)))
                    for (number, presence) in enrollment.presence.enumerated() {
                        let isThere = presence == .present || presence == .late
                        let isCode = isThere && !isByTeacher
                        let seconds = Int(DemoRandom.mix(UInt64(place * 64 + number)) % 600)
                        try rows.add(
                            first + Int64(number), id(place), id(index), presence.rawValue, isCode ? "code" : "teacher",
                            moment(
                                course.days[number / 2], Self.clock(morning: number % 2 == 0, presence, seconds)),
                            isCode ? digest : nil, presence == .leave ? "事假" : "", isCode ? "" : Self.officer)
                    }
                }
                first += Int64(course.sessions)
            }
        }
    }

    /// In UTC: within the ten minutes before 8:30 or 14:00 in Beijing, or after them for who is late.
    private static func clock(morning: Bool, _ presence: DemoPresence, _ seconds: Int) -> String {
        let start = (morning ? 30 : 6 * 60) * 60
        let second = presence == .present ? start - 600 + seconds : start + 600 + seconds
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(two(second / 3600)):\(two(second / 60 % 60)):\(two(second % 60))"
    }

    private func writeResults() throws {
        try db.load(
            into: "assessment_result",
            columns: [
                "enrollment_id", "attempt", "taken_on", "theory", "practice", "passed", "examiner", "recorded_by",
                "recorded_at",
            ]
        ) { rows in
            for (index, enrollment) in year.enrollments.enumerated() {
                let end = year.classes[enrollment.classIndex].end
                for (attempt, mark) in enrollment.marks.enumerated() {
                    let day = min(DemoYear.lastDay, end.adding(days: 2 + attempt * 3))
                    try rows.add(
                        id(index), Int64(attempt + 1), day.description, Int64(mark.theory), Int64(mark.practice),
                        Int64(mark.theory >= 600 && mark.practice >= 600 ? 1 : 0), "演示考评员", Self.officer, moment(day))
                }
            }
        }
        try db.load(
            into: "certificate",
            columns: [
                "number", "enrollment_id", "learner_id", "division", "trade", "level", "issued_on", "issued_by",
            ]
        ) { rows in
            for (index, enrollment) in year.enrollments.enumerated() {
                guard let number = enrollment.certificate, let issued = enrollment.issuedOn else { continue }
                let trade = DemoTrade.all[year.classes[enrollment.classIndex].trade]
                try rows.add(
                    number, id(index), id(enrollment.learner), county, trade.code, trade.level.rawValue,
                    issued.description, Self.reviewer)
            }
        }
    }
}
