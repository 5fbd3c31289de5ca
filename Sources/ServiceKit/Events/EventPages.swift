import Contracts
import Foundation
import HTTPTypes
import Hummingbird
import SocialDomain

/// `/SERVICE/events`: what waits, what could not be delivered and can be sent again, what arrived, and what came in.
package struct EventPages: Sendable {
    private let site: Site
    private let outbox: Outbox
    private let inbox: Inbox
    private let service: String
    private static let limit = 200

    package init(site: Site, outbox: Outbox, inbox: Inbox, service: String) {
        self.site = site
        self.outbox = outbox
        self.inbox = inbox
        self.service = service
    }

    package func addRoutes(to routes: inout RouteTable) {
        let contract = KitContract(service)
        routes.on(contract.events) { request, context in try await list(request, context) }
        routes.on(contract.resendEvent) { request, context in
            try await resend(request, context)
        }
    }

    private func list(_ request: Request, _ context: KitContext) async throws -> Response {
        let words = site.words(context)
        let query = QueryItems(request.uri.query ?? "")
        let isIncoming = query["list"] == "incoming"
        let state = query["list"].flatMap(Delivery.State.init) ?? .queued
        let counts = try await outbox.counts()
        var page = Page("events", title: words["events.title"], lead: words["events.lead"], place: "jobs")
        page.crumbs = [(words["jobs.title"], "/\(service)/jobs")]
        page.fields = isIncoming ? try await incoming(words) : try await outgoing(state, words, context.formToken)
        page.notice = query["sent"] == nil ? nil : words["events.sent"]
        page.fields["lists"] = [
            tab("queued", counts.queued, isHere: !isIncoming && state == .queued, words),
            tab("dead", counts.dead, isHere: !isIncoming && state == .dead, words),
            tab("delivered", counts.delivered, isHere: !isIncoming && state == .delivered, words),
            tab("incoming", nil, isHere: isIncoming, words),
        ]
        return site.page(page, request, context)
    }

    private func tab(_ name: String, _ count: Int?, isHere: Bool, _ words: Words) -> Fields {
        var fields: Fields = ["href": "/\(service)/events?list=\(name)", "name": words["events.\(name)"]]
        fields["count"] = count.map(Figures.grouped)
        fields["isHere"] = isHere
        return fields
    }

    private func outgoing(
        _ state: Delivery.State, _ words: Words, _ token: String?
    ) async throws -> Fields {
        let deliveries = try await outbox.list(state, limit: Self.limit)
        var columns: [Table.Column] = [
            .init(words["events.column.type"]), .init(words["events.column.subject"]),
            .init(words["events.column.receiver"], isShort: true),
            .init(words["events.column.happened"], isShort: true, isMinor: true),
            .init(words["events.column.changed"], isShort: true),
            .init(words["events.column.attempts"], isFigure: true), .init(words["events.column.reason"]),
        ]
        if state == .dead { columns.append(.init(words["events.column.act"])) }
        return Table(
            caption: words["events.\(state.rawValue)"], columns: columns,
            rows: deliveries.map { delivery in
                var cells: [Table.Cell] = [
                    .init(delivery.type, note: "#\(delivery.sequence)"), .init(delivery.subject),
                    .init(delivery.receiver), .init(Self.moment(delivery.occurredAt, words)),
                    .init(Self.moment(delivery.changedAt, words)), .figure(delivery.attempts), .init(delivery.reason),
                ]
                if state == .dead { cells.append(.init(html: button(delivery, words, token))) }
                return cells
            },
            emptiness: words["events.empty.\(state.rawValue)"]
        ).fields()
    }

    private func button(_ delivery: Delivery, _ words: Words, _ token: String?) -> String {
        let path = "/\(service)/events/\(QueryItems.encoded(delivery.event))/resend"
        return """
            <form method="post" action="\(path)">\(Site.formField(token))<input type="hidden" name="receiver" \
            value="\(HTML.escaped(delivery.receiver))"><button class="button button-quiet">\
            \(HTML.escaped(words["events.resend"]))</button></form>
            """
    }

    private func incoming(_ words: Words) async throws -> Fields {
        Table(
            caption: words["events.incoming"],
            columns: [
                .init(words["events.column.type"]), .init(words["events.column.subject"]),
                .init(words["events.column.source"], isShort: true), .init(words["events.column.came"], isShort: true),
                .init(words["events.column.handled"], isShort: true),
            ],
            rows: try await inbox.list(limit: Self.limit).map { entry in
                [
                    .init(entry.type, note: "#\(entry.sequence)"), .init(entry.subject), .init(entry.source),
                    .init(Self.moment(entry.receivedAt, words)),
                    .init(words[entry.isIgnored ? "events.ignored" : "events.handled"]),
                ]
            },
            emptiness: words["events.empty.incoming"]
        ).fields()
    }

    static func moment(_ milliseconds: Int64, _ words: Words) -> String {
        Figures.moment(
            Date(timeIntervalSince1970: Double(milliseconds / 1000)).formatted(.iso8601), in: words.language)
    }

    private func resend(_ request: Request, _ context: KitContext) async throws -> Response {
        let form = try await Form.read(request)
        try await outbox.resend(
            try context.parameters.require("id"), to: form["receiver"], by: try context.requireCaller(),
            request: context.requestID)
        return Response(status: .seeOther, headers: [.location: "/\(service)/events?list=dead&sent=1"])
    }
}
