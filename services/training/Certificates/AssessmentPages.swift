import Contracts
import Hummingbird
import ServiceKit
import SocialDomain
import Tabular

/// Results of a class: the table, one learner's attempts, a sheet, the pass mark, exceptions.
struct AssessmentPages: Sendable {
    let app: TrainingApplication

    private var store: AssessmentStore { AssessmentStore(database: app.database) }

    func addRoutes(to routes: inout RouteTable) {
        routes.on(TrainingContract.classResults) { request, context in try await show(request, context, faults: []) }
        routes.on(TrainingContract.resultSheetCSV) { request, context in try await csv(request, context) }
        routes.on(TrainingContract.takeResultSheet) { request, context in try await take(request, context) }
        routes.on(TrainingContract.setPassMark) { request, context in try await setMark(request, context) }
        routes.on(TrainingContract.learnerResult) { request, context in
            try await one(request, context, typed: nil, refusal: nil)
        }
        routes.on(TrainingContract.recordResult) { request, context in try await record(request, context) }
        routes.on(TrainingContract.grantException) { request, context in try await grant(request, context) }
    }

    static func path(_ classNumber: Int64) -> String { "/training/classes/\(classNumber)/results" }

    private func classNumber(_ context: KitContext) throws -> Int64 {
        guard let number = Int64(try context.parameters.require("class")) else { throw Problem.notFound }
        return number
    }

    private func found(
        _ context: KitContext
    ) async throws -> (AssessmentStore.AssessedClass, [AssessmentStore.Assessed]) {
        let scope = try context.requireCaller().scope
        guard let found = try await store.assessed(try classNumber(context), within: scope, at: app.second) else {
            throw Problem.notFound
        }
        return found
    }

    private func crumbs(
        _ found: AssessmentStore.AssessedClass, _ words: Words, results: Bool
    ) -> [(name: String, href: String)] {
        var crumbs = [
            (name: words["attend.day.title"], href: "/training/attendance"),
            (name: found.title, href: "/training/classes/\(found.number)/attendance"),
        ]
        if results { crumbs.append((name: words["result.title"], href: Self.path(found.number))) }
        return crumbs
    }

    // MARK: - The class

    private func show(
        _ request: Request, _ context: KitContext, faults: [LocalizedText], field: String = "file"
    ) async throws -> Response {
        let words = app.site.words(context)
        let (found, learners) = try await found(context)
        var page = Page(
            "results", title: words["result.title"], lead: words("result.lead", ["class": found.title]),
            place: "attendance")
        page.crumbs = crumbs(found, words, results: false)
        page.addressAfterPost = Self.path(found.number)
        page.fields = table(found, learners, words).fields()
        page.fields["mark"] = words(
            "result.mark",
            ["theory": mark(found.passMark.theory, words), "practice": mark(found.passMark.practice, words)])
        page.fields["csvHref"] = Self.path(found.number) + ".csv"
        page.fields["certificatesHref"] = "/training/classes/\(found.number)/certificates"
        if TrainingContract.keeping.allows(context.caller) {
            page.fields["take"] = ["action": Self.path(found.number)] as Fields
        }
        if TrainingContract.reviewing.allows(context.caller) {
            page.fields["set"] =
                [
                    "action": "/training/classes/\(found.number)/pass-mark",
                    "theory": Points.text(found.passMark.theory), "practice": Points.text(found.passMark.practice),
                ] as Fields
        }
        page.faults =
            field == "file" ? SheetPages.faults(faults) : faults.map { FieldFault(field: field, message: $0) }
        if !faults.isEmpty { page.status = .unprocessableContent }
        return app.site.page(page, request, context)
    }

    private func mark(_ points: Int64?, _ words: Words) -> String {
        points.map { Points.text($0) } ?? words["result.mark.none"]
    }

