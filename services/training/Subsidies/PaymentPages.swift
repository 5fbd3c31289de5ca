import Contracts
import Foundation
import Hummingbird
import Logging
import NIOPosix
import Security
import ServiceKit
import SocialDomain
import Storage

/// Payment files: what is owed, what is with the bank, and what came of it.
struct PaymentPages: Sendable {
    let app: TrainingApplication
    static let path = "/training/payments"
    private static let batchesShown = 100

    func addRoutes(to routes: inout RouteTable) {
        routes.on(TrainingContract.payments) { request, context in try await list(request, context) }
        routes.on(TrainingContract.askPayment) { request, context in try await ask(request, context) }
        routes.on(TrainingContract.makePayment) { request, context in
            let division = try await Form.read(request)["division"] ?? ""
            let id = ClaimPages.newID("P", on: app.today)
            do {
                try await perform(context) { try $0.make(for: division, id: id) }
            } catch let refusal as ClaimRefusal {
                return try await list(request, context, refusal: refusal)
            }
            return Response(status: .seeOther, headers: [.location: Self.address(id)])
        }
        routes.on(TrainingContract.payment) { request, context in try await show(request, context) }
        routes.on(TrainingContract.paymentFile) { _, context in try await file(context) }
        routes.on(TrainingContract.takeResult) { request, context in try await take(request, context) }
    }

    private static func id(_ context: KitContext) throws -> String {
        QueryItems.decodedPath(try context.parameters.require("batch"))
    }

    private static func address(_ id: String) -> String { "\(path)/\(QueryItems.encoded(id))" }

    private func name(_ division: String) -> String {
        let name = app.divisions.pathName(ofDigits: division)
        return name.isEmpty ? division : name
    }

    private func perform<Value: Sendable>(
        _ context: KitContext, _ work: @escaping @Sendable (PaymentDesk) throws -> Value
    ) async throws -> Value {
        let (caller, time, request) = (try context.requireCaller(), app.now(), context.requestID)
        return try await app.database.writeOnce { db in
            try work(PaymentDesk(db: db, caller: caller, time: time, request: request))
        }
    }

    // MARK: - Batches

    private func list(
        _ request: Request, _ context: KitContext, refusal: ClaimRefusal? = nil
    ) async throws -> Response {
        let words = app.site.words(context)
        let caller = try context.requireCaller()
        let division = caller.scope.division
        let (owed, batches) = try await app.database.read { db in
            (
                try PaymentStore.owed(within: division, in: db),
                try PaymentStore.batches(within: division, limit: Self.batchesShown, in: db)
            )
        }
        var page = Page(
            "subsidy-payments", title: words["payment.title"], lead: words["payment.lead"], place: "subsidies")
        page.crumbs = [(words["subsidy.title"], ClaimPages.path)]
        page.addressAfterPost = Self.path
        page.fields = Table(
            caption: words["payment.title"],
            columns: [
                .init(words["payment.batch"]), .init(words["budget.division"], isMinor: true),
                .init(words["payment.state"], isShort: true), .init(words["payment.count"], isFigure: true),
                .init(words["payment.total"], isFigure: true), .init(words["payment.made"], isMinor: true),
            ],
            rows: batches.map { batch in
                [
                    .init(batch.id, href: Self.address(batch.id)), .init(name(batch.division)),
                    .init(words[batch.isSettled ? "payment.settled" : "payment.waiting"]),
                    .figure(Int(batch.payments)), .init(batch.total.spoken),
                    .init(Figures.moment(batch.madeAt, in: words.language)),
                ]
            },
            emptiness: words["payment.empty"]
        ).fields()
        let mayMake = TrainingContract.makePayment.access.allows(caller)
        page.fields["owed"] = owed.map { owed -> Fields in
            [
                "text": words(
                    "payment.owed",
                    ["division": name(owed.division), "n": "\(owed.payees)", "total": owed.amount.spoken]),
                "href": "\(Self.path)/new?division=\(owed.division)", "mayMake": mayMake,
            ]
        }
        page.fields["nothingOwed"] = owed.isEmpty
        if let refusal {
            page.faults = [FieldFault(field: "owed", message: refusal.explanation)]
            page.status = .conflict
        }
        return app.site.page(page, request, context)
    }

    private func ask(_ request: Request, _ context: KitContext) async throws -> Response {
        let words = app.site.words(context)
        let division = QueryItems(request.uri.query ?? "")["division"] ?? ""
        let scope = try context.requireCaller().scope
        let owed = try await app.database.read { db in
            try PaymentStore.owed(within: scope.division, in: db).first { $0.division == division }
        }
        guard let owed else { return Response(status: .seeOther, headers: [.location: Self.path]) }
        var question = Confirmation(
            title: words("payment.ask", ["division": name(division)]),
            effect: words(
                "payment.ask.effect",
                ["n": "\(min(owed.payees, Int64(PaymentDesk.most)))", "total": owed.amount.spoken]),
            verb: words["payment.make"], action: "\(Self.path)/new", back: Self.path)
        question.fields = [("division", division)]
        question.place = "subsidies"
        question.crumbs = [(words["payment.title"], Self.path)]
        return app.site.page(question, request, context)
    }

