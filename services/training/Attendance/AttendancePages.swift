import Contracts
import Hummingbird
import ServiceKit
import SocialDomain

/// The list of a session for those who teach: the code, who is there, marks, closing.
struct AttendancePages: Sendable {
    let app: TrainingApplication
    private static let refreshSeconds = 5

    private var store: AttendanceStore { app.attendance }

    func addRoutes(to routes: inout RouteTable) {
        routes.on(TrainingContract.attendanceList) { request, context in try await list(request, context) }
        routes.on(TrainingContract.codeScreen) { request, context in try await screen(request, context) }
        routes.on(TrainingContract.attendanceEntry) { request, context in
            try await entry(request, context, typed: nil, refusal: nil)
        }
        routes.on(TrainingContract.markAttendance) { request, context in try await mark(request, context) }
        routes.on(TrainingContract.askClosing) { request, context in try await askClosing(request, context) }
        routes.on(TrainingContract.closeAttendance) { request, context in
            let (classNumber, number) = try Self.numbers(context)
            _ = try await store.close(session: number, ofClass: classNumber, by: app.acting(context))
            return Response(status: .seeOther, headers: [.location: Self.path(classNumber, number)])
        }
    }

    static func path(_ classNumber: Int64, _ session: Int64) -> String {
        "/training/classes/\(classNumber)/sessions/\(session)/attendance"
    }

    /// Of the class and the session in the address; what is no number names nothing.
    static func numbers(_ context: KitContext) throws -> (Int64, Int64) {
        guard let classNumber = Int64(try context.parameters.require("class")),
            let session = Int64(try context.parameters.require("session"))
        else { throw Problem.notFound }
        return (classNumber, session)
    }

    static func session(_ context: KitContext, _ app: TrainingApplication) async throws -> AttendedSession {
        let (classNumber, number) = try numbers(context)
        let scope = try context.requireCaller().scope
        guard let session = try await app.attendance.session(number, ofClass: classNumber, within: scope) else {
            throw Problem.notFound
        }
        return session
    }

    static func crumbs(_ session: AttendedSession, _ words: Words, list: Bool) -> [(name: String, href: String)] {
        var crumbs = [
            (name: words["attend.day.title"], href: "/training/attendance?day=\(session.day)"),
            (name: session.classTitle, href: "/training/classes/\(session.classNumber)/attendance"),
        ]
        if list {
            crumbs.append((name: words["attend.list.title"], href: path(session.classNumber, session.number)))
        }
        return crumbs
    }

    static func lead(_ session: AttendedSession, _ words: Words) -> String {
        let parts = [
            Figures.date(session.day, in: words.language) + " " + session.clock,
            words("attend.hours", ["n": "\(session.hours)"]), session.room, session.instructor, session.topic,
        ]
        return parts.filter { !$0.isEmpty }.joined(separator: " · ")
    }

    // MARK: - The code

    private func address(_ session: AttendedSession, _ code: String, _ request: Request) -> String {
        "\(app.publicStart(request))/training/check-in/\(session.number)?code=\(code)"
    }

    /// Nil where no code is shown: to those who do not teach, before and after the session, and when the list is closed.
    private func codeFields(
        _ session: AttendedSession, _ request: Request, _ context: KitContext
    ) async throws -> Fields? {
        guard TrainingContract.teaching.allows(context.caller), !session.isCancelled, session.closedAt == nil,
            session.phase(at: app.second) == .open
        else { return nil }
        let words = app.site.words(context)
        let code = try await store.show(session, by: app.acting(context), from: context.remoteAddress)
        let digits = code.text(atStep: CheckInCode.step(app.second))
        return [
            "digits": "\(digits.prefix(3)) \(digits.suffix(3))",
            "qr": QRCode(address(session, digits, request))?.svg(label: words["attend.code.qr"]) ?? "",
            "screenHref": "/training/classes/\(session.classNumber)/sessions/\(session.number)/code",
        ]
    }

