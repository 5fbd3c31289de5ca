import Contracts
import Hummingbird
import ServiceKit
import SocialDomain

/// Certificates for those who issue them: a class's, the list, one, revoking.
struct CertificatePages: Sendable {
    let app: TrainingApplication
    private static let path = "/training/manage/certificates"
    private static let pageSize = 50

    private var store: CertificateStore { CertificateStore(database: app.database) }

    func addRoutes(to routes: inout RouteTable) {
        routes.on(TrainingContract.classCertificates) { request, context in try await ofClass(request, context) }
        routes.on(TrainingContract.askIssue) { request, context in try await askIssue(request, context) }
        routes.on(TrainingContract.issueCertificates) { request, context in try await issue(request, context) }
        routes.on(TrainingContract.certificates) { request, context in try await list(request, context) }
        routes.on(TrainingContract.certificatesCSV) { request, context in try await csv(request, context) }
        routes.on(TrainingContract.oneCertificate) { request, context in try await show(request, context) }
        routes.on(TrainingContract.askRevocation) { request, context in
            try await askRevocation(request, context, typed: nil, refusal: nil)
        }
        routes.on(TrainingContract.revokeCertificate) { request, context in try await revoke(request, context) }
    }

    // MARK: - A class

    private func found(
        _ context: KitContext
    ) async throws -> (AssessmentStore.AssessedClass, [AssessmentStore.Assessed]) {
        let scope = try context.requireCaller().scope
        guard let number = Int64(try context.parameters.require("class")),
            let found = try await AssessmentStore(database: app.database).assessed(
                number, within: scope, at: app.second)
        else { throw Problem.notFound }
        return found
    }

    private func crumbs(_ found: AssessmentStore.AssessedClass, _ words: Words) -> [(name: String, href: String)] {
        [
            (name: found.title, href: "/training/classes/\(found.number)/attendance"),
            (name: words["result.title"], href: AssessmentPages.path(found.number)),
        ]
    }

    private func ofClass(_ request: Request, _ context: KitContext) async throws -> Response {
        let words = app.site.words(context)
        let (found, learners) = try await found(context)
        let account = try context.requireCaller().id
        let path = "/training/classes/\(found.number)/certificates"
        var page = Page(
            "certificate-class", title: words["certificate.class.title"],
            lead: words("result.lead", ["class": found.title]), place: "certificates")
        page.crumbs = crumbs(found, words)
        let standings = learners.map { CertificateStore.standing($0, reviewer: account) }
        page.fields = Table(
            caption: words["certificate.class.title"],
            columns: [
                .init(words["attend.learner"]), .init(words["attend.class.ratio"], isFigure: true),
                .init(words["certificate.standing"]), .init(words["certificate.number"], isShort: true),
            ],
            rows: zip(learners, standings).map { learner, standing in
                [
                    .init(learner.name, href: "\(AssessmentPages.path(found.number))/\(learner.enrollment)"),
                    .init(learner.ratio.text), .init(words["certificate.standing.\(standing.rawValue)"]),
                    .init(
                        learner.certificate.map(CertificateNumber.printed) ?? "",
                        href: learner.certificate.map { "\(Self.path)/\($0)" }),
                ]
            },
            emptiness: words["attend.list.empty"]
        ).fields()
        let ready = standings.filter { $0 == .ready }.count
        if ready > 0, TrainingContract.reviewing.allows(context.caller) {
            page.fields["issue"] =
                ["href": "\(path)/issue", "name": words("certificate.issue.many", ["n": "\(ready)"])] as Fields
        }
        page.fields["waiting"] =
            ready > 0 && !TrainingContract.reviewing.allows(context.caller)
            ? words("certificate.waiting", ["n": "\(ready)"]) : nil
        if standings.contains(.issued) { page.fields["printHref"] = "\(path)/print" }
        if QueryItems(request.uri.query ?? "")["issued"] != nil { page.notice = words["certificate.issued.notice"] }
        return app.site.page(page, request, context)
    }

    private func askIssue(_ request: Request, _ context: KitContext) async throws -> Response {
        let words = app.site.words(context)
        let (found, learners) = try await found(context)
        let account = try context.requireCaller().id
        let ready = learners.filter { CertificateStore.standing($0, reviewer: account) == .ready }.count
        let path = "/training/classes/\(found.number)/certificates"
        guard ready > 0 else { return Response(status: .seeOther, headers: [.location: path]) }
        var question = Confirmation(
            title: words("certificate.issue.title", ["n": "\(ready)"]),
            effect: words("certificate.issue.effect", ["class": found.title]),
            verb: words["certificate.issue.verb"], action: "\(path)/issue", back: path)
        question.place = "certificates"
        question.crumbs = crumbs(found, words)
        return app.site.page(question, request, context)
    }

