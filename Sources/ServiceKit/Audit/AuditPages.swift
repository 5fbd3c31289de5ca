import Contracts
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Security
import SocialDomain

/// `/SERVICE/audit`: who did and who looked, for auditors, within their division.
package struct AuditPages: Sendable {
    private let site: Site
    private let log: AuditLog
    private let service: String
    private let journal: AuditJournal
    private static let pageSize = 100

    package init(site: Site, log: AuditLog, journal: AuditJournal, service: String) {
        self.site = site
        self.log = log
        self.journal = journal
        self.service = service
    }

    package func addRoutes(to routes: inout RouteTable) {
        let contract = KitContract(service)
        routes.on(contract.audit) { request, context in try await list(request, context) }
        routes.on(contract.auditExport) { request, context in try await export(request, context) }
    }

    private func list(_ request: Request, _ context: KitContext) async throws -> Response {
        let words = site.words(context)
        let query = QueryItems(request.uri.query ?? "")
        let below = query["after"].flatMap { UInt64($0) }
        let scope = try context.requireCaller().scope
        let entries = try await log.entries(
            Self.filter(query), within: scope, below: below, limit: Self.pageSize + 1)
        var page = Page("audit", title: words["audit.title"], lead: words["audit.lead"], place: "audit")
        page.fields = Table(
            caption: words["audit.title"],
            columns: [
                .init(words["audit.column.time"], isShort: true), .init(words["audit.column.who"]),
                .init(words["audit.column.action"]), .init(words["audit.column.subject"]),
                .init(words["audit.column.reason"], isMinor: true), .init("#", isFigure: true, isMinor: true),
            ],
            rows: entries.prefix(Self.pageSize).map { entry in
                [
                    .init(Self.beijingTime(entry.unixMilliseconds)),
                    .init(
                        entry.name.isEmpty ? words["audit.kind.\(entry.role)"] : entry.name,
                        href: entry.actor.isEmpty ? nil : "/\(service)/audit?actor=\(QueryItems.encoded(entry.actor))"),
                    .init(
                        words.catalogue["audit.\(entry.action)"] == nil ? entry.action : words["audit.\(entry.action)"]),
                    .init(
                        entry.subject,
                        href: entry.subject.isEmpty
                            ? nil : "/\(service)/audit?subject=\(QueryItems.encoded(entry.subject))"),
                    .init(entry.reason), .init("\(entry.sequence)"),
                ]
            },
            emptiness: words["audit.empty"]
        ).fields()
        page.fields["home"] = "/\(service)/audit"
        for field in ["actor", "subject", "from", "to"] { page.fields[field] = query[field] }
        page.fields["actions"] = actions(words, chosen: query["action"])
        page.fields["exportHref"] = "/\(service)/audit/export.csv" + query.removing("after").suffix
        if entries.count > Self.pageSize {
            page.fields["pages"] =
                [
                    "nextHref": "/\(service)/audit"
                        + query.setting("after", "\(entries[Self.pageSize - 1].sequence)").suffix
                ] as Fields
        }
        return site.page(page, request, context)
    }

    private func export(_ request: Request, _ context: KitContext) async throws -> Response {
        let query = QueryItems(request.uri.query ?? "")
        let (filter, scope) = (Self.filter(query), try context.requireCaller().scope)
        try await journal.record(AuditEvent("audit.export", in: context))
        let log = log
        return Response(
            status: .ok,
            headers: [
                .contentType: "text/csv; charset=utf-8",
                .contentDisposition: "attachment; filename=\"\(service)-audit.csv\"",
            ],
            body: ResponseBody { writer in
                try await writer.write(ByteBuffer(string: "\u{FEFF}" + AuditCSV.header + "\r\n"))
                var below: UInt64?
                while true {
                    let entries = try await log.entries(filter, within: scope, below: below, limit: 1000)
                    guard let last = entries.last else { break }
                    try await writer.write(ByteBuffer(string: entries.map(AuditCSV.line).joined()))
                    below = last.sequence
                }
                try await writer.finish(nil)
            })
    }

    /// Days are Beijing's.
    private static func filter(_ query: QueryItems) -> AuditLog.Filter {
        var filter = AuditLog.Filter()
        filter.actor = query["actor"] ?? ""
        filter.action = query["action"] ?? ""
        filter.subject = query["subject"] ?? ""
        filter.from = query["from"].flatMap { CalendarDate(iso8601: $0) }.map(milliseconds)
        filter.before = query["to"].flatMap { CalendarDate(iso8601: $0) }.map { milliseconds($0) + 86_400_000 }
        return filter
    }

    private static func milliseconds(_ day: CalendarDate) -> Int64 {
        (Int64(day.dayNumber) * 86_400 - 8 * 3600) * 1000
    }

    private static func beijingTime(_ milliseconds: Int64) -> String {
        let text = Date(timeIntervalSince1970: Double(milliseconds) / 1000 + 8 * 3600).formatted(.iso8601)
        return String(text.prefix(16)).replacing("T", with: " ")
    }

    private func actions(_ words: Words, chosen: String?) -> [Fields] {
        let prefix = "audit."
        let keys = words.catalogue.keys.filter { key in
            key.hasPrefix(prefix) && key.split(separator: ".").count == 3
                && !["column", "kind", "filter"].contains(String(key.split(separator: ".")[1]))
        }
        return [["value": "", "name": words["kit.filter.all"], "isChosen": chosen == nil] as Fields]
            + keys.map { key in
                let action = String(key.dropFirst(prefix.count))
                return ["value": action, "name": words[key], "isChosen": action == chosen]
            }
    }
}