    private func screen(_ request: Request, _ context: KitContext) async throws -> Response {
        let words = app.site.words(context)
        let session = try await Self.session(context, app)
        var page = Page("attendance-screen", title: session.classTitle, lead: Self.lead(session, words))
        page.layout = .public
        page.crumbs = [(words["attend.list.title"], Self.path(session.classNumber, session.number))]
        page.fields["code"] = try await codeFields(session, request, context)
        let entries = try await store.list(of: session)
        page.fields["count"] = words(
            "attend.screen.count",
            ["here": "\(entries.filter { $0.state?.counts == true }.count)", "all": "\(entries.count)"])
        page.fields["none"] = words[phaseKey(session)]
        if page.fields["code"] != nil { page.refreshSeconds = Self.refreshSeconds }
        return app.site.page(page, request, context)
    }

    private func phaseKey(_ session: AttendedSession) -> String {
        if session.isCancelled { return "attend.phase.cancelled" }
        if session.closedAt != nil { return "attend.phase.closed" }
        return switch session.phase(at: app.second) {
        case .early: "attend.phase.early"
        case .open: "attend.phase.open"
        case .over: "attend.phase.over"
        }
    }

    // MARK: - The list

    private func list(_ request: Request, _ context: KitContext) async throws -> Response {
        let words = app.site.words(context)
        let session = try await Self.session(context, app)
        var page = Page(
            "attendance-list", title: session.classTitle, lead: Self.lead(session, words), place: "attendance")
        page.crumbs = Self.crumbs(session, words, list: false)
        let code = try await codeFields(session, request, context)
        let entries = try await store.list(of: session)
        page.fields = table(session, entries, words).fields()
        page.fields["code"] = code
        page.fields["phase"] = words[phaseKey(session)]
        page.fields["counts"] =
            AttendanceState.allCases.map { state -> Fields in
                ["name": words[state.title], "n": "\(entries.filter { $0.state == state }.count)"]
            } + [
                ["name": words["attend.unmarked"], "n": "\(entries.filter { $0.state == nil }.count)"] as Fields
            ]
        if TrainingContract.teaching.allows(context.caller), !session.isCancelled {
            let start = "/training/classes/\(session.classNumber)/sessions/\(session.number)"
            page.fields["sheetHref"] = "\(start)/sheet"
            if session.hasEnded(at: app.second), session.closedAt == nil { page.fields["closeHref"] = "\(start)/close" }
        }
        if code != nil { page.refreshSeconds = Self.refreshSeconds }
        return app.site.page(page, request, context)
    }

    private func table(_ session: AttendedSession, _ entries: [AttendanceEntry], _ words: Words) -> Table {
        Table(
            caption: words["attend.list.title"],
            columns: [
                .init(words["attend.learner"]), .init(words["attend.state"], isShort: true),
                .init(words["attend.marked"]), .init(words["attend.reason"], isMinor: true),
            ],
            rows: entries.map { entry in
                let time = entry.markedAt.isEmpty ? "" : Figures.moment(entry.markedAt, in: words.language)
                let source = entry.state == nil ? "" : words["attend.source.\(entry.source)"]
                return [
                    .init(
                        entry.name, href: "\(Self.path(session.classNumber, session.number))/\(entry.enrollment)",
                        note: entry.isSeated ? nil : words["attend.left"]),
                    .init(entry.state.map { words[$0.title] } ?? words["attend.unmarked"]),
                    .init(
                        [time, source].filter { !$0.isEmpty }.joined(separator: " · "),
                        note: entry.isMarkedLate ? words["attend.late-entry"] : nil),
                    .init(entry.reason),
                ]
            },
            emptiness: words["attend.list.empty"])
    }

    // MARK: - One learner