    // MARK: - One batch

    private func show(
        _ request: Request, _ context: KitContext, faults: [LocalizedText] = [], notice: String? = nil
    ) async throws -> Response {
        let words = app.site.words(context)
        let (id, caller) = (try Self.id(context), try context.requireCaller())
        let found = try await app.database.read { db in
            try PaymentStore.batch(id, within: caller.scope.division, in: db).map { batch in
                (batch, try PaymentStore.payments(of: id, in: db))
            }
        }
        guard let (batch, payments) = found else { throw Problem.notFound }
        try await app.journal.record(
            try AuditEvent("payment.look", subject: id, division: batch.division, in: context))
        var page = Page("subsidy-payment", title: words("payment.one", ["batch": id]), place: "subsidies")
        page.lead = words[batch.isSettled ? "payment.one.settled" : "payment.one.waiting"]
        page.crumbs = [(words["subsidy.title"], ClaimPages.path), (words["payment.title"], Self.path)]
        page.addressAfterPost = Self.address(id)
        page.fields = Table(
            caption: words["payment.rows"],
            columns: [
                .init(words["payment.reference"]), .init(words["payment.payee"]),
                .init(words["subsidy.column.claim"], isMinor: true), .init(words["payment.state"], isShort: true),
                .init(words["payment.amount"], isFigure: true),
            ],
            rows: payments.map { payment in
                [
                    .init(payment.id), .init(payment.payeeName, note: payment.payeeCode),
                    .init(payment.claim, href: ClaimPages.address(payment.claim)),
                    .init(words[payment.state.title], note: payment.failure.isEmpty ? nil : payment.failure),
                    .init(
                        payment.amount.spoken,
                        note: payment.attempt > 1 ? words("payment.attempt", ["n": "\(payment.attempt)"]) : nil),
                ]
            }
        ).fields()
        page.fields["total"] = batch.total.spoken
        page.fields["digest"] = batch.fileDigest
        page.fields["resultDigest"] = batch.resultDigest
        page.fields["address"] = Self.address(id)
        page.fields["mayKeep"] = TrainingContract.paymentFile.access.allows(caller)
        page.fields["isWaiting"] = !batch.isSettled
        page.notice = notice
        page.faults = faults.map { FieldFault(field: "file", message: $0) }
        if !faults.isEmpty { page.status = .unprocessableContent }
        return app.site.page(page, request, context)
    }

    /// The same bytes whenever it is fetched: they come from the batch's rows, and their SHA-256 was recorded with them.
    private func file(_ context: KitContext) async throws -> Response {
        let (id, caller) = (try Self.id(context), try context.requireCaller())
        let found = try await app.database.read { db in
            try PaymentStore.batch(id, within: caller.scope.division, in: db).map { batch in
                (batch, try PaymentStore.payments(of: id, in: db))
            }
        }
        guard let (batch, payments) = found else { throw Problem.notFound }
        let bytes = PaymentFile.bytes(payments)
        guard PaymentFile.digest(bytes) == batch.fileDigest else {
            context.logger.error("a payment file differs from its record", metadata: ["batch": "\(id)"])
            throw Problem.unexpected
        }
        try await app.journal.record(
            try AuditEvent("payment.export", subject: id, division: batch.division, in: context))
        return ClaimPages.download(bytes, name: "\(id).csv")
    }

    private func take(_ request: Request, _ context: KitContext) async throws -> Response {
        let words = app.site.words(context)
        let id = try Self.id(context)
        let reader = UploadReader(
            folder: "\(app.store.folder)/incoming", sizeLimit: ResultFile.sizeLimit, fileLimit: 1)
        let upload = try await reader.read(request, context)
        defer { for file in upload.files { try? FileManager.default.removeItem(atPath: file.path) } }
        guard let file = upload.files.first else {
            return try await show(
                request, context,
                faults: [LocalizedText(zh: "请先选择银行的结果文件。", en: "Choose the bank's result file first.")])
        }
        do {
            let (result, digest) = try await NIOThreadPool.singleton.runIfActive {
                let data = try Data(contentsOf: URL(fileURLWithPath: file.path))
                return (try ResultFile(path: file.path), PaymentFile.digest(Array(data)))
            }
            let isNew = try await perform(context) { try $0.settle(id, result, fileDigest: digest) }
            guard isNew else {
                return try await show(request, context, notice: words["payment.again"])
            }
            return Response(status: .seeOther, headers: [.location: Self.address(id)])
        } catch ResultFile.Fault.unreadable(let faults) {
            return try await show(request, context, faults: faults)
        } catch ClaimRefusal.wrongFile(let faults) {
            return try await show(request, context, faults: faults)
        } catch let refusal as ClaimRefusal {
            return try await show(request, context, faults: [refusal.explanation])
        }
    }
}
