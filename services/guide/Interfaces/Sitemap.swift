import ServiceKit

/// The addresses of the public pages for search engines (sitemaps.org 0.9), with the day of each item's edition.
struct Sitemap: Sendable {
    /// What one file may hold.
    static let largest = 50_000

    /// An item's page and when what it says was published, ISO 8601.
    struct Entry: Hashable, Sendable {
        let code: String
        let publishedAt: String
    }

    let addresses: GuideAddresses

    private var fixed: [String] { [addresses.home, addresses.departments] }
    private static let fixedCount = 2

    /// How many files hold that many items' addresses with the pages that are always there.
    static func parts(items: Int) -> Int { (items + fixedCount + largest - 1) / largest }

    /// The items of a part, numbered from 1, as a range in the order of the catalogue.
    static func items(inPart part: Int) -> Range<Int> {
        max(0, (part - 1) * largest - fixedCount)..<part * largest - fixedCount
    }

    /// The first part begins with the pages that are always there.
    func urlset(part: Int, _ entries: [Entry]) -> String {
        var text = Self.declaration + "<urlset xmlns=\"\(Self.namespace)\">\n"
        if part == 1 { for address in fixed { text += Self.element("url", address, changed: nil) } }
        for entry in entries {
            text += Self.element(
                "url", addresses.item(entry.code), changed: entry.publishedAt.isEmpty ? nil : entry.publishedAt)
        }
        return text + "</urlset>\n"
    }

    func index(parts: Int) -> String {
        var text = Self.declaration + "<sitemapindex xmlns=\"\(Self.namespace)\">\n"
        for part in 1...max(1, parts) { text += Self.element("sitemap", addresses.sitemap(part: part), changed: nil) }
        return text + "</sitemapindex>\n"
    }

    /// Searches and the API are no pages to be found; the export is.
    var robots: String {
        """
        User-agent: *
        Allow: /guide/v1/cpsv-ap.
        Disallow: /guide/v1/
        Disallow: /guide/search
        Sitemap: \(addresses.sitemap)

        """
    }

    private static let declaration = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    private static let namespace = "http://www.sitemaps.org/schemas/sitemap/0.9"

    private static func element(_ name: String, _ address: String, changed: String?) -> String {
        "<\(name)><loc>\(HTML.escaped(address))</loc>"
            + (changed.map { "<lastmod>\(HTML.escaped($0))</lastmod>" } ?? "") + "</\(name)>\n"
    }
}
