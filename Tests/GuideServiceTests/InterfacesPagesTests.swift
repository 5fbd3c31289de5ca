import Foundation
import HTTPTypes
import ServiceKit
import SocialDomain
import Storage
import TestDatabases
import TestPages
import Testing

@testable import GuideService

/// What search engines and other systems get over HTTP.
struct InterfacesPagesTests {
    private func sample(
        _ engine: Engine = .sqlite, publicAddress: String? = "https://hall.example",
        change: (inout ItemContent) -> Void = { _ in }
    ) async throws -> GuideSample {
        let sample = try await GuideSample(engine) { $0.publicAddress = publicAddress }
        var content = try InterfaceSample.content()
        content.code = "200 a/b"
        change(&content)
        let second = content
        try sample.store.database.writeBlocking { db in
            try PublishItem.first(
                second, id: 2, division: "150402", version: try CatalogueStore.nextVersion(in: db),
                at: "2026-07-01T02:00:00Z", in: db)
        }
        return sample
    }

    @Test(arguments: TestServer.engines)
    func `the export is open to all and tells every published item`(engine: Engine) async throws {
        let sample = try await sample(engine)

        let turtle = try await sample.get("/guide/v1/cpsv-ap.ttl", [:])
        let json = try await sample.get("/guide/v1/cpsv-ap.jsonld", [:])

        #expect(turtle.status == 200)
        #expect(turtle.headers[.contentType] == "text/turtle; charset=utf-8")
        #expect(turtle.text.hasPrefix("@prefix adms: <http://www.w3.org/ns/adms#> .\n"))
        #expect(turtle.text.contains("\n<https://hall.example/guide/items/100#service> a cpsv:PublicService ;\n"))
        #expect(turtle.text.contains("<https://hall.example/guide/items/200%20a%2Fb#service> a cpsv:PublicService ;"))
        #expect(turtle.text.contains("dct:modified \"2026-07-01T02:00:00Z\"^^xsd:dateTime"))
        #expect(json.headers[.contentType] == "application/ld+json")
        let document = try #require(try JSONSerialization.jsonObject(with: Data(json.bytes)) as? [String: Any])
        let nodes = try #require(document["@graph"] as? [[String: Any]])
        let services = nodes.filter { $0["@type"] as? [String] == ["cpsv:PublicService"] }
        #expect(
            services.compactMap { $0["@id"] as? String } == [
                "https://hall.example/guide/items/100#service", "https://hall.example/guide/items/200%20a%2Fb#service",
            ])
    }

    @Test(arguments: TestServer.engines)
    func `what is withdrawn is in no export and no sitemap`(engine: Engine) async throws {
        let sample = try await sample(engine)
        try sample.store.database.writeBlocking { db in
            _ = try db.execute("UPDATE item SET withdrawn_at = '2026-07-02T00:00:00Z' WHERE item_id = 2")
        }

        #expect(try await !sample.get("/guide/v1/cpsv-ap.ttl", [:]).text.contains("items/200"))
        #expect(try await !sample.get("/guide/sitemap.xml", [:]).text.contains("items/200"))
    }

    @Test(arguments: TestServer.engines)
    func `HSDS services come in numbered pages`(engine: Engine) async throws {
        let sample = try await sample(engine)

        let first = try await sample.get("/guide/v1/hsds/services?per_page=1", [:])
        let second = try await sample.get("/guide/v1/hsds/services?per_page=1&page=2", [:])

        #expect(
            first.text.hasPrefix(
                #"{"total_items":2,"total_pages":2,"page_number":1,"size":1,"first_page":true,"last_page":false,"#
                    + #""empty":false,"contents":[{"id":"fbe82545-4cd2-85de-acae-7908786c2f85","#))
        #expect(
            second.text.hasPrefix(
                #"{"total_items":2,"total_pages":2,"page_number":2,"size":1,"first_page":false,"last_page":true,"#))
        #expect(second.text.contains(#""url":"https://hall.example/guide/items/200%20a%2Fb""#))
        #expect(try await sample.get("/guide/v1/hsds/services?page=3", [:]).status == 404)
    }

    @Test(arguments: TestServer.engines)
    func `the sitemap has the public pages with the day of each edition`(engine: Engine) async throws {
        let answer = try await sample(engine).get("/guide/sitemap.xml", [:])

        #expect(answer.headers[.contentType] == "application/xml; charset=utf-8")
        #expect(
            answer.text == """
                <?xml version="1.0" encoding="UTF-8"?>
                <urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
                <url><loc>https://hall.example/guide/</loc></url>
                <url><loc>https://hall.example/guide/departments</loc></url>
                <url><loc>https://hall.example/guide/items/100</loc><lastmod>2026-06-30T02:00:00Z</lastmod></url>
                <url><loc>https://hall.example/guide/items/200%20a%2Fb</loc><lastmod>2026-07-01T02:00:00Z</lastmod></url>
                </urlset>

                """)
    }

    @Test func `a sitemap of more than 50,000 addresses comes in parts`() {
        #expect(Sitemap.parts(items: 0) == 1)
        #expect(Sitemap.parts(items: 49_998) == 1)
        #expect(Sitemap.parts(items: 49_999) == 2)
        #expect(Sitemap.parts(items: 99_998) == 2)
        #expect(Sitemap.items(inPart: 1) == 0..<49_998)
        #expect(Sitemap.items(inPart: 2) == 49_998..<99_998)
        #expect(Sitemap.items(inPart: 3) == 99_998..<149_998)
        #expect(
            Sitemap(addresses: GuideAddresses(base: "https://hall.example")).index(parts: 2) == """
                <?xml version="1.0" encoding="UTF-8"?>
                <sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
                <sitemap><loc>https://hall.example/guide/sitemap.xml?part=1</loc></sitemap>
                <sitemap><loc>https://hall.example/guide/sitemap.xml?part=2</loc></sitemap>
                </sitemapindex>

                """)
    }

    @Test(arguments: ["0", "2", "-1", "x", "99999999999999999999"])
    func `a part of the sitemap that is not there is not found`(part: String) async throws {
        #expect(try await sample().get("/guide/sitemap.xml?part=\(part)", [:]).status == 404)
    }

    @Test func `robots are told where the sitemap is`() async throws {
        let answer = try await sample(publicAddress: nil).get("/robots.txt", [:])

        #expect(
            answer.text == """
                User-agent: *
                Allow: /guide/v1/cpsv-ap.
                Disallow: /guide/v1/
                Disallow: /guide/search
                Sitemap: http://127.0.0.1:8104/guide/sitemap.xml

                """)
    }

    @Test func `an item's page names its one address and tells itself to programs`() async throws {
        let answer = try await sample().get("/guide/items/200%20a%2Fb?variant=lost&channel=window")

        #expect(answer.text.contains("<link rel=\"canonical\" href=\"https://hall.example/guide/items/200%20a%2Fb\">"))
        #expect(answer.text.contains("<script type=\"application/ld+json\">" + Self.structured + "</script>"))
    }

    private static let structured = ##"""
        {"@context":"https://schema.org","@type":"GovernmentService",\##
        "@id":"https://hall.example/guide/items/200%20a%2Fb#service",\##
        "url":"https://hall.example/guide/items/200%20a%2Fb","identifier":"200 a/b",\##
        "name":"食品经营许可","alternateName":["开小卖部","食品证"],\##
        "description":"卖食品要先办\"许可\"。","serviceType":"行政许可",\##
        "category":["准营准办"],"audience":[{"@type":"Audience","audienceType":"自然人"}],\##
        "provider":{"@type":"GovernmentOrganization","name":"市场监督管理局","telephone":"0476-2"},\##
        "availableChannel":[{"@type":"ServiceChannel","name":"窗口办理","availableLanguage":"zh",\##
        "serviceLocation":[{"@type":"Place","name":"政务中心","address":"钢铁街1号",\##
        "telephone":"0476-1","description":"1号，周一至周五"}]}]}
        """##

    @Test func `without a public address the page's own address is relative`() async throws {
        let answer = try await sample(publicAddress: nil).get("/guide/items/100")

        #expect(answer.text.contains("<link rel=\"canonical\" href=\"/guide/items/100\">"))
    }

    @Test func `no text of an item ends the data block of its page`() async throws {
        let sample = try await sample {
            $0.name = "</script><script src=\"/x.js\"></script>"
            $0.summary = "<!--<script>"
            $0.aliases = ["]]>&quot;\u{2028}"]
        }

        let text = try await sample.get("/guide/items/200%20a%2Fb").text

        let block = try #require(text.components(separatedBy: "<script type=\"application/ld+json\">").last)
        let json = try #require(block.components(separatedBy: "</script>").first)
        let object = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
        #expect(object["name"] as? String == "</script><script src=\"/x.js\"></script>")
        #expect(object["description"] as? String == "<!--<script>")
        #expect(!text.contains("<script src=\"/x.js\">"))
        #expect(!json.contains("<"))
    }

    @Test(arguments: [
        ("https://hall.example", true), ("http://127.0.0.1:8080", true), ("hall.example", false),
        ("https://hall.example/guide", false), ("https://hall.example?x", false), ("javascript:alert(1)", false),
        ("ftp://hall.example", false), ("", false),
    ])
    func `a public address is a scheme and a host`(address: String, isTaken: Bool) {
        #expect(((try? PublicAddressOption.check(address)) != nil) == isTaken)
    }
}