    private func issue(_ request: Request, _ context: KitContext) async throws -> Response {
        guard let number = Int64(try context.parameters.require("class")) else { throw Problem.notFound }
        _ = try await store.issue(forClass: number, by: app.acting(context))
        return Response(
            status: .seeOther, headers: [.location: "/training/classes/\(number)/certificates?issued=1"])
    }

    // MARK: - The list

    private func filter(_ query: QueryItems) -> CertificateStore.Filter {
        let typed = TextForm.trimmed(String((query["number"] ?? "").prefix(60)))
        // What is no number finds nothing rather than everything.
        let number = typed.isEmpty ? "" : (try? CertificateNumber(typed))?.text ?? typed
        let isRevoked: Bool? =
            switch query["state"] {
            case "valid": false
            case "revoked": true
            default: nil
            }
        return CertificateStore.Filter(number: number, isRevoked: isRevoked)
    }

    private func list(_ request: Request, _ context: KitContext) async throws -> Response {
        let words = app.site.words(context)
        let query = QueryItems(request.uri.query ?? "")
        let parts = (query["after"] ?? "").split(separator: "_")
        let key = parts.count == 2 ? (day: String(parts[0]), number: String(parts[1])) : nil
        let found = try await store.list(
            filter(query), within: try context.requireCaller().scope, after: key, limit: Self.pageSize + 1)
        var page = Page(
            "certificate-list", title: words["certificate.list.title"], lead: words["certificate.list.lead"],
            place: "certificates")
        page.fields = Table(
            caption: words["certificate.list.title"],
            columns: [
                .init(words["certificate.number"]), .init(words["certificate.holder"]),
                .init(words["certificate.program"]), .init(words["certificate.level"], isMinor: true),
                .init(words["certificate.school"], isMinor: true), .init(words["certificate.issued-on"], isShort: true),
                .init(words["certificate.state"], isShort: true),
            ],
            rows: found.prefix(Self.pageSize).map { one in
                [
                    .init(CertificateNumber.printed(one.number), href: "\(Self.path)/\(one.number)"), .init(one.holder),
                    .init(one.program), .init(words[one.level.title]), .init(one.school),
                    .init(Figures.date(one.issuedOn, in: words.language)),
                    .init(words[one.revokedOn == nil ? "certificate.state.valid" : "certificate.state.revoked"]),
                ]
            },
            emptiness: words["certificate.list.empty"]
        ).fields()
        page.fields["number"] = query["number"] ?? ""
        page.fields["states"] = ["", "valid", "revoked"].map { state -> Fields in
            [
                "value": state, "name": state.isEmpty ? words["kit.filter.all"] : words["certificate.state.\(state)"],
                "isChosen": (query["state"] ?? "") == state,
            ]
        }
        page.fields["csvHref"] = "\(Self.path).csv" + query.removing("after").suffix
        if found.count > Self.pageSize {
            let last = found[Self.pageSize - 1]
            page.fields["pages"] =
                ["nextHref": Self.path + query.setting("after", "\(last.issuedOn)_\(last.number)").suffix] as Fields
        }
        return app.site.page(page, request, context)
    }

    private func csv(_ request: Request, _ context: KitContext) async throws -> Response {
        let words = app.site.words(context)
        let scope = try context.requireCaller().scope
        try await app.journal.record(AuditEvent("certificate.export", in: context))
        let (filter, store) = (filter(QueryItems(request.uri.query ?? "")), store)
        return ListExport.response(
            name: "certificates",
            header: ["number", "holder", "program", "trade", "level", "school", "issued-on", "state"].map {
                words["certificate.\($0)"]
            },
            row: { (one: Certificate) in
                [
                    CertificateNumber.printed(one.number), one.holder, one.program, one.trade, words[one.level.title],
                    one.school, one.issuedOn,
                    words[one.revokedOn == nil ? "certificate.state.valid" : "certificate.state.revoked"],
                ]
            },
            piece: { last in
                try await store.list(
                    filter, within: scope, after: last.map { ($0.issuedOn, $0.number) }, limit: ListExport.pieceSize)
            })
    }

    // MARK: - One

