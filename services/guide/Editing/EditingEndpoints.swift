import Contracts
import Foundation
import Security
import ServiceKit
import SocialDomain
import Storage

/// `/guide/v1/drafts`: the life of an item, for programs.
struct EditingEndpoints: Sendable {
    let app: GuideApplication

    func addRoutes(to routes: inout RouteTable) {
        routes.on(GuideContract.draft) { call in try await show(call) }
        routes.on(GuideContract.saveDraft) { call in try await save(call) }
        routes.on(GuideContract.editions) { call in try await editions(call) }
        routes.on(GuideContract.claimDraft) { call in try await step(call) { try $0.claim($1) } }
        routes.on(GuideContract.releaseDraft) { call in try await step(call) { try $0.release($1) } }
        routes.on(GuideContract.submitDraft) { call in
            let tag = try call.requireVersion()
            return try await step(call) { try $0.submit($1, tag: tag) }
        }
        routes.on(GuideContract.takeBackDraft) { call in
            let tag = try call.requireVersion()
            return try await step(call) { try $0.takeBack($1, tag: tag) }
        }
        routes.on(GuideContract.reviewDraft) { call in
            let (tag, body) = (try call.requireVersion(), call.body)
            return try await step(call) {
                try $0.review($1, tag: tag, body.decision == "approve" ? .approve : .return, note: body.note ?? "")
            }
        }
        routes.on(GuideContract.publishDraft) { call in
            let (tag, day) = (try call.requireVersion(), call.body.on.flatMap { CalendarDate(iso8601: $0) })
            return try await step(call) { try $0.publish($1, tag: tag, on: day) }
        }
        routes.on(GuideContract.withdrawDraft) { call in
            let reason = call.body.reason
            return try await step(call) { try $0.withdraw($1, reason: reason) }
        }
        routes.on(GuideContract.restoreDraft) { call in try await step(call) { try $0.restore($1) } }
        routes.on(GuideContract.confirmDraft) { call in try await step(call) { try $0.confirm($1) } }
    }

    private func show(_ call: Call<ItemReference, NoBody>) async throws -> Reply<DraftRecord> {
        let (code, scope) = (call.parameters.code, call.scope)
        let found = try await app.database.read { db in
            try EditingStore.item(code: code, within: scope, in: db)
        }
        guard let found else { throw Problem.notFound }
        return try Self.reply(found)
    }

    private func editions(_ call: Call<ItemReference, NoBody>) async throws -> Reply<Listing<EditionEntry>> {
        let (code, scope) = (call.parameters.code, call.scope)
        let found = try await app.database.read { db in
            try EditingStore.item(code: code, within: scope, in: db).map {
                try EditingStore.editions(of: $0.id, in: db)
            }
        }
        guard let found else { throw Problem.notFound }
        return Reply(
            Listing(
                items: found.map {
                    EditionEntry(
                        edition: $0.number, state: $0.state.rawValue, editedAt: $0.editedAt, editedBy: $0.editedName,
                        reviewedBy: $0.reviewedName, publishedAt: $0.publishedAt)
                }, next: nil))
    }

    private func save(_ call: Call<ItemReference, DraftBody>) async throws -> Reply<DraftRecord> {
        let (tag, content) = (try call.requireVersion(), try Self.content(call.body.elements))
        return try await step(call) { try $0.save(content, of: $1, tag: tag) }
    }

    /// One step in one transaction; what it changed is seen at once by this copy's readers.
    private func step<Body: APIBody>(
        _ call: Call<ItemReference, Body>, _ work: @escaping @Sendable (ItemDesk, String) throws -> Void
    ) async throws -> Reply<DraftRecord> {
        let (code, caller, time, request) = (call.parameters.code, call.caller, app.now(), call.context.requestID)
        let reply = try await call.write(app.database) { db in
            let desk = ItemDesk(db: db, caller: caller, time: time, request: request)
            try work(desk, code)
            return try Self.reply(try desk.find(code))
        }.reply
        // It is committed; where this read fails the follower takes it over.
        try? await app.catalogue.refresh()
        return reply
    }

    // MARK: - JSON

    private static func reply(_ item: EditedItem) throws -> Reply<DraftRecord> {
        let json = try JSONEncoder().encode(item.head.content)
        let completeness = Completeness(item.head.content)
        return Reply(
            DraftRecord(
                code: item.code, edition: item.head.number, state: item.head.state.rawValue,
                elements: try JSONDecoder().decode(JSONValue.self, from: json), editedAt: item.head.editedAt,
                editedBy: item.head.editedName, claimedBy: item.claimedBy == nil ? nil : item.claimedName ?? "",
                note: item.head.note, publishOn: item.head.publishOn, isPublished: item.isPublished,
                isWithdrawn: item.withdrawnAt != nil, confirmedOn: item.confirmedOn, reviewBy: item.reviewBy,
                score: completeness.score, missing: completeness.missing.map(\.rawValue)), version: item.head.tag)
    }

    /// What cannot be read is told by its place.
    static func content(_ elements: JSONValue) throws -> ItemContent {
        do {
            return try JSONDecoder().decode(ItemContent.self, from: JSONEncoder().encode(elements))
        } catch let error as DecodingError {
            let (path, message) = ItemContent.explanation(of: error)
            throw Problem.invalid([FieldFault(field: "/elements" + path, message: message)])
        }
    }
}

extension ItemContent {
    /// The JSON pointer of what could not be read, and why.
    static func explanation(of error: DecodingError) -> (path: String, message: LocalizedText) {
        func pointer(_ path: [any CodingKey]) -> String {
            path.map { "/" + ($0.intValue.map(String.init) ?? $0.stringValue) }.joined()
        }
        switch error {
        case .keyNotFound(let key, let context):
            return (
                pointer(context.codingPath + [key]), LocalizedText(zh: "缺少这一项。", en: "is missing.")
            )
        case .typeMismatch(_, let context), .valueNotFound(_, let context):
            return (
                pointer(context.codingPath), LocalizedText(zh: "值的类型不对。", en: "is of the wrong type.")
            )
        case .dataCorrupted(let context):
            return (pointer(context.codingPath), LocalizedText(zh: "值无法读懂。", en: "cannot be read."))
        @unknown default: return ("", LocalizedText(zh: "无法读懂。", en: "cannot be read."))
        }
    }
}
