import ArgumentParser
import Foundation
import ServiceKit
import SocialDomain
import Storage

/// `demo`: fills an empty database with a county's year.
struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo", abstract: "Fill an empty database with a county's made-up year. 装入一个旗县一年的演示数据。",
        discussion: """
            Schools, classes from July 2025 to June 2026, learners, attendance, certificates, jobs, brands and subsidies. \
            The people are fictional. January to June 2026 add up to a county's part of the bureau's half-year: of 62,500 \
            person-times (34,600 urban, 27,900 rural, 17,700 in domestic service) one of --parts equal parts, in whole \
            people with exact sums. Classes that are open for sign-up begin after today. The same seed on the same day gives \
            the same data. Does nothing where there are schools or learners already. Exit codes: 0, 64 usage, 65 refused, 74 \
            failed midway.
            """)
    @OptionGroup var data: TrainingFolder

    @Option(help: "Which people: any whole number from 0.")
    var seed: UInt64 = 1

    @Option(help: "The county's code of six digits.")
    var county = DemoYear.defaultCounty

    @Option(help: "Of how many equal parts of the published table the county is one, 6 to 600.")
    var parts = DemoYear.defaultParts

    func validate() throws {
        guard DivisionCode(county)?.level == .county else {
            throw ValidationError("--county must be a county's code of six digits")
        }
        guard (6...600).contains(parts) else { throw ValidationError("--parts must lie between 6 and 600") }
    }

    func run() async throws {
        try await Told.run {
            guard let code = DivisionCode(county) else { return }
            let store = try data.open()
            let today = BeijingTime.day(iso8601: Date().formatted(.iso8601))
            let year = DemoYear(
                county: code, townships: DivisionTree.innerMongolia.children(of: code).map(\.code), today: today,
                seed: seed, parts: parts)
            guard try DemoLoad(year: year).callAsFunction(into: store.database, seal: LearnerSeal(ring: store.ring))
            else {
                print("there are schools or learners already 已有培训机构或学员，未作改动")
                return
            }
            print(
                """
                \(year.schools.count) schools, \(year.classes.count) classes, \(year.learners.count) learners, \
                \(year.enrollments.count) enrollments, \(year.jobs.placements.count) placements
                已装入 \(year.schools.count) 所机构、\(year.classes.count) 个班、\(year.learners.count) 名学员、\
                \(year.enrollments.count) 条报名、\(year.jobs.placements.count) 条就业记录
                """)
        }
    }
}

/// Puts a made-up year into a database that holds nobody yet.
struct DemoLoad {
    let year: DemoYear

    /// False where there was somebody already; then nothing is changed.
    func callAsFunction(into database: Database, seal: LearnerSeal) throws -> Bool {
        try database.writeInBulkBlocking { db in
            for table in ["school", "learner", "employer", "labour_brand", "budget"]
            where try db.first("SELECT 1 AS one FROM \(trusted: table) LIMIT 1") != nil { return false }
            try DemoWriter(year: year, seal: seal, db: db).write()
            return true
        }
    }
}