    private func table(
        _ found: AssessmentStore.AssessedClass, _ learners: [AssessmentStore.Assessed], _ words: Words
    ) -> Table {
        Table(
            caption: words["result.title"],
            columns: [
                .init(words["attend.learner"]), .init(words["attend.enrollment"], isFigure: true, isMinor: true),
                .init(words["attend.class.ratio"], isFigure: true), .init(words["result.attempt"], isFigure: true),
                .init(words["result.theory"], isFigure: true), .init(words["result.practice"], isFigure: true),
                .init(words["result.state"], isShort: true),
            ],
            rows: learners.map { learner in
                let last = learner.passing ?? learner.results.last
                return [
                    .init(learner.name, href: "\(Self.path(found.number))/\(learner.enrollment)"),
                    .init("\(learner.enrollment)"), .init(learner.ratio.text),
                    .init(last.map { "\($0.result.attempt)" } ?? ""),
                    .init(Points.text(last?.result.theory)), .init(Points.text(last?.result.practice)),
                    .init(words[Self.stateKey(learner)]),
                ]
            },
            emptiness: words["attend.list.empty"])
    }

    static func stateKey(_ learner: AssessmentStore.Assessed) -> String {
        if learner.certificate != nil { return "result.state.certified" }
        if learner.passing != nil { return "result.state.passed" }
        if learner.results.count >= Int(AssessmentResult.mostAttempts) { return "result.state.failed" }
        if !learner.results.isEmpty { return "result.state.re-sit" }
        return learner.mayBeAssessed ? "result.state.open" : "result.state.attendance"
    }

    // MARK: - A sheet

    private func csv(_ request: Request, _ context: KitContext) async throws -> Response {
        let words = app.site.words(context)
        let (found, learners) = try await found(context)
        try await app.journal.record(
            AuditEvent("result.export", subject: "class:\(found.number)", division: found.division, in: context))
        var writer = CSVWriter(forPeople: true, lineEnd: .crlf, hasByteOrderMark: true)
        writer.append(ResultSheet.header)
        for learner in learners {
            let last = learner.passing ?? learner.results.last
            writer.append([
                "\(found.number)", "\(learner.enrollment)", PersonName.masked(learner.name), learner.ratio.text,
                last.map { "\($0.result.attempt)" } ?? "", last?.result.takenOn.description ?? "",
                Points.text(last?.result.theory), Points.text(last?.result.practice), last?.result.examiner ?? "",
                words[Self.stateKey(learner)],
            ])
        }
        return SheetPages.download(writer.bytes, name: "class-\(found.number)-results.csv")
    }

    private func take(_ request: Request, _ context: KitContext) async throws -> Response {
        let words = app.site.words(context)
        let (found, _) = try await found(context)
        let outcomes: [AssessmentStore.SheetOutcome]
        do {
            let sheet = try await SheetPages.sheet(
                request, context, folder: "\(app.store.folder)/incoming", columns: ResultSheet.columns,
                required: ["class", "enrollment", "day"])
            outcomes = try await store.take(sheet, forClass: found.number, by: app.acting(context))
        } catch let fault as UploadedSheet.Fault {
            return try await show(request, context, faults: [fault.explanation])
        } catch let refusal as AttendanceSheet.Refusal {
            return try await show(request, context, faults: refusal.faults.map(\.explanation))
        }
        var page = Page(
            "attendance-taken", title: words["result.taken.title"], lead: words("result.lead", ["class": found.title]),
            place: "attendance")
        page.crumbs = crumbs(found, words, results: true)
        page.addressAfterPost = Self.path(found.number)
        page.fields = Table(
            caption: words["result.taken.title"],
            columns: [
                .init(words["attend.learner"]), .init(words["attend.taken.line"], isFigure: true),
                .init(words["result.attempt"], isFigure: true), .init(words["attend.taken.outcome"]),
            ],
            rows: outcomes.map { outcome in
                let key =
                    outcome.passed.map {
                        outcome.isKnown ? "result.taken.known" : $0 ? "result.state.passed" : "result.taken.failed"
                    }
                    ?? "attend.taken.blank"
                return [
                    .init(outcome.name), .figure(outcome.line), .init("\(outcome.attempt)"), .init(words[key]),
                ]
            }
        ).fields()
        let new = outcomes.filter { $0.passed != nil && !$0.isKnown }.count
        page.notice = words("attend.taken.done", ["rows": "\(outcomes.count)", "n": "\(new)"])
        page.fields["listHref"] = Self.path(found.number)
        return app.site.page(page, request, context)
    }

