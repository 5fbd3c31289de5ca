import Contracts
import Dispatch
import Hummingbird
import ServiceKit
import SocialDomain

/// "Was this right?" under every item, and the editors' list of what readers said.
struct FeedbackPages: Sendable {
    let app: GuideApplication
    private static let path = "/guide/manage/feedback"
    private static let pageSize = 50
    /// One a quarter of a minute; an office behind one address may send ten at once.
    private static let limit = RateLimit(perSecond: 1.0 / 15, burst: 10)

    func addRoutes(to routes: inout RouteTable) {
        routes.on(GuideContract.sayFeedback) { request, context in try await say(request, context) }
        routes.on(GuideContract.feedbackList) { request, context in try await list(request, context) }
        routes.on(GuideContract.answerFeedback) { request, context in try await answer(request, context) }
    }

    /// What the item's page shows of it.
    static func fields(code: String) -> Fields { ["action": "/guide/items/\(QueryItems.encoded(code))/feedback"] }

    static func notice(_ query: QueryItems, _ words: Words) -> String? {
        query["said"].map { words[$0 == "right" ? "feedback.thanks.right" : "feedback.thanks"] }
    }

    // MARK: - Readers

    private func say(_ request: Request, _ context: KitContext) async throws -> Response {
        let seconds = Double(DispatchTime.now().uptimeNanoseconds) / 1e9
        if let wait = app.feedbackBuckets.take(context.remoteAddress ?? "", Self.limit, now: seconds) {
            throw Problem.tooManyRequests(after: Int(wait.rounded(.up)))
        }
        let code = QueryItems.decodedPath(try context.parameters.require("code"))
        let form = try await Form.read(request)
        guard let item = try await app.items.published(code: code) else { throw Problem.notFound }
        let isRight = form["verdict"] == "right"
        let note = form["note"] ?? ""
        let (zh, en) =
            note.count > FeedbackStore.longestNote
            ? ("最多 500 个字，请写短一些。", "At most 500 characters: make it shorter.")
            : ("请选“对”，或写出哪里不对。", "Choose “yes”, or write what is wrong.")
        guard note.count <= FeedbackStore.longestNote, isRight || !note.isEmpty else {
            throw Problem.invalid([FieldFault(field: "note", message: LocalizedText(zh: zh, en: en))])
        }
        if isRight, note.isEmpty {
            app.tally.add(.right, item.content.code)
        } else {
            try await app.feedback.say(note, about: item, on: app.tally.today)
        }
        let said = isRight && note.isEmpty ? "right" : "wrong"
        return Response(
            status: .seeOther,
            headers: [.location: "/guide/items/\(QueryItems.encoded(item.content.code))?said=\(said)"])
    }

    // MARK: - Editors

    private func list(
        _ request: Request, _ context: KitContext, fault: (id: Int64, refusal: FeedbackRefusal)? = nil
    ) async throws -> Response {
        let words = app.site.words(context)
        let query = QueryItems(request.uri.query ?? "")
        let isDone = query["state"] == "done"
        let after = max(0, min(100_000, query["after"].flatMap { Int($0) } ?? 0))
        let entries = try await app.feedback.list(
            isDone: isDone, item: query["item"], within: try context.requireCaller().scope, after: after,
            limit: Self.pageSize + 1)
        var page = Page("feedback-list", title: words["feedback.title"], lead: words["feedback.lead"], place: "figures")
        page.addressAfterPost = Self.path
        page.crumbs = [(words["figures.title"], "/guide/manage/figures")]
        page.fields["tabs"] = ["open", "done"].map { state -> Fields in
            [
                "href": Self.path + (state == "done" ? "?state=done" : ""), "name": words["feedback.state.\(state)"],
                "isHere": (state == "done") == isDone,
            ]
        }
        let mayAnswer = GuideContract.answerFeedback.access.allows(context.caller)
        var groups: [Fields] = []
        var lists: [[Fields]] = []
        for entry in entries.prefix(Self.pageSize) {
            if groups.last?["code"] as? String != entry.itemCode {
                groups.append([
                    "code": entry.itemCode, "name": entry.itemName,
                    "href": "/guide/items/\(QueryItems.encoded(entry.itemCode))",
                ])
                lists.append([])
            }
            lists[lists.count - 1].append(fields(entry, mayAnswer: mayAnswer, fault: fault, words))
        }
        page.fields["groups"] = zip(groups, lists).map { group, list in
            var group = group
            group["entries"] = list
            return group
        }
        if entries.isEmpty { page.fields["isEmpty"] = true }
        if entries.count > Self.pageSize {
            page.fields["pages"] =
                ["nextHref": Self.path + query.setting("after", "\(after + Self.pageSize)").suffix] as Fields
        }
        if let fault {
            page.faults = [FieldFault(field: "answer-\(fault.id)", message: fault.refusal.explanation)]
            page.status = .unprocessableContent
        }
        return app.site.page(page, request, context)
    }

    private func fields(
        _ entry: FeedbackEntry, mayAnswer: Bool, fault: (id: Int64, refusal: FeedbackRefusal)?, _ words: Words
    ) -> Fields {
        var fields: Fields = [
            "id": "\(entry.id)", "note": entry.note,
            "about": words(
                "feedback.about", ["n": "\(entry.edition)", "day": Figures.date(entry.saidOn, in: words.language)]),
        ]
        if entry.isDone {
            fields["answer"] = entry.answer
            fields["by"] = [
                entry.answeredName ?? "", entry.answeredAt.map { Figures.moment($0, in: words.language) } ?? "",
            ].filter { !$0.isEmpty }.joined(separator: " ")
        } else if mayAnswer {
            fields["action"] = "\(Self.path)/\(entry.id)"
        }
        return fields
    }

    private func answer(_ request: Request, _ context: KitContext) async throws -> Response {
        guard let id = Int64(try context.parameters.require("id")) else { throw Problem.notFound }
        let form = try await Form.read(request)
        do {
            try await app.feedback.answer(
                id, form["answer"] ?? "", by: try context.requireCaller(), at: app.now(), request: context.requestID)
        } catch let refusal as FeedbackRefusal {
            return try await list(request, context, fault: (id, refusal))
        }
        return Response(status: .seeOther, headers: [.location: Self.path])
    }
}
