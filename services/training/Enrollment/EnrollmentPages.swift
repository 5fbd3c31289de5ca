import Contracts
import Foundation
import Hummingbird
import Security
import ServiceKit
import SocialDomain
import Storage

/// Enrollments, for those who decide them.
struct EnrollmentPages: Sendable {
    let app: TrainingApplication
    private static let path = "/training/enrollments"
    private static let pageSize = 50

    func addRoutes(to routes: inout RouteTable) {
        routes.on(TrainingContract.enrollmentList) { request, context in try await list(request, context) }
        routes.on(TrainingContract.enrollmentExport) { request, context in try await export(request, context) }
        routes.on(TrainingContract.enrollmentPage) { request, context in try await show(request, context) }
        routes.on(TrainingContract.approveEnrollment) { request, context in
            try await step(request, context, "approved") { id, act, _ in try await app.desk.approve(id, act) }
        }
        routes.on(TrainingContract.refuseEnrollment) { request, context in
            try await step(request, context, "refused") { id, act, form in
                let (reason, note) = try Self.reason(form, EnrollmentReason.refusals)
                try await app.desk.refuse(id, reason, note: note, act)
            }
        }
        routes.on(TrainingContract.withdrawEnrollment) { request, context in
            try await step(request, context, "withdrawn") { id, act, form in
                let (reason, note) = try Self.reason(form, EnrollmentReason.withdrawals)
                try await app.desk.withdraw(id, reason, note: note, act)
            }
        }
        routes.on(TrainingContract.dropEnrollment) { request, context in
            try await step(request, context, "dropped") { id, act, form in
                let (reason, note) = try Self.reason(form, EnrollmentReason.dropOuts)
                try await app.desk.drop(id, reason, note: note, act)
            }
        }
        routes.on(TrainingContract.transferEnrollment) { request, context in
            try await step(request, context, "transferred") { id, act, form in
                guard let to = form["to"].flatMap({ Int64($0) }) else { throw EnrollmentRefusal.sameClass }
                _ = try await app.desk.transfer(id, to: to, act)
            }
        }
        routes.on(TrainingContract.renewOwnPage) { request, context in try await renew(request, context) }
    }

    // MARK: - The list

    private func filter(_ query: QueryItems) -> EnrollmentList.Filter {
        var filter = EnrollmentList.Filter()
        filter.classID = query["class"].flatMap { Int64($0) }
        filter.state = query["state"].flatMap(EnrollmentState.init(rawValue:))
        filter.lowIncome = query["low"].flatMap(LowIncome.init(rawValue:))
        if let text = query["q"].map({ TextForm.trimmed(String($0.prefix(100))) }), !text.isEmpty {
            if let number = try? CitizenID(text) {
                filter.numberIndex = app.seal.index(of: number)
            } else {
                filter.name = text
            }
        }
        filter.before = query["after"].flatMap { Int64($0) }
        return filter
    }

    private func list(_ request: Request, _ context: KitContext) async throws -> Response {
        let words = app.site.words(context)
        let query = QueryItems(request.uri.query ?? "")
        var filter = filter(query)
        filter.limit = Self.pageSize + 1
        let (asked, scope) = (filter, try context.requireCaller().scope)
        let lines = try await app.database.read { db in try EnrollmentList.find(asked, within: scope, in: db) }
        if asked.numberIndex != nil || asked.name != nil {
            try await app.journal.record(
                AuditEvent("enrollment.search", reason: "\(lines.count)", in: context))
        }
        var page = Page(
            "enrollments", title: words["enrollments.title"], lead: words["enrollments.lead"], place: "enrollments")
        page.fields["q"] = asked.numberIndex == nil ? query["q"] : nil
        page.fields["class"] = query["class"]
        page.fields["states"] = EnrollmentState.allCases.map { state -> Fields in
            ["value": state.rawValue, "name": words[state.title], "isChosen": state == asked.state]
        }
        page.fields["lows"] = LowIncome.allCases.map { low -> Fields in
            ["value": low.rawValue, "name": words[low.title], "isChosen": low == asked.lowIncome]
        }
        page.fields["active"] = TrainingApplication.active(
            Self.path, query,
            [
                ("q", query["q"].map { _ in words["enrollments.search"] }),
                ("class", query["class"].map { words("enrollments.class", ["n": String($0.prefix(20))]) }),
                ("state", asked.state.map { words[$0.title] }), ("low", asked.lowIncome.map { words[$0.title] }),
            ])
        let shown = lines.prefix(Self.pageSize)
        page.fields["list"] = Table(
            caption: words["enrollments.title"],
            columns: [
                .init(words["attend.enrollment"], isFigure: true), .init(words["attend.learner"]),
                .init(words["attend.day.class"]), .init(words["attend.state"], isShort: true),
                .init(words["enrollments.low"], isMinor: true), .init(words["enrollments.since"], isMinor: true),
            ],
            rows: shown.map { line in
                [
                    .init("\(line.id)"),
                    .init(
                        PersonName.masked(line.name), href: "\(Self.path)/\(line.id)",
                        note: line.wanted == nil ? nil : words["enrollments.wants"]),
                    .init(line.classTitle, href: ClassPages.address(line.classID)), .init(words[line.state.title]),
                    .init(words[line.lowIncome.title]),
                    .init(Figures.moment(line.createdAt, in: words.language)),
                ]
            },
            emptiness: words["enrollments.empty"]
        ).fields()
        if lines.count > Self.pageSize, let last = shown.last {
            page.fields["pages"] = ["nextHref": Self.path + query.setting("after", "\(last.id)").suffix] as Fields
        }
        page.fields["exportHref"] = "\(Self.path).csv" + query.removing("after").suffix
        return app.site.page(page, request, context)
    }

