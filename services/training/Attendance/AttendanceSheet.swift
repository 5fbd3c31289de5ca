import ServiceKit
import SocialDomain
import Storage

/// The sheet of a session, for rooms without a network: printed or downloaded, filled in, taken in later. All of it is
/// taken or nothing.
struct AttendanceSheet: Sendable {
    static let columns: [String: [String]] = [
        "session": ["场次", "场次编号", "session"], "enrollment": ["报名编号", "enrollment"], "name": ["姓名", "name"],
        "state": ["考勤", "情况", "state"], "reason": ["原因", "reason"],
    ]
    static let header = ["场次", "报名编号", "姓名", "考勤", "原因"]

    /// What became of a row.
    struct Outcome: Hashable, Sendable {
        enum Kind: String, Hashable, Sendable {
            case entered
            case replaced
            case unchanged
            /// Nothing stood in the row's state.
            case blank
            /// A code was used, and the sheet says otherwise: the code stands.
            case contradicted
        }

        let line: Int
        let enrollment: Int64
        let name: String
        let state: AttendanceState?
        let kind: Kind
    }

    struct Refusal: Error {
        let faults: [UploadedSheet.Fault]
    }

    /// The marks of the rows, or everything that is wrong with them.
    static func marks(
        _ sheet: UploadedSheet, _ session: AttendedSession, _ list: [AttendanceEntry]
    ) throws(Refusal) -> [(line: Int, entry: AttendanceEntry, mark: AttendanceStore.Mark?)] {
        var faults = sheet.faults
        if let other = sheet.rows.first(where: { !$0["session"].isEmpty && $0["session"] != "\(session.number)" }) {
            faults.insert(
                .init(
                    line: other.line, "这是第 \(other["session"]) 场的考勤表，不是本场（\(session.number)）的。",
                    "this is the sheet of session \(other["session"]) and not of this one (\(session.number))."), at: 0)
            throw Refusal(faults: faults)
        }
        var marks: [(line: Int, entry: AttendanceEntry, mark: AttendanceStore.Mark?)] = []
        var seen: [Int64: Int] = [:]
        for row in sheet.rows {
            do throws(UploadedSheet.Fault) {
                let entry = try entry(row, list)
                if let line = seen[entry.enrollment] {
                    throw .init(line: row.line, "与第 \(line) 行是同一个人。", "it names the same person as line \(line).")
                }
                seen[entry.enrollment] = row.line
                marks.append((row.line, entry, try mark(row, entry)))
            } catch {
                faults.append(error)
            }
        }
        guard faults.isEmpty else { throw Refusal(faults: faults) }
        return marks
    }

    private static func entry(
        _ row: UploadedSheet.Row, _ list: [AttendanceEntry]
    ) throws(UploadedSheet.Fault) -> AttendanceEntry {
        let (number, name) = (row["enrollment"], row["name"])
        if !number.isEmpty {
            guard let entry = list.first(where: { "\($0.enrollment)" == number }) else {
                throw .init(line: row.line, "报名编号 \(number) 不在这个班里。", "enrollment \(number) is not in this class.")
            }
            guard name.isEmpty || name == entry.name || name == PersonName.masked(entry.name) else {
                throw .init(
                    line: row.line, "报名编号 \(number) 不是“\(name)”。", "enrollment \(number) is not “\(name)”.")
            }
            return entry
        }
        guard !name.isEmpty else {
            throw .init(line: row.line, "没有报名编号，也没有姓名。", "it has neither an enrollment's number nor a name.")
        }
        let found = list.filter { $0.name == name || PersonName.masked($0.name) == name }
        guard let entry = found.first else {
            throw .init(line: row.line, "班里没有“\(name)”。", "nobody in the class is called “\(name)”.")
        }
        guard found.count == 1 else {
            throw .init(
                line: row.line, "班里有 \(found.count) 个“\(name)”，请填报名编号。",
                "\(found.count) in the class are called “\(name)”: give the enrollment's number.")
        }
        return entry
    }

    private static func mark(
        _ row: UploadedSheet.Row, _ entry: AttendanceEntry
    ) throws(UploadedSheet.Fault) -> AttendanceStore.Mark? {
        guard !row["state"].isEmpty else { return nil }
        guard let state = AttendanceState(written: row["state"]) else {
            throw .init(
                line: row.line, "“\(row["state"])”看不懂，请填：到课、迟到、请假、缺勤、已补课。",
                "“\(row["state"])” is none of: present, late, on leave, absent, made up.")
        }
        if state == .madeUp, row["reason"].isEmpty {
            throw .init(line: row.line, "补课要写明原因。", "made up needs a reason.")
        }
        guard row["reason"].count <= 200 else {
            throw .init(line: row.line, "原因最多 200 个字。", "a reason has at most 200 characters.")
        }
        return AttendanceStore.Mark(enrollment: entry.enrollment, state: state, reason: row["reason"])
    }
}

extension AttendanceStore {
    /// Takes a sheet in; every row is accounted for. The same file again does nothing and answers nil.
    func take(
        _ sheet: UploadedSheet, session number: Int64, ofClass classNumber: Int64, by acting: ActingAccount
    ) async throws -> [AttendanceSheet.Outcome]? {
        try await database.write { db in
            guard
                let session = try Self.session(number, ofClass: classNumber, within: acting.caller.scope, in: db)
            else { throw Problem.notFound }
            if session.isCancelled { throw AttendanceRefusal.cancelled }
            guard session.hasBegun(at: acting.second) else { throw AttendanceRefusal.notBegun }
            let list = try Self.list(of: number, inClass: classNumber, in: db)
            let marks = try AttendanceSheet.marks(sheet, session, list)
            let count = try db.execute(
                """
                INSERT INTO attendance_sheet (session_id, sha256, row_count, taken_at, taken_by)
                VALUES (\(number), \(sheet.sha256), \(Int64(sheet.rows.count)), \(acting.moment), \(acting.account))
                ON CONFLICT DO NOTHING
                """)
            guard count > 0 else { return nil }
            var outcomes: [AttendanceSheet.Outcome] = []
            for (line, entry, mark) in marks {
                let kind = try Self.apply(mark, entry, session, by: acting, in: db)
                outcomes.append(
                    .init(line: line, enrollment: entry.enrollment, name: entry.name, state: mark?.state, kind: kind))
            }
            try AuditLog.append(
                [
                    acting.event(
                        "attendance.sheet", subject: "session:\(number)", division: session.division,
                        reason: "\(sheet.rows.count) rows, SHA-256 \(sheet.sha256.prefix(12))")
                ], in: db)
            return outcomes
        }
    }

    private static func apply(
        _ mark: Mark?, _ entry: AttendanceEntry, _ session: AttendedSession, by acting: ActingAccount,
        in db: Connection
    ) throws -> AttendanceSheet.Outcome.Kind {
        guard let mark else { return .blank }
        if entry.state == mark.state { return .unchanged }
        if entry.source == "code" { return .contradicted }
        try put(mark, over: entry, in: session, source: "sheet", by: acting, in: db)
        return entry.state == nil ? .entered : .replaced
    }
}
