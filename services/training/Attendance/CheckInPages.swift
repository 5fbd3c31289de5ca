import Contracts
import Dispatch
import HTTPTypes
import Hummingbird
import ServiceKit
import SocialDomain

/// Check-in on a learner's phone: whose phone it is stands in a cookie that his own page sets once.
struct CheckInPages: Sendable {
    let app: TrainingApplication
    private static let path = "/training/check-in"
    private static let learnerCookie = "training_learner"
    private static let deviceCookie = "training_device"
    /// Ten tries at once, then one every ten seconds: a code is not to be guessed.
    private static let limit = RateLimit(perSecond: 0.1, burst: 10)

    private var action: CheckIn { CheckIn(database: app.database, ring: app.store.ring) }

    func addRoutes(to routes: inout RouteTable) {
        routes.on(TrainingContract.checkInStart) { request, context in try await start(request, context) }
        routes.on(TrainingContract.checkInAs) { request, context in try await become(request, context) }
        routes.on(TrainingContract.checkIn) { request, context in try await show(request, context) }
        routes.on(TrainingContract.sendCheckIn) { request, context in try await send(request, context) }
    }

    // MARK: - Whose phone

    private func start(_ request: Request, _ context: KitContext) async throws -> Response {
        let words = app.site.words(context)
        let learner = try await learner(request)
        var page = page(words["checkin.title"], lead: words[learner == nil ? "checkin.unknown" : "checkin.ready"])
        page.fields["who"] = learner.map { words("checkin.who", ["name": $0.name]) }
        return app.site.page(page, request, context)
    }

    private func become(_ request: Request, _ context: KitContext) async throws -> Response {
        let token = QueryItems.decodedPath(try context.parameters.require("token"))
        guard try await action.learner(token: token) != nil else { throw Problem.notFound }
        var response = Response(status: .seeOther, headers: [.location: Self.path])
        setCookie(Self.learnerCookie, token, &response)
        if device(request) == nil { setCookie(Self.deviceCookie, Self.newDevice(), &response) }
        return response
    }

    private func learner(_ request: Request) async throws -> CheckIn.Learner? {
        guard let token = SignInMiddleware.cookie(Self.learnerCookie, in: request) else { return nil }
        return try await action.learner(token: token)
    }

    private func device(_ request: Request) -> String? {
        guard let secret = SignInMiddleware.cookie(Self.deviceCookie, in: request), secret.utf8.count == 64,
            secret.allSatisfy(\.isHexDigit)
        else { return nil }
        return secret
    }