    private func setMark(_ request: Request, _ context: KitContext) async throws -> Response {
        let form = try await Form.read(request)
        let number = try classNumber(context)
        let parts = ["theory", "practice"].map { name in form[name].map { (name, Points.parsed($0)) } }
        if let wrong = parts.compactMap(\.self).first(where: { $0.1 == nil }) {
            let message = LocalizedText(
                zh: "分数是 0 到 100，最多一位小数。", en: "Points are 0 to 100 with at most one decimal.")
            return try await show(request, context, faults: [message], field: "mark-\(wrong.0)")
        }
        let mark = PassMark(theory: parts[0]?.1, practice: parts[1]?.1)
        guard mark.theory != nil || mark.practice != nil else {
            let message = LocalizedText(zh: "理论和实操至少考一项。", en: "At least one of theory and practice is assessed.")
            return try await show(request, context, faults: [message], field: "mark-theory")
        }
        try await store.set(mark, forClass: number, by: app.acting(context))
        return Response(status: .seeOther, headers: [.location: Self.path(number)])
    }

    // MARK: - One learner

    private func one(
        _ request: Request, _ context: KitContext, typed: Form?, refusal: AssessmentRefusal?
    ) async throws -> Response {
        let words = app.site.words(context)
        let (found, learners) = try await found(context)
        guard let number = Int64(try context.parameters.require("enrollment")),
            let learner = learners.first(where: { $0.enrollment == number })
        else { throw Problem.notFound }
        let path = "\(Self.path(found.number))/\(number)"
        var page = Page(
            "result", title: learner.name,
            lead: words(
                "result.one.lead",
                ["class": found.title, "ratio": learner.ratio.text, "state": words[Self.stateKey(learner)]]),
            place: "attendance")
        page.crumbs = crumbs(found, words, results: true)
        page.addressAfterPost = path
        page.fields = attempts(learner, words).fields()
        page.fields["exception"] = learner.exception.map {
            words("result.exception.granted", ["reason": $0.reason, "by": $0.by])
        }
        if TrainingContract.keeping.allows(context.caller), learner.certificate == nil {
            page.fields["record"] = recordFields(learner, path, typed, words)
        }
        if TrainingContract.reviewing.allows(context.caller), !learner.mayBeAssessed {
            page.fields["grant"] = ["action": "\(path)/exception", "reason": typed?["reason"] ?? ""] as Fields
        }
        if let refusal {
            page.faults = [FieldFault(field: refusal.field, message: refusal.explanation)]
            if case .field = refusal { page.status = .unprocessableContent } else { page.status = .conflict }
        }
        return app.site.page(page, request, context)
    }

    private func attempts(_ learner: AssessmentStore.Assessed, _ words: Words) -> Table {
        Table(
            caption: words["result.attempts"],
            columns: [
                .init(words["result.attempt"]), .init(words["result.day"], isShort: true),
                .init(words["result.theory"], isFigure: true), .init(words["result.practice"], isFigure: true),
                .init(words["result.state"], isShort: true), .init(words["result.examiner"], isMinor: true),
                .init(words["result.recorder"], isMinor: true),
            ],
            rows: learner.results.map { entry in
                [
                    .init("\(entry.result.attempt)"), .init(Figures.date(entry.result.takenOn, in: words.language)),
                    .init(Points.text(entry.result.theory)), .init(Points.text(entry.result.practice)),
                    .init(words[entry.passed ? "result.state.passed" : "result.taken.failed"]),
                    .init(entry.result.examiner), .init(entry.recordedBy),
                ]
            },
            emptiness: words[learner.mayBeAssessed ? "result.none" : "result.none.attendance"])
    }

