import Contracts
import Foundation
import Hummingbird
import ServiceKit
import SocialDomain
import Storage

/// `/training/my/TOKEN`: what a learner sees and does without an account.
struct OwnPages: Sendable {
    let app: TrainingApplication

    func addRoutes(to routes: inout RouteTable) {
        routes.on(TrainingContract.ownPage) { request, context in try await show(request, context) }
        routes.on(TrainingContract.acceptSeat) { request, context in
            try await act(request, context, "accepted") { id, token, _ in
                try await app.desk.accept(id, token, requestID: context.requestID)
            }
        }
        routes.on(TrainingContract.askLeave) { request, context in try await askLeave(request, context) }
        routes.on(TrainingContract.leaveClass) { request, context in
            try await act(request, context, "left") { id, token, _ in
                try await app.desk.leave(id, token, requestID: context.requestID)
            }
        }
        routes.on(TrainingContract.wishTransfer) { request, context in
            try await act(request, context, "wished") { id, token, form in
                try await app.desk.wishTransfer(
                    id, to: form["to"].flatMap { Int64($0) }, token, requestID: context.requestID)
            }
        }
    }

    private func token(_ context: KitContext) throws -> LearnerToken {
        guard let token = LearnerToken(try context.parameters.require("token")) else { throw Problem.notFound }
        return token
    }

    private func act(
        _ request: Request, _ context: KitContext, _ done: String,
        _ work: (Int64, LearnerToken, Form) async throws -> Void
    ) async throws -> Response {
        let (token, id) = (try token(context), try app.id("enrollment", context))
        do {
            try await work(id, token, try await Form.read(request))
            return app.seeOther("\(token.path)?done=\(done)")
        } catch let refusal as EnrollmentRefusal {
            return try await show(request, context, refusal)
        }
    }

    private struct Line: Sendable {
        let enrollment: Int64
        let state: EnrollmentState
        let place: Int?
        let offer: CatalogueClass
        let offeredUntil: String?
        let reason: String
        let wanted: Int64?
        let certificate: String?
        /// What can be expected of a class that has not ended for the learner.
        let verdict: Verdict?
    }

    /// Work that the learner asked for, and what became of it.
    private struct Application: Sendable {
        let vacancy: Int64
        let title: String
        let employer: String
        let state: ApplicationState
        let refusal: RefusalReason?
    }

    private func applications(_ token: LearnerToken) async throws -> [Application] {
        try await app.database.read { db in
            guard let learner = try LearnerRegister.learner(with: token, in: db) else { return [] }
            return try db.rows(
                """
                SELECT a.vacancy_id, a.state, a.refusal, v.title, m.name AS employer FROM job_application a
                JOIN vacancy v ON v.vacancy_id = a.vacancy_id JOIN employer m ON m.employer_id = v.employer_id
                WHERE a.learner_id = \(learner) ORDER BY a.application_id DESC LIMIT 20
                """
            ).map { row in
                Application(
                    vacancy: try row.get("vacancy_id"), title: try row.get("title"), employer: try row.get("employer"),
                    state: ApplicationState(rawValue: try row.get("state")) ?? .sent,
                    refusal: try row.get("refusal", as: String?.self).flatMap(RefusalReason.init(rawValue:)))
            }
        }
    }

    private func lines(_ token: LearnerToken) async throws -> (learner: String, lines: [Line])? {
        let (settings, today) = (app.enrollment, app.today)
        return try await app.database.read { db in
            guard let learner = try LearnerRegister.learner(with: token, in: db),
                let head = try db.first("SELECT name, born_on, sex, groups FROM learner WHERE learner_id = \(learner)")
            else { return nil }
            let lines = try db.rows(
                """
                SELECT e.*, t.number AS certificate FROM enrollment e
                LEFT JOIN certificate t ON t.enrollment_id = e.enrollment_id AND t.revoked_on IS NULL
                WHERE e.learner_id = \(learner) ORDER BY e.enrollment_id DESC LIMIT 50
                """
            ).compactMap { row -> Line? in
                let (id, classID): (Int64, Int64) = (try row.get("enrollment_id"), try row.get("class_id"))
                guard let offer = try ClassCatalogue.offer(classID, in: db) else { return nil }
                let state = EnrollmentState(rawValue: try row.get("state")) ?? .withdrawn
                return Line(
                    enrollment: id, state: state,
                    place: state == .waiting
                        ? try EnrollmentFacts.place(of: id, policy: offer.policy, in: db) : nil,
                    offer: offer, offeredUntil: try row.get("offered_until"), reason: try row.get("reason"),
                    wanted: try row.get("transfer_wanted"), certificate: try row.get("certificate"),
                    verdict: state.isOpen
                        ? try Self.verdict(
                            for: head, LowIncome(rawValue: try row.get("low_income")) ?? .unasked,
                            EnrollmentFacts.history(
                                of: learner, trade: offer.trade, level: offer.level, year: today.year, in: db),
                            settings, today) : nil)
            }
            return (try head.get("name"), lines)
        }
    }

