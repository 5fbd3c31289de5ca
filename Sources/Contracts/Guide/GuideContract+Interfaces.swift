import SocialDomain

/// What other systems and search engines read.
extension GuideContract {
    package static let turtle = EndpointDescription.bytes(
        "text/turtle", "/guide/v1/cpsv-ap.ttl", id: "exportTurtle", tag: "interfaces", access: .open,
        "事项库（CPSV-AP 3.2，Turtle）", "The catalogue in CPSV-AP 3.2, Turtle")
    package static let jsonLD = EndpointDescription.bytes(
        "application/ld+json", "/guide/v1/cpsv-ap.jsonld", id: "exportJSONLD", tag: "interfaces", access: .open,
        "事项库（CPSV-AP 3.2，JSON-LD）", "The catalogue in CPSV-AP 3.2, JSON-LD")
    package static let hsdsServices: EndpointDescription = {
        var services = EndpointDescription.bytes(
            "application/json", "/guide/v1/hsds/services", id: "listHSDSServices", tag: "interfaces", access: .open,
            "事项库（HSDS 3.0）", "The catalogue as nested services of HSDS 3.0, a page at a time",
            parameters: [
                .query("page", .words("第几页", "Which page, from 1")),
                .query("per_page", .words("每页几条，最多100", "How many on a page, at most 100")),
            ])
        services.problems = [.notFound]
        return services
    }()
    package static let sitemap: EndpointDescription = {
        var sitemap = EndpointDescription.bytes(
            "application/xml", "/guide/sitemap.xml", id: "showSitemap", tag: "interfaces", access: .open,
            "网站地图", "The addresses of the public pages; more than 50,000 in parts",
            parameters: [.query("part", .words("第几部分", "Which part"))])
        sitemap.problems = [.notFound]
        return sitemap
    }()
    package static let robots = EndpointDescription.bytes(
        "text/plain", "/robots.txt", id: "showRobots", tag: "interfaces", access: .open, "给搜索引擎的说明",
        "What search engines may read")

    package static var interfaces: [EndpointDescription] { [turtle, jsonLD, hsdsServices, sitemap, robots] }
}
