import Contracts
import Hummingbird
import NIOCore
import ServiceKit
import SocialDomain

/// What other systems read: the catalogue in CPSV-AP, the addresses of its pages.
struct InterfaceEndpoints: Sendable {
    let app: GuideApplication

    func addRoutes(to routes: inout RouteTable) {
        routes.on(GuideContract.turtle) { _, _ in export(.turtle, type: "text/turtle; charset=utf-8") }
        routes.on(GuideContract.jsonLD) { _, _ in export(.jsonLD, type: "application/ld+json") }
        routes.on(GuideContract.hsdsServices) { request, _ in try await hsds(request) }
        routes.on(GuideContract.sitemap) { request, _ in try await sitemap(request) }
        routes.on(GuideContract.robots) { _, _ in
            Self.text(Sitemap(addresses: app.addresses).robots, type: "text/plain; charset=utf-8")
        }
    }

    private var services: PublishedServices { PublishedServices(database: app.database) }

    private func export(_ format: CatalogueExport.Format, type: String) -> Response {
        let export = CatalogueExport(services: services, addresses: app.addresses, format: format)
        return Response(
            status: .ok, headers: [.contentType: type],
            body: ResponseBody { writer in
                try await export.write { text in try await writer.write(ByteBuffer(string: text)) }
                try await writer.finish(nil)
            })
    }

    /// A page in the form of HSDS's own API, numbered from 1.
    private func hsds(_ request: Request) async throws -> Response {
        let query = QueryItems(request.uri.query ?? "")
        let size = max(1, min(100, query["per_page"].flatMap { Int($0) } ?? 50))
        let total = try await services.count()
        let pages = (total + size - 1) / size
        let number = query["page"].map { Int($0) ?? 0 } ?? 1
        guard (1...max(1, pages)).contains(number) else { throw Problem.notFound }
        let found = try await services.services(in: (number - 1) * size..<number * size)
        let authorities = try await services.authorities()
        let contents = found.map { service in
            HSDSService(
                service: service, authority: authorities[service.item.content.department], addresses: app.addresses
            ).json
        }
        let body = JSONText.object([
            ("total_items", "\(total)"), ("total_pages", "\(pages)"), ("page_number", "\(number)"),
            ("size", "\(contents.count)"), ("first_page", "\(number == 1)"), ("last_page", "\(number >= pages)"),
            ("empty", "\(contents.isEmpty)"), ("contents", JSONText.list(contents)),
        ])
        return Self.text(body, type: "application/json")
    }

    /// The addresses themselves where one file holds them, else the list of files.
    private func sitemap(_ request: Request) async throws -> Response {
        let sitemap = Sitemap(addresses: app.addresses)
        let parts = Sitemap.parts(items: try await services.count())
        let asked = QueryItems(request.uri.query ?? "")["part"]
        if asked == nil, parts > 1 { return Self.text(sitemap.index(parts: parts), type: Self.xml) }
        let part = asked.map { Int($0) ?? 0 } ?? 1
        guard (1...max(1, parts)).contains(part) else { throw Problem.notFound }
        let entries = try await services.sitemapEntries(Sitemap.items(inPart: part))
        return Self.text(sitemap.urlset(part: part, entries), type: Self.xml)
    }

    private static let xml = "application/xml; charset=utf-8"

    private static func text(_ text: String, type: String) -> Response {
        Response(
            status: .ok, headers: [.contentType: type], body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }
}

extension GuideApplication {
    /// Without a public address, that of the machine itself.
    var addresses: GuideAddresses {
        GuideAddresses(base: publicAddress ?? "http://127.0.0.1:\(ServeCommand.port)")
    }
}