    private func entry(
        _ request: Request, _ context: KitContext, typed: Form?, refusal: AttendanceRefusal?
    ) async throws -> Response {
        let words = app.site.words(context)
        let session = try await Self.session(context, app)
        guard let number = Int64(try context.parameters.require("enrollment")),
            let entry = try await store.list(of: session).first(where: { $0.enrollment == number })
        else { throw Problem.notFound }
        var page = Page("attendance-entry", title: entry.name, lead: Self.lead(session, words), place: "attendance")
        page.crumbs = Self.crumbs(session, words, list: true)
        let path = "\(Self.path(session.classNumber, session.number))/\(number)"
        page.addressAfterPost = path
        page.fields["now"] = entry.state.map { words[$0.title] } ?? words["attend.unmarked"]
        if entry.state != nil {
            var details = [Figures.moment(entry.markedAt, in: words.language), words["attend.source.\(entry.source)"]]
            if entry.isMarkedLate { details.append(words["attend.late-entry"]) }
            if !entry.reason.isEmpty { details.append(entry.reason) }
            page.fields["details"] = details.joined(separator: " · ")
        }
        if TrainingContract.teaching.allows(context.caller), !session.isCancelled {
            page.fields["form"] =
                [
                    "action": path, "seen": entry.seen, "reason": typed?["reason"] ?? "",
                    "fault": refusal.map { words[$0.explanation] } ?? "", "hasFault": refusal != nil,
                    "states": AttendanceState.allCases.map { state -> Fields in
                        [
                            "value": state.rawValue, "name": words[state.title],
                            "isChosen": typed?["state"] == state.rawValue,
                        ]
                    },
                ] as Fields
        }
        if let refusal {
            page.faults = [FieldFault(field: refusal.field, message: refusal.explanation)]
            if case .changedMeanwhile = refusal { page.status = .conflict } else { page.status = .unprocessableContent }
        }
        return app.site.page(page, request, context)
    }

    private func mark(_ request: Request, _ context: KitContext) async throws -> Response {
        let form = try await Form.read(request)
        let (classNumber, number) = try Self.numbers(context)
        guard let enrollment = Int64(try context.parameters.require("enrollment")) else { throw Problem.notFound }
        do {
            guard let state = form["state"].flatMap(AttendanceState.init(rawValue:)) else {
                throw AttendanceRefusal.stateMissing
            }
            try await store.mark(
                .init(enrollment: enrollment, state: state, reason: form["reason"] ?? ""), session: number,
                ofClass: classNumber, seen: form["seen"] ?? "", by: app.acting(context))
        } catch let refusal as AttendanceRefusal {
            return try await entry(request, context, typed: form, refusal: refusal)
        }
        return Response(status: .seeOther, headers: [.location: Self.path(classNumber, number)])
    }

    // MARK: - Closing

    private func askClosing(_ request: Request, _ context: KitContext) async throws -> Response {
        let words = app.site.words(context)
        let session = try await Self.session(context, app)
        let back = Self.path(session.classNumber, session.number)
        if session.isCancelled { throw AttendanceRefusal.cancelled }
        guard session.hasEnded(at: app.second) else { throw AttendanceRefusal.notEnded }
        if session.closedAt != nil { return Response(status: .seeOther, headers: [.location: back]) }
        let unmarked = try await store.list(of: session).filter { $0.state == nil && $0.isSeated }.count
        var question = Confirmation(
            title: words["attend.close.title"], effect: words("attend.close.effect", ["n": "\(unmarked)"]),
            verb: words["attend.close.verb"],
            action: "/training/classes/\(session.classNumber)/sessions/\(session.number)/close", back: back)
        question.place = "attendance"
        question.crumbs = Self.crumbs(session, words, list: true)
        return app.site.page(question, request, context)
    }
}

extension TrainingApplication {
    var attendance: AttendanceStore { AttendanceStore(database: database, ring: store.ring) }

    /// The address under which citizens reach the service, `https://hall.example`.
    func publicStart(_ request: Request) -> String {
        publicAddress ?? "http://\(request.head.authority ?? "localhost")"
    }
}
