import ServiceKit

/// Where the guide's things are found, for those who read them elsewhere.
struct GuideAddresses: Hashable, Sendable {
    /// `https://hall.example`, or nothing for addresses within the site.
    let base: String

    init(base: String) { self.base = base.hasSuffix("/") ? String(base.dropLast()) : base }

    var home: String { base + "/guide/" }
    var departments: String { base + "/guide/departments" }
    var sitemap: String { base + "/guide/sitemap.xml" }

    func sitemap(part: Int) -> String { "\(sitemap)?part=\(part)" }
    func item(_ code: String) -> String { base + "/guide/items/" + QueryItems.encoded(code) }
    func department(_ id: String) -> String { departments + "#" + QueryItems.encoded(id) }

    /// A thing that only the export knows: it is told there.
    func concept(_ scheme: String, _ name: String) -> String {
        "\(base)/guide/v1/cpsv-ap.ttl#\(scheme)-\(QueryItems.encoded(name))"
    }
}
