import Contracts
import Foundation
import Hummingbird
import Security
import ServiceKit
import SocialDomain
import Storage

/// One enrollment, and what is done with it.
extension EnrollmentPages {
    func addSteps(to routes: inout RouteTable) {
        routes.on(TrainingContract.enrollmentPage) { request, context in try await show(request, context) }
        routes.on(TrainingContract.approveEnrollment) { request, context in
            try await step("approve", request, context) { id, act, _ in try await app.desk.approve(id, act) }
        }
        routes.on(TrainingContract.refuseEnrollment) { request, context in
            try await step("refuse", request, context) { id, act, form in
                let (reason, note) = try Self.reason(form, EnrollmentReason.refusals)
                try await app.desk.refuse(id, reason, note: note, act)
            }
        }
        routes.on(TrainingContract.withdrawEnrollment) { request, context in
            try await step("withdraw", request, context) { id, act, form in
                let (reason, note) = try Self.reason(form, EnrollmentReason.withdrawals)
                try await app.desk.withdraw(id, reason, note: note, act)
            }
        }
        routes.on(TrainingContract.dropEnrollment) { request, context in
            try await step("drop", request, context) { id, act, form in
                let (reason, note) = try Self.reason(form, EnrollmentReason.dropOuts)
                try await app.desk.drop(id, reason, note: note, act)
            }
        }
        routes.on(TrainingContract.transferEnrollment) { request, context in
            try await step("transfer", request, context) { id, act, form in
                guard let to = form["to"].flatMap({ Int64($0) }) else { throw EnrollmentRefusal.sameClass }
                _ = try await app.desk.transfer(id, to: to, act)
            }
        }
        routes.on(TrainingContract.renewOwnPage) { request, context in try await renew(request, context) }
    }

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
        if found.line.state == .completed, TrainingContract.preparing.allows(context.caller) {
            let (learner, scope) = (found.learner, try context.requireCaller().scope)
            let open = try await app.database.read { db in
                try db.first(
                    """
                    SELECT placement_id FROM placement p WHERE p.learner_id = \(learner) AND p.ended_on IS NULL
                        AND \(SQL.within(scope.division, "p.division"))
                    """
                )?.get("placement_id", as: Int64.self)
            }
            if let open {
                page.fields["placedHref"] = "/training/employment/placements/\(open)"
            } else {
                page.fields["placingHref"] = "\(Self.path)/\(found.line.id)/placement"
            }
        }
        if TrainingContract.renewOwnPage.access.allows(context.caller) {
            page.fields["renew"] = "\(Self.path)/\(found.line.id)/renew"
        }
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

    /// - Parameter name: of the step; all but approval ask once more before they are done.
    private func step(
        _ name: String, _ request: Request, _ context: KitContext,
        _ work: (Int64, EnrollmentDesk.Act, Form) async throws -> Void
    ) async throws -> Response {
        let id = try app.id("enrollment", context)
        let form = try await Form.read(request)
        let act = EnrollmentDesk.Act(
            caller: try context.requireCaller(), requestID: context.requestID, version: app.version(form))
        do {
            if name != "approve", form["confirmed"] == nil { return try await ask(name, form, request, context) }
            try await work(id, act, form)
            return app.seeOther("\(Self.path)/\(id)?done=\(name)")
        } catch let refusal as EnrollmentRefusal {
            return try await show(request, context, refusal)
        }
    }

    /// What will happen to whom, with all that was typed.
    private func ask(_ name: String, _ form: Form, _ request: Request, _ context: KitContext) async throws -> Response {
        let found = try await find(context)
        let words = app.site.words(context)
        var target = ""
        switch name {
        case "refuse": _ = try Self.reason(form, EnrollmentReason.refusals)
        case "withdraw": _ = try Self.reason(form, EnrollmentReason.withdrawals)
        case "drop": _ = try Self.reason(form, EnrollmentReason.dropOuts)
        case "transfer": target = try await title(ofClass: form["to"], context)
        default: break
        }
        let address = "\(Self.path)/\(found.line.id)"
        let details: KeyValuePairs = [
            "name": found.line.name, "class": found.line.classTitle, "to": target,
        ]
        var question = Confirmation(
            title: words("enrollment.ask.\(name)", details), effect: words("enrollment.ask.\(name).effect", details),
            verb: words["enrollment.step.\(name)"], action: "\(address)/\(name)", back: address)
        question.place = "enrollments"
        question.crumbs = [(words["enrollments.title"], Self.path), (found.line.name, address)]
        question.fields = ["version", "reason", "note", "to", "phone"].compactMap { field in
            form[field].map { (field, $0) }
        }
        question.fields.append(("confirmed", "1"))
        return app.site.page(question, request, context)
    }

    private func title(ofClass typed: String?, _ context: KitContext) async throws -> String {
        guard let id = typed.flatMap({ Int64($0) }) else { throw EnrollmentRefusal.sameClass }
        let scope = try context.requireCaller().scope
        let found = try await app.database.read { db in
            try ClassSeats.find(id, in: db).flatMap { seats in
                try scope.contains(seats.division, school: seats.school, in: db) ? seats.title : nil
            }
        }
        guard let found else { throw Problem.notFound }
        return found
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
        guard form["confirmed"] != nil else { return try await ask("renew", form, request, context) }
        let token = try await app.desk.renewPage(id, phone: phone, act)
        return try await show(request, context, newAddress: app.publicStart(request) + token.path)
    }
}
