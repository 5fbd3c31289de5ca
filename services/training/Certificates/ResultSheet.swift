import ServiceKit
import SocialDomain
import Storage

/// A class's results as a file: all of it is taken or nothing, and every line that is wrong is told.
struct ResultSheet {
    static let columns: [String: [String]] = [
        "class": ["班次", "班次编号", "class"], "enrollment": ["报名编号", "enrollment"], "name": ["姓名", "name"],
        "attempt": ["第几次", "attempt"], "day": ["考核日期", "day"], "theory": ["理论", "theory"],
        "practice": ["实操", "practice"], "examiner": ["考评员", "examiner"],
    ]
    static let header = ["班次", "报名编号", "姓名", "出勤率", "第几次", "考核日期", "理论", "实操", "考评员", "结果"]

    /// Reads a row's result; what is wrong names its column.
    static func result(_ row: UploadedSheet.Row, attempt: Int64) throws(UploadedSheet.Fault) -> AssessmentResult {
        guard let day = try? CalendarDate(parsing: row["day"]) else {
            throw .init(
                line: row.line, "考核日期“\(row["day"])”看不懂，请写成 2026-06-30。",
                "the day “\(row["day"])” cannot be read: write 2026-06-30.")
        }
        func points(_ column: String, _ title: String) throws(UploadedSheet.Fault) -> Int64? {
            let text = row[column]
            if text.isEmpty { return nil }
            guard let points = Points.parsed(text) else {
                throw .init(
                    line: row.line, "\(title)“\(text)”不是 0 到 100 的分数（最多一位小数）。",
                    "\(column) “\(text)” is not 0 to 100 with at most one decimal.")
            }
            return points
        }
        guard row["examiner"].count <= 100 else {
            throw .init(line: row.line, "考评员最多 100 个字。", "an examiner has at most 100 characters.")
        }
        return AssessmentResult(
            attempt: attempt, takenOn: day, theory: try points("theory", "理论"), practice: try points("practice", "实操"),
            examiner: row["examiner"])
    }
}

extension AssessmentStore {
    struct SheetOutcome: Hashable, Sendable {
        let line: Int
        let name: String
        let attempt: Int64
        /// Nil where the row has no points.
        let passed: Bool?
        /// The same stood there already.
        let isKnown: Bool
    }

    func take(
        _ sheet: UploadedSheet, forClass number: Int64, by acting: ActingAccount
    ) async throws -> [SheetOutcome] {
        try await database.write { db in
            guard let found = try Self.assessedClass(number, within: acting.caller.scope, in: db) else {
                throw Problem.notFound
            }
            if let other = sheet.rows.first(where: { !$0["class"].isEmpty && $0["class"] != "\(number)" }) {
                let fault = UploadedSheet.Fault(
                    line: other.line, "这是第 \(other["class"]) 号班的成绩表，不是本班（\(number)）的。",
                    "this is the sheet of class \(other["class"]) and not of this one (\(number)).")
                throw AttendanceSheet.Refusal(faults: [fault])
            }
            let learners = try Self.learners(number, at: acting.minute, in: db)
            var faults = sheet.faults
            var outcomes: [SheetOutcome] = []
            var seen: Set<Int64> = []
            for row in sheet.rows {
                do {
                    outcomes.append(try Self.take(row, learners, found, &seen, by: acting, in: db))
                } catch let fault as UploadedSheet.Fault {
                    faults.append(fault)
                } catch let refusal as AssessmentRefusal {
                    faults.append(
                        .init(line: row.line, refusal.explanation.zh, refusal.explanation.en))
                }
            }
            // What was written of the good rows goes with the transaction.
            guard faults.isEmpty else { throw AttendanceSheet.Refusal(faults: faults) }
            return outcomes
        }
    }

    private static func take(
        _ row: UploadedSheet.Row, _ learners: [Assessed], _ found: AssessedClass, _ seen: inout Set<Int64>,
        by acting: ActingAccount, in db: Connection
    ) throws -> SheetOutcome {
        guard let learner = learners.first(where: { "\($0.enrollment)" == row["enrollment"] }) else {
            throw UploadedSheet.Fault(
                line: row.line, "报名编号“\(row["enrollment"])”不在这个班里。",
                "enrollment “\(row["enrollment"])” is not in this class.")
        }
        let name = row["name"]
        guard name.isEmpty || name == learner.name || name == PersonName.masked(learner.name) else {
            throw UploadedSheet.Fault(
                line: row.line, "报名编号 \(learner.enrollment) 不是“\(name)”。",
                "enrollment \(learner.enrollment) is not “\(name)”.")
        }
        guard seen.insert(learner.enrollment).inserted else {
            throw UploadedSheet.Fault(line: row.line, "这个人前面已有一行。", "this person has a row before.")
        }
        let last = learner.results.last
        let attempt = Int64(row["attempt"]) ?? (last?.result.attempt ?? 0) + 1
        if row["theory"].isEmpty, row["practice"].isEmpty {
            return SheetOutcome(
                line: row.line, name: learner.name, attempt: attempt, passed: nil, isKnown: false)
        }
        let result = try ResultSheet.result(row, attempt: attempt)
        let isKnown = learner.results.contains { $0.result == result }
        try record(result, of: learner, in: found, reason: "", by: acting, in: db)
        return SheetOutcome(
            line: row.line, name: learner.name, attempt: attempt,
            passed: found.passMark.isPassed(theory: result.theory, practice: result.practice), isKnown: isKnown)
    }
}