    private func export(_ request: Request, _ context: KitContext) async throws -> Response {
        let words = app.site.words(context)
        var filter = filter(QueryItems(request.uri.query ?? ""))
        filter.limit = 20_000
        let (asked, scope) = (filter, try context.requireCaller().scope)
        let lines = try await app.database.read { db in try EnrollmentList.find(asked, within: scope, in: db) }
        try await app.journal.record(AuditEvent("enrollment.export", reason: "\(lines.count)", in: context))
        let header = [
            words["attend.enrollment"], words["attend.learner"], words["attend.day.class"], words["attend.state"],
            words["enrollments.low"], words["enrollments.since"],
        ]
        let rows = lines.map { line in
            [
                "\(line.id)", line.name, line.classTitle, words[line.state.title], words[line.lowIncome.title],
                line.createdAt,
            ]
        }
        return ListExport.response(name: "enrollments.csv", [header] + rows)
    }

    // MARK: - One

    private func find(_ context: KitContext) async throws -> EnrollmentList.One {
        let (id, scope) = (try app.id("enrollment", context), try context.requireCaller().scope)
        let found = try await app.database.read { db in try EnrollmentList.one(id, within: scope, in: db) }
        guard let found else { throw Problem.notFound }
        return found
    }

    private func show(
        _ request: Request, _ context: KitContext, _ refusal: EnrollmentRefusal? = nil, newAddress: String? = nil
    ) async throws -> Response {
        let found = try await find(context)
        let words = app.site.words(context)
        try await app.journal.record(
            AuditEvent("enrollment.look", subject: "enrollment:\(found.line.id)", division: found.division, in: context)
        )
        var page = Page("enrollment", title: found.line.name, lead: found.line.classTitle, place: "enrollments")
        page.crumbs = [(words["enrollments.title"], Self.path)]
        page.addressAfterPost = "\(Self.path)/\(found.line.id)"
        if let refusal {
            page.status = .conflict
            page.faults = [FieldFault(field: "steps", message: refusal.explanation)]
        } else if let done = QueryItems(request.uri.query ?? "")["done"],
            words.catalogue["enrollment.done.\(done)"] != nil
        {
            page.notice = words["enrollment.done.\(done)"]
        }
        page.fields = try facts(found, words)
        if let newAddress { page.fields["newAddress"] = newAddress }
        page.fields["steps"] = try await steps(found, words)
        page.fields["renew"] = "\(Self.path)/\(found.line.id)/renew"
        return app.site.page(page, request, context)
    }

    private func facts(_ found: EnrollmentList.One, _ words: Words) throws -> Fields {
        let number = try app.seal.openNumber(found.numberSealed, index: found.numberIndex)
        let phone = try found.phoneSealed.map { try app.seal.openPhone($0, index: found.numberIndex) } ?? ""
        let ended = EnrollmentReason(rawValue: found.reason).map { words[$0.title] } ?? found.reason
        return [
            "facts": TrainingApplication.facts([
                (words["attend.state"], words[found.line.state.title]),
                (words["enrollment.place"], found.place.map { "\($0)" } ?? ""),
                (
                    words["enrollment.offered"],
                    found.offeredUntil.map { Figures.moment($0, in: words.language) } ?? ""
                ),
                (words["enrollment.reason"], [ended, found.note].filter { !$0.isEmpty }.joined(separator: "：")),
                (words["attend.enrollment"], "\(found.line.id)"),
                (words["enrollment.number"], (try? CitizenID(number))?.masked ?? ""),
                (words["enrollment.phone"], phone), (words["enrollment.residence"], words[found.residence.title]),
                (words["enrollment.home"], app.divisionName(found.home)),
                (words["enrollment.schooling"], words[found.schooling.title]),
                (words["enrollment.wish"], words[found.wish.title]),
                (
                    words["enrollment.groups"],
                    LearnerGroup.allCases.filter(found.groups.contains).map { words[$0.title] }.joined(separator: "、")
                ),
                (words["enrollments.low"], words[found.line.lowIncome.title]),
                (words["enrollments.since"], Figures.moment(found.line.createdAt, in: words.language)),
            ])
        ]
    }