    private func certificate(_ context: KitContext) async throws -> Certificate {
        let number = QueryItems.decodedPath(try context.parameters.require("number"))
        guard let found = try await store.certificate(number, within: try context.requireCaller().scope) else {
            throw Problem.notFound
        }
        return found
    }

    private func show(_ request: Request, _ context: KitContext) async throws -> Response {
        let words = app.site.words(context)
        let found = try await certificate(context)
        try await app.journal.record(
            AuditEvent("certificate.look", subject: found.number, division: found.division, in: context))
        var page = Page(
            "certificate-one", title: CertificateNumber.printed(found.number),
            lead: "\(found.holder) · \(found.program)", place: "certificates")
        page.crumbs = [(words["certificate.list.title"], Self.path)]
        page.fields["facts"] = CertificateFacts.rows(found, holder: found.holder, words)
        let address = "\(app.publicStart(request))/training/certificates/\(found.number)"
        page.fields["qr"] = QRCode(address, correction: .high)?.svg(label: words["certificate.qr"])
        page.fields["address"] = address
        page.fields["pageHref"] = "/training/certificates/\(found.number)"
        page.fields["printHref"] = "/training/classes/\(found.classNumber)/certificates/print?number=\(found.number)"
        if let day = found.revokedOn {
            page.fields["revoked"] = words(
                "certificate.revoked.staff",
                [
                    "day": Figures.date(day, in: words.language), "by": found.revokedBy ?? "",
                    "why": found.revokedWhy.map { words[$0.title] } ?? "", "note": found.revokedNote,
                ])
        } else if TrainingContract.reviewing.allows(context.caller) {
            page.fields["revokeHref"] = "\(Self.path)/\(found.number)/revoke"
        }
        return app.site.page(page, request, context)
    }

    private func askRevocation(
        _ request: Request, _ context: KitContext, typed: Form?, refusal: CertificateRefusal?
    ) async throws -> Response {
        let words = app.site.words(context)
        let found = try await certificate(context)
        let back = "\(Self.path)/\(found.number)"
        if found.revokedOn != nil, refusal == nil { return Response(status: .seeOther, headers: [.location: back]) }
        var page = Page(
            "certificate-revoke",
            title: words("certificate.revoke.title", ["number": CertificateNumber.printed(found.number)]),
            lead: "\(found.holder) · \(found.program)", place: "certificates")
        page.crumbs = [(words["certificate.list.title"], Self.path), (CertificateNumber.printed(found.number), back)]
        page.addressAfterPost = "\(back)/revoke"
        page.fields["action"] = "\(back)/revoke"
        page.fields["backHref"] = back
        page.fields["note"] = typed?["note"] ?? ""
        page.fields["reasons"] = RevocationReason.allCases.map { why -> Fields in
            ["value": why.rawValue, "name": words[why.title], "isChosen": typed?["why"] == why.rawValue]
        }
        let own = try found.issuedBy == context.requireCaller().id ? CertificateRefusal.ownIssue : nil
        if let refusal = refusal ?? own {
            page.faults = [FieldFault(field: refusal.field, message: refusal.explanation)]
            page.status = [.reasonMissing, .noteMissing].contains(refusal) ? .unprocessableContent : .conflict
        }
        page.fields["mayRevoke"] = own == nil && found.revokedOn == nil
        return app.site.page(page, request, context)
    }

    private func revoke(_ request: Request, _ context: KitContext) async throws -> Response {
        let form = try await Form.read(request)
        let found = try await certificate(context)
        do {
            guard let why = form["why"].flatMap(RevocationReason.init) else { throw CertificateRefusal.reasonMissing }
            let note = form["note"] ?? ""
            guard (1...500).contains(note.count) else { throw CertificateRefusal.noteMissing }
            try await store.revoke(found.number, why, note: note, by: app.acting(context))
        } catch let refusal as CertificateRefusal {
            return try await askRevocation(request, context, typed: form, refusal: refusal)
        }
        return Response(status: .seeOther, headers: [.location: "\(Self.path)/\(found.number)"])
    }
}

/// What a certificate says, as pages list it.
enum CertificateFacts {
    static func rows(_ found: Certificate, holder: String, _ words: Words) -> [Fields] {
        [
            ("holder", holder), ("program", found.program), ("trade", found.trade),
            ("level", words[found.level.title]), ("hours", words("attend.hours", ["n": "\(found.hours)"])),
            ("school", found.school), ("issued-on", Figures.date(found.issuedOn, in: words.language)),
        ].map { ["name": words["certificate.\($0)"], "value": $1] as Fields }
    }
}
