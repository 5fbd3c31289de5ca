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
        routes.on(GuideContract.sitemap) { request, _ in try await sitemap(request) }
        routes.on(GuideContract.robots) { _, _ in
            Self.text(Sitemap(addresses: app.addresses).robots, type: "text/plain; charset=utf-8")
        }
    }

    private var services: PublishedServices { PublishedServices(database: app.database) }

    private func export(_ format: CPSVExport.Format, type: String) -> Response {
        let export = CPSVExport(services: services, addresses: app.addresses, format: format)
        return Response(
            status: .ok, headers: [.contentType: type],
            body: ResponseBody { writer in
                try await export.write { text in try await writer.write(ByteBuffer(string: text)) }
                try await writer.finish(nil)
            })
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
