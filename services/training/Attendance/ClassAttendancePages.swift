import Contracts
import Hummingbird
import ServiceKit
import SocialDomain
import Tabular

/// The sessions of a day, and a class's attendance with those who need a word.
struct ClassAttendancePages: Sendable {
    let app: TrainingApplication
    private static let mostSessions = 500

    func addRoutes(to routes: inout RouteTable) {
        routes.on(TrainingContract.attendanceDay) { request, context in try await day(request, context) }
        routes.on(TrainingContract.classAttendance) { request, context in try await show(request, context) }
        routes.on(TrainingContract.classAttendanceCSV) { request, context in try await csv(request, context) }
        routes.on(TrainingContract.attendanceRatios) { call in
            guard
                let found = try await app.attendance.ofClass(
                    call.parameters.class, within: call.scope, at: app.second)
            else { throw Problem.notFound }
            return Reply(
                ClassAttendanceRecord(
                    class: found.number,
                    learners: found.learners.map { learner in
                        .init(
                            enrollment: learner.enrollment, attendedHours: learner.ratio.attended,
                            heldHours: learner.ratio.held, isEnough: learner.ratio.reaches())
                    }))
        }
    }

    // MARK: - A day

    private func day(_ request: Request, _ context: KitContext) async throws -> Response {
        let words = app.site.words(context)
        let query = QueryItems(request.uri.query ?? "")
        let day = query["day"].flatMap { CalendarDate(iso8601: $0) } ?? app.today
        let sessions = try await app.attendance.sessions(
            on: day, within: try context.requireCaller().scope, limit: Self.mostSessions)
        var page = Page(
            "attendance-day", title: words["attend.day.title"],
            lead: words("attend.day.lead", ["day": Figures.date(day, in: words.language)]), place: "attendance")
        page.fields = Table(
            caption: words["attend.day.title"],
            columns: [
                .init(words["attend.day.class"]), .init(words["attend.day.time"], isShort: true),
                .init(words["attend.day.room"]), .init(words["attend.day.instructor"]),
                .init(words["attend.day.topic"], isMinor: true), .init(words["attend.day.list"], isShort: true),
            ],
            rows: sessions.map { session in
                [
                    .init(
                        session.classTitle, href: AttendancePages.path(session.classNumber, session.number),
                        note: session.school), .init(session.clock), .init(session.room), .init(session.instructor),
                    .init(session.topic), .init(words[Self.listKey(session, at: app.second)]),
                ]
            },
            emptiness: words["attend.day.empty"]
        ).fields()
        page.fields["day"] = day.description
        page.fields["beforeHref"] = "/training/attendance?day=\(day.adding(days: -1))"
        page.fields["afterHref"] = "/training/attendance?day=\(day.adding(days: 1))"
        return app.site.page(page, request, context)
    }

    static func listKey(_ session: AttendedSession, at second: Int64) -> String {
        if session.isCancelled { return "attend.state.cancelled" }
        if session.closedAt != nil { return "attend.state.closed" }
        if !session.hasBegun(at: second) { return "attend.state.planned" }
        return session.hasEnded(at: second) ? "attend.state.to-close" : "attend.state.running"
    }

    // MARK: - A class

    private func found(_ context: KitContext) async throws -> ClassAttendance {
        let scope = try context.requireCaller().scope
        guard let number = Int64(try context.parameters.require("class")),
            let found = try await app.attendance.ofClass(number, within: scope, at: app.second)
        else { throw Problem.notFound }
        try await app.journal.record(
            AuditEvent("attendance.look", subject: "class:\(number)", division: found.division, in: context))
        return found
    }

    private func show(_ request: Request, _ context: KitContext) async throws -> Response {
        let words = app.site.words(context)
        let found = try await found(context)
        let path = "/training/classes/\(found.number)"
        var page = Page("attendance-class", title: found.title, lead: words["attend.class.lead"], place: "attendance")
        page.crumbs = [(words["attend.day.title"], "/training/attendance")]
        let warned = found.learners.filter(\.isWarned)
        page.fields["warned"] = warned.isEmpty ? nil : learners(warned, words).fields()
        page.fields["warning"] = words(
            warned.isEmpty ? "attend.class.fine" : "attend.class.warned", ["n": "\(warned.count)"])
        page.fields["learners"] = learners(found.learners, words).fields()
        page.fields["sessions"] = sessions(found, words).fields()
        page.fields["csvHref"] = "\(path)/attendance.csv"
        page.fields["resultsHref"] = "\(path)/results"
        page.fields["certificatesHref"] = "\(path)/certificates"
        return app.site.page(page, request, context)
    }

    private func learners(_ learners: [ClassAttendance.Learner], _ words: Words) -> Table {
        Table(
            caption: words["attend.class.learners"],
            columns: [
                .init(words["attend.learner"]), .init(words["attend.enrollment"], isFigure: true, isMinor: true),
                .init(words["attend.class.hours"], isFigure: true), .init(words["attend.class.ratio"], isFigure: true),
                .init(words["attend.class.notes"]),
            ],
            rows: learners.map { learner in
                [
                    .init(learner.name), .init("\(learner.enrollment)"),
                    .init("\(learner.ratio.attended) / \(learner.ratio.held)"), .init(learner.ratio.text),
                    .init(notes(learner, words).joined(separator: words["attend.class.and"])),
                ]
            },
            emptiness: words["attend.list.empty"])
    }

    private func notes(_ learner: ClassAttendance.Learner, _ words: Words) -> [String] {
        var notes: [String] = []
        if learner.ratio.held > 0, !learner.ratio.reaches() { notes.append(words["attend.class.below"]) }
        if learner.missedInARow >= 2 {
            notes.append(words("attend.class.missed", ["n": "\(learner.missedInARow)"]))
        }
        return notes
    }

    private func sessions(_ found: ClassAttendance, _ words: Words) -> Table {
        Table(
            caption: words["attend.class.sessions"],
            columns: [
                .init(words["attend.day.time"]), .init(words["attend.day.topic"], isMinor: true),
                .init(words["attend.class.hours"], isFigure: true, isMinor: true),
            ] + AttendanceState.allCases.map { .init(words[$0.title], isFigure: true) } + [
                .init(words["attend.day.list"], isShort: true)
            ],
            rows: found.sessions.map { entry in
                let session = entry.session
                return [
                    .init(
                        "\(Figures.date(session.day, in: words.language)) \(session.clock)",
                        href: AttendancePages.path(found.number, session.number)), .init(session.topic),
                    .init("\(session.hours)"),
                ] + AttendanceState.allCases.map { .figure(entry.counts[$0] ?? 0) } + [
                    .init(words[Self.listKey(session, at: app.second)])
                ]
            },
            emptiness: words["attend.class.no-sessions"])
    }

    private func csv(_ request: Request, _ context: KitContext) async throws -> Response {
        let words = app.site.words(context)
        let found = try await found(context)
        var writer = CSVWriter(forPeople: true, lineEnd: .crlf, hasByteOrderMark: true)
        writer.append([
            words["attend.enrollment"], words["attend.learner"], words["attend.class.attended"],
            words["attend.class.held"], words["attend.class.ratio"], words["attend.class.notes"],
        ])
        for learner in found.learners {
            writer.append([
                .integer(Int(learner.enrollment)), .text(learner.name), .integer(Int(learner.ratio.attended)),
                .integer(Int(learner.ratio.held)), .text(learner.ratio.text),
                .text(notes(learner, words).joined(separator: "; ")),
            ])
        }
        return SheetPages.download(writer.bytes, name: "class-\(found.number)-attendance.csv")
    }
}