    private static func newDevice() -> String {
        CheckInCode.newSecret().map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }.joined()
    }

    private func setCookie(_ name: String, _ value: String, _ response: inout Response) {
        let secure = app.publicAddress?.hasPrefix("https:") == true ? "; Secure" : ""
        response.headers.append(
            HTTPField(
                name: .setCookie,
                value:
                    "\(name)=\(QueryItems.encoded(value)); Path=/training/; Max-Age=15552000; HttpOnly; SameSite=Lax\(secure)"
            ))
    }

    // MARK: - One session

    private func show(_ request: Request, _ context: KitContext) async throws -> Response {
        guard let session = try await session(context) else { throw Problem.notFound }
        let code = QueryItems(request.uri.query ?? "")["code"]
        let known = try await learner(request)
        let secret = device(request)
        let device = secret ?? Self.newDevice()
        var response: Response
        if let known, let code {
            try slow(known)
            do {
                let proof = try await action.prepare(
                    code, session: session.number, learner: known, device: LearnerSeal.digest(of: device),
                    at: app.second)
                response = form(session, known, proof: proof, nil, request, context)
            } catch let refusal as CheckInRefusal {
                response = form(session, known, proof: nil, refusal, request, context)
            }
        } else {
            response = form(session, known, proof: nil, nil, code: code, request, context)
        }
        if secret == nil { setCookie(Self.deviceCookie, device, &response) }
        return response
    }

    private func send(_ request: Request, _ context: KitContext) async throws -> Response {
        let form = try await Form.read(request)
        guard let session = try await session(context) else { throw Problem.notFound }
        if let typed = form["token"] { return try await introduce(typed, session, form, request, context) }
        guard let known = try await learner(request) else {
            return self.form(session, nil, proof: nil, .learnerUnknown, code: form["code"], request, context)
        }
        try slow(known)
        let secret = device(request)
        let device = secret ?? Self.newDevice()
        var response: Response
        do {
            let evidence = form["proof"].map { CheckIn.Evidence.proof($0) } ?? .code(form["code"] ?? "")
            let state = try await action.send(
                evidence, session: session.number, learner: known, device: LearnerSeal.digest(of: device),
                at: app.second, request: context.requestID)
            response = done(state, session, known, request, context)
        } catch let refusal as CheckInRefusal {
            response = self.form(session, known, proof: nil, refusal, request, context)
        }
        if secret == nil { setCookie(Self.deviceCookie, device, &response) }
        return response
    }

    /// Takes the secret of the learner's page, or the page's whole address.
    private func introduce(
        _ typed: String, _ session: AttendedSession, _ form: Form, _ request: Request, _ context: KitContext
    ) async throws -> Response {
        if let wait = app.checkInBuckets.take("t:\(context.remoteAddress ?? "")", .address, now: Self.uptime()) {
            throw Problem.tooManyRequests(after: Int(wait.rounded(.up)))
        }
        let address = typed.split { "?#".contains($0) }.first ?? ""
        let token = String(address.split(separator: "/").last ?? "")
        guard try await action.learner(token: token) != nil else {
            return self.form(session, nil, proof: nil, .learnerUnknown, code: form["code"], request, context)
        }
        let query = form["code"].map { "?code=\(QueryItems.encoded($0))" } ?? ""
        var response = Response(status: .seeOther, headers: [.location: "\(Self.path)/\(session.number)\(query)"])
        setCookie(Self.learnerCookie, token, &response)
        if device(request) == nil { setCookie(Self.deviceCookie, Self.newDevice(), &response) }
        return response
    }

    private func session(_ context: KitContext) async throws -> AttendedSession? {
        guard let number = Int64(try context.parameters.require("session")) else { return nil }
        return try await action.session(number)
    }

    private func slow(_ learner: CheckIn.Learner) throws {
        if let wait = app.checkInBuckets.take("l:\(learner.number)", Self.limit, now: Self.uptime()) {
            throw Problem.tooManyRequests(after: Int(wait.rounded(.up)))
        }
    }

    private static func uptime() -> Double { Double(DispatchTime.now().uptimeNanoseconds) / 1e9 }

    // MARK: - Pages

    private func page(_ title: String, lead: String?) -> Page {
        var page = Page("checkin", title: title, lead: lead)
        page.layout = .public
        page.addressAfterPost = Self.path
        return page
    }

    private func form(
        _ session: AttendedSession, _ learner: CheckIn.Learner?, proof: String?, _ refusal: CheckInRefusal?,
        code: String? = nil, _ request: Request, _ context: KitContext
    ) -> Response {
        let words = app.site.words(context)
        var page = page(words["checkin.title"], lead: lead(session, words))
        page.addressAfterPost = "\(Self.path)/\(session.number)"
        page.fields["who"] = learner.map { words("checkin.who", ["name": $0.name]) }
        if case .already? = refusal {
            page.fields["done"] = refusal.map { words[$0.explanation] }
            return app.site.page(page, request, context)
        }
        if let refusal {
            page.status = .conflict
            let field = learner == nil ? "token" : "code"
            page.faults = [FieldFault(field: field, message: refusal.explanation)]
        }
        let action = "\(Self.path)/\(session.number)"
        if learner == nil {
            page.fields["ask"] = ["action": action, "code": code ?? "", "hasCode": code != nil] as Fields
        } else if let proof {
            page.fields["press"] = ["action": action, "proof": proof] as Fields
        } else if refusal?.mayTryAgain ?? true {
            page.fields["type"] = ["action": action] as Fields
        }
        return app.site.page(page, request, context)
    }

    private func done(
        _ state: AttendanceState, _ session: AttendedSession, _ learner: CheckIn.Learner, _ request: Request,
        _ context: KitContext
    ) -> Response {
        let words = app.site.words(context)
        var page = page(words["checkin.done"], lead: lead(session, words))
        page.addressAfterPost = "\(Self.path)/\(session.number)"
        page.fields["who"] = words("checkin.who", ["name": learner.name])
        page.fields["done"] = words(
            state == .late ? "checkin.done.late" : "checkin.done.present", ["time": BeijingTime.clock(app.second)])
        return app.site.page(page, request, context)
    }

    private func lead(_ session: AttendedSession, _ words: Words) -> String {
        "\(session.classTitle) · \(Figures.date(session.day, in: words.language)) \(session.clock)"
    }
}

extension CheckInRefusal {
    /// Whether another code would help.
    var mayTryAgain: Bool {
        switch self {
        case .codeMissing, .oldCode, .otherSession, .wrongCode, .proofRefused: true
        default: false
        }
    }
}
