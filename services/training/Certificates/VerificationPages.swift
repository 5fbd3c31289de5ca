import Contracts
import Hummingbird
import ServiceKit
import SocialDomain

/// Where anybody checks a certificate, and where those who hold it print it.
struct VerificationPages: Sendable {
    let app: TrainingApplication
    private static let path = "/training/certificates"

    private var store: CertificateStore { CertificateStore(database: app.database) }

    func addRoutes(to routes: inout RouteTable) {
        routes.on(TrainingContract.certificateSearch) { request, context in find(request, context) }
        routes.on(TrainingContract.certificatePage) { request, context in try await show(request, context) }
        routes.on(TrainingContract.printCertificates) { request, context in try await printed(request, context) }
        routes.on(TrainingContract.certificate) { call in
            let number: CertificateNumber
            do throws(CertificateNumber.Fault) {
                number = try CertificateNumber(call.parameters.number)
            } catch {
                throw Problem.invalid([
                    .parameter(
                        "number",
                        LocalizedText(
                            zh: "号码抄错了：校验字符不符。", en: "was copied wrongly: its check character does not fit."))
                ])
            }
            guard let found = try await store.certificate(number) else { throw Problem.notFound }
            return Reply(
                CertificateRecord(
                    number: found.number, state: found.revokedOn == nil ? "valid" : "revoked",
                    holder: PersonName.masked(found.holder), program: found.program, trade: found.trade,
                    level: found.level.rawValue, school: found.school, issuedOn: found.issuedOn,
                    revokedOn: found.revokedOn, revokedWhy: found.revokedWhy?.rawValue))
        }
    }

    // MARK: - Everybody

    private func page(_ title: String, lead: String, typed: String) -> Page {
        var page = Page("certificate-public", title: title, lead: lead)
        page.layout = .public
        page.fields["typed"] = typed
        page.fields["action"] = Self.path
        return page
    }

    private func find(_ request: Request, _ context: KitContext) -> Response {
        let words = app.site.words(context)
        if let typed = QueryItems(request.uri.query ?? "")["number"] {
            let number = TextForm.trimmed(String(typed.prefix(60)))
            return Response(
                status: .seeOther, headers: [.location: "\(Self.path)/\(QueryItems.encoded(number))"])
        }
        return app.site.page(
            page(words["certificate.check.title"], lead: words["certificate.check.lead"], typed: ""), request, context)
    }

    /// Found, revoked, not issued, copied wrongly: each says plainly what it is and nothing more.
    private func show(_ request: Request, _ context: KitContext) async throws -> Response {
        let words = app.site.words(context)
        let typed = QueryItems.decodedPath(try context.parameters.require("number"))
        let number: CertificateNumber
        do throws(CertificateNumber.Fault) {
            number = try CertificateNumber(typed)
        } catch {
            var page = page(
                words["certificate.mistyped.title"], lead: words["certificate.mistyped.lead"],
                typed: String(typed.prefix(60)))
            page.fields["tone"] = "unknown"
            page.status = .notFound
            return app.site.page(page, request, context)
        }
        guard let found = try await store.certificate(number) else {
            var page = page(
                words["certificate.unknown.title"],
                lead: words("certificate.unknown.lead", ["number": number.printed]), typed: number.printed)
            page.fields["tone"] = "unknown"
            page.status = .notFound
            return app.site.page(page, request, context)
        }
        let day = found.revokedOn.map { Figures.date($0, in: words.language) }
        var page =
            if let day {
                page(
                    words["certificate.revoked.title"],
                    lead: words(
                        "certificate.revoked.lead",
                        ["day": day, "why": found.revokedWhy.map { words[$0.title] } ?? ""]), typed: "")
            } else {
                page(words["certificate.valid.title"], lead: words["certificate.valid.lead"], typed: "")
            }
        page.fields["tone"] = day == nil ? "valid" : "revoked"
        page.fields["isFound"] = true
        page.fields["number"] = number.printed
        page.fields["facts"] = CertificateFacts.rows(found, holder: PersonName.masked(found.holder), words)
        return app.site.page(page, request, context)
    }

    // MARK: - On paper

    /// Each on a sheet of its own; revoked ones are not printed.
    private func printed(_ request: Request, _ context: KitContext) async throws -> Response {
        let words = app.site.words(context)
        guard let classNumber = Int64(try context.parameters.require("class")) else { throw Problem.notFound }
        let scope = try context.requireCaller().scope
        let only = QueryItems(request.uri.query ?? "")["number"]
        let found = try await store.ofClass(classNumber, only: only, within: scope).filter { $0.revokedOn == nil }
        guard let first = found.first else { throw Problem.notFound }
        try await app.journal.record(
            AuditEvent(
                "certificate.print", subject: only ?? "class:\(classNumber)", division: first.division, in: context))
        var page = Page(
            "certificate-print", title: words["certificate.print.title"], lead: words["certificate.print.lead"],
            place: "certificates")
        page.crumbs = [(words["certificate.class.title"], "/training/classes/\(classNumber)/certificates")]
        page.fields["sheets"] = try found.map { try sheet($0, request, words) }
        return app.site.page(page, request, context)
    }

    /// A certificate is written in both languages, whoever prints it.
    private func sheet(_ found: Certificate, _ request: Request, _ words: Words) throws -> Fields {
        let number = try app.seal.openNumber(found.numberSealed, index: found.numberIndex)
        let address = "\(app.publicStart(request))\(Self.path)/\(found.number)"
        return [
            "holder": found.holder, "citizen": (try? CitizenID(number))?.masked ?? "", "program": found.program,
            "trade": found.trade, "levelZh": found.level.title.zh, "levelEn": found.level.title.en,
            "hours": "\(found.hours)", "school": found.school, "number": CertificateNumber.printed(found.number),
            "fromZh": Figures.date(found.startsOn, in: .zh), "fromEn": Figures.date(found.startsOn, in: .en),
            "untilZh": Figures.date(found.endsOn, in: .zh), "untilEn": Figures.date(found.endsOn, in: .en),
            "dayZh": Figures.date(found.issuedOn, in: .zh), "dayEn": Figures.date(found.issuedOn, in: .en),
            "address": address, "qr": QRCode(address, correction: .high)?.svg(label: words["certificate.qr"]) ?? "",
        ]
    }
}