    /// Nil where there is nothing to record: too little attendance, passed, or no attempt left.
    private func recordFields(
        _ learner: AssessmentStore.Assessed, _ path: String, _ typed: Form?, _ words: Words
    ) -> Fields? {
        guard learner.mayBeAssessed else { return nil }
        let last = learner.results.last
        let isOver = learner.passing != nil || learner.results.count >= Int(AssessmentResult.mostAttempts)
        let next = isOver ? last?.result.attempt ?? 1 : (last?.result.attempt ?? 0) + 1
        let attempt = typed?["attempt"] ?? "\(next)"
        return [
            "action": path, "day": typed?["day"] ?? app.today.description, "theory": typed?["theory"] ?? "",
            "practice": typed?["practice"] ?? "", "examiner": typed?["examiner"] ?? "",
            "reason": typed?["reason"] ?? "",
            "title": words[isOver ? "result.correct" : "result.record"],
            "attempts": (last.map { [$0.result.attempt] } ?? []).filter { $0 != next }.map {
                [
                    "value": "\($0)", "name": words("result.attempt.correct", ["n": "\($0)"]),
                    "isChosen": attempt == "\($0)",
                ]
                    as Fields
            } + [
                [
                    "value": "\(next)",
                    "name": words(isOver ? "result.attempt.correct" : "result.attempt.new", ["n": "\(next)"]),
                    "isChosen": attempt == "\(next)",
                ] as Fields
            ],
            "mayCorrect": last != nil,
        ]
    }

    private func record(_ request: Request, _ context: KitContext) async throws -> Response {
        let form = try await Form.read(request)
        let number = try classNumber(context)
        guard let enrollment = Int64(try context.parameters.require("enrollment")) else { throw Problem.notFound }
        do {
            let result = try Self.result(form)
            try await store.record(
                result, of: enrollment, inClass: number, reason: form["reason"] ?? "", by: app.acting(context))
        } catch let refusal as AssessmentRefusal {
            return try await one(request, context, typed: form, refusal: refusal)
        }
        return Response(status: .seeOther, headers: [.location: "\(Self.path(number))/\(enrollment)"])
    }

    private static func result(_ form: Form) throws(AssessmentRefusal) -> AssessmentResult {
        guard let attempt = form["attempt"].flatMap({ Int64($0) }) else {
            throw .field("attempt", LocalizedText(zh: "请选择第几次考核。", en: "Choose which attempt it is."))
        }
        guard let day = try? CalendarDate(parsing: form["day"] ?? "") else {
            throw .field("day", LocalizedText(zh: "请填写考核日期，例如 2026-06-30。", en: "Give the day, such as 2026-06-30."))
        }
        func points(_ name: String) throws(AssessmentRefusal) -> Int64? {
            guard let text = form[name] else { return nil }
            guard let points = Points.parsed(text) else {
                throw .field(
                    name, LocalizedText(zh: "分数是 0 到 100，最多一位小数。", en: "Points are 0 to 100 with at most one decimal."))
            }
            return points
        }
        let examiner = form["examiner"] ?? ""
        guard examiner.count <= 100, (form["reason"] ?? "").count <= 200 else {
            throw .field("examiner", LocalizedText(zh: "文字太长，请写短些。", en: "The text is too long."))
        }
        return AssessmentResult(
            attempt: attempt, takenOn: day, theory: try points("theory"), practice: try points("practice"),
            examiner: examiner)
    }

    private func grant(_ request: Request, _ context: KitContext) async throws -> Response {
        let form = try await Form.read(request)
        let number = try classNumber(context)
        guard let enrollment = Int64(try context.parameters.require("enrollment")) else { throw Problem.notFound }
        do {
            try await store.grant(form["reason"] ?? "", to: enrollment, inClass: number, by: app.acting(context))
        } catch let refusal as AssessmentRefusal {
            return try await one(request, context, typed: form, refusal: refusal)
        }
        return Response(status: .seeOther, headers: [.location: "\(Self.path(number))/\(enrollment)"])
    }
}