    /// What can be done now, each a form of its own.
    private func steps(_ found: EnrollmentList.One, _ words: Words) async throws -> [Fields] {
        let state = found.line.state
        var steps: [Fields] = []
        func add(_ name: String, _ reasons: [EnrollmentReason] = [], isMain: Bool = false) {
            var step: Fields = [
                "action": "\(Self.path)/\(found.line.id)/\(name)", "version": "\(found.version)", "name": name,
                "verb": words["enrollment.step.\(name)"], "isMain": isMain,
            ]
            if !reasons.isEmpty {
                step["reasons"] =
                    ["list": reasons.map { ["value": $0.rawValue, "name": words[$0.title]] as Fields }] as Fields
            }
            steps.append(step)
        }
        if state == .applied, found.policy != .lottery { add("approve", isMain: true) }
        if state == .applied || state == .waiting { add("refuse", EnrollmentReason.refusals) }
        if state.isOpen {
            let id = found.line.classID
            let others = try await app.catalogue.offer(id).map { offer in (offer, app.today) }
            if let (offer, today) = others {
                let classes = try await app.catalogue.siblings(of: offer, on: today)
                if !classes.isEmpty {
                    steps.append([
                        "action": "\(Self.path)/\(found.line.id)/transfer", "version": "\(found.version)",
                        "name": "transfer", "verb": words["enrollment.step.transfer"], "isMain": false,
                        "classes": [
                            "list": classes.map {
                                [
                                    "value": "\($0.id)", "name": $0.title, "isChosen": $0.id == found.line.wanted,
                                ] as Fields
                            }
                        ] as Fields,
                    ])
                }
            }
            add("withdraw", EnrollmentReason.withdrawals)
        }
        if state == .seated, ["running", "ended"].contains(found.classState) { add("drop", EnrollmentReason.dropOuts) }
        return steps
    }

    private static func reason(
        _ form: Form, _ allowed: [EnrollmentReason]
    ) throws(EnrollmentRefusal) -> (EnrollmentReason, note: String) {
        guard let reason = form["reason"].flatMap(EnrollmentReason.init(rawValue:)), allowed.contains(reason) else {
            throw .reasonMissing
        }
        let note = form["note"] ?? ""
        guard note.count <= 200, reason != .other || !note.isEmpty else { throw .noteMissing }
        return (reason, note)
    }

    private func step(
        _ request: Request, _ context: KitContext, _ done: String,
        _ work: (Int64, EnrollmentDesk.Act, Form) async throws -> Void
    ) async throws -> Response {
        let id = try app.id("enrollment", context)
        let form = try await Form.read(request)
        let act = EnrollmentDesk.Act(
            caller: try context.requireCaller(), requestID: context.requestID, version: app.version(form))
        do {
            try await work(id, act, form)
            return app.seeOther("\(Self.path)/\(id)?done=\(done)")
        } catch let refusal as EnrollmentRefusal {
            return try await show(request, context, refusal)
        }
    }

    /// A new secret address, shown once, to whoever has seen the learner's card.
    private func renew(_ request: Request, _ context: KitContext) async throws -> Response {
        let id = try app.id("enrollment", context)
        let form = try await Form.read(request)
        let act = EnrollmentDesk.Act(caller: try context.requireCaller(), requestID: context.requestID)
        var phone: String?
        if let typed = form["phone"], !typed.isEmpty {
            phone = SignUpForm.digits(typed)
            guard phone != nil else {
                throw Problem.invalid([
                    FieldFault(
                        field: "phone",
                        message: LocalizedText(
                            zh: "电话不对，请写 11 位手机号。", en: "This is no phone number: write its 11 digits."))
                ])
            }
        }
        let token = try await app.desk.renewPage(id, phone: phone, act)
        return try await show(request, context, newAddress: app.publicStart(request) + token.path)
    }
}