    private static func verdict(
        for learner: Row, _ lowIncome: LowIncome, _ history: Verdict.History,
        _ settings: EnrollmentSettings, _ today: CalendarDate
    ) throws -> Verdict? {
        guard let bornOn = CalendarDate(iso8601: try learner.get("born_on", as: String.self)),
            let sex = Sex(rawValue: try learner.get("sex"))
        else { return nil }
        let person = Verdict.Person(
            bornOn: bornOn, sex: sex, groups: SignUpPerson.groups(try learner.get("groups")), lowIncome: lowIncome)
        return try? Verdict.judge(person, history: history, settings: settings, on: today)
    }

    private func show(
        _ request: Request, _ context: KitContext, _ refusal: EnrollmentRefusal? = nil
    ) async throws -> Response {
        let token = try token(context)
        guard let (learner, lines) = try await lines(token) else { throw Problem.notFound }
        let view = CatalogueView(words: app.site.words(context), divisions: app.divisions)
        let words = view.words
        var page = Page("my", title: words("my.title", ["name": learner]), lead: words["my.lead"])
        page.layout = .public
        page.addressAfterPost = token.path
        if let refusal {
            page.status = .conflict
            page.faults = [FieldFault(field: "list", message: refusal.explanation)]
        } else if let done = QueryItems(request.uri.query ?? "")["done"], ["accepted", "left", "wished"].contains(done)
        {
            page.notice = words["my.done.\(done)"]
        }
        page.fields["checkInHref"] = "/training/check-in/as/\(token.text)"
        var items: [Fields] = []
        for line in lines { items.append(try await item(line, token, view)) }
        page.fields["items"] = items
        let asked = try await applications(token).map { one -> Fields in
            var fields: Fields = [
                "href": "\(VacancyPages.path)/\(one.vacancy)", "title": one.title, "employer": one.employer,
                "state": words[one.state.title],
            ]
            fields["why"] = one.refusal.map { words[$0.title] }
            return fields
        }
        if !asked.isEmpty { page.fields["applications"] = ["list": asked] as Fields }
        return app.site.page(page, request, context)
    }

    private func item(_ line: Line, _ token: LearnerToken, _ view: CatalogueView) async throws -> Fields {
        let words = view.words
        let start = "\(token.path)/\(line.enrollment)"
        var fields: Fields = [
            "title": line.offer.title, "href": "/training/open/\(line.offer.id)", "state": words[line.state.title],
            "number": words("attend.enrollment.number", ["n": "\(line.enrollment)"]),
            "when": words(
                "offer.when",
                [
                    "from": view.date(line.offer.startsOn), "to": view.date(line.offer.endsOn),
                    "n": "\(line.offer.hours)",
                ]),
            "where": view.place(line.offer),
        ]
        if let place = line.place { fields["place"] = words("signup.place", ["n": "\(place)"]) }
        if let reason = EnrollmentReason(rawValue: line.reason) { fields["reason"] = words[reason.title] }
        if let verdict = line.verdict {
            fields["paid"] = words[verdict.isSubsidised ? "signup.paid" : "signup.own-cost"]
            fields["verdict"] = verdict.lines.map { ["tone": $0.tone.rawValue, "text": words[$0.text]] as Fields }
        }
        if let number = line.certificate { fields["certificate"] = "/training/certificates/\(number)" }
        if line.state == .offered, let until = line.offeredUntil {
            fields["accept"] = "\(start)/accept"
            fields["until"] = words("my.until", ["time": Figures.moment(until, in: words.language)])
        }
        if line.state.isOpen, line.offer.state == "open" {
            fields["leaveHref"] = "\(start)/leave"
            let others = try await app.catalogue.siblings(of: line.offer, on: app.today)
            if !others.isEmpty {
                fields["transfer"] =
                    [
                        "action": "\(start)/transfer", "id": "to-\(line.enrollment)",
                        "options": others.map { other -> Fields in
                            [
                                "value": "\(other.id)", "name": "\(other.title) · \(view.date(other.startsOn))",
                                "isChosen": other.id == line.wanted,
                            ]
                        },
                    ] as Fields
            }
        }
        return fields
    }

    private func askLeave(_ request: Request, _ context: KitContext) async throws -> Response {
        let (token, id) = (try token(context), try app.id("enrollment", context))
        guard let line = try await lines(token)?.lines.first(where: { $0.enrollment == id }) else {
            throw Problem.notFound
        }
        guard line.state.isOpen, line.offer.state == "open" else { return app.seeOther(token.path) }
        let words = app.site.words(context)
        let question = Confirmation(
            title: words("my.leave.title", ["class": line.offer.title]), effect: words["my.leave.effect"],
            verb: words["my.leave.verb"], action: "\(token.path)/\(id)/leave", back: token.path)
        return app.site.page(question, request, context)
    }
}
