import SocialDomain

/// What citizens read: the first page, search, one item.
extension GuideContract {
    static let query = Parameter.query("q", .words("查什么", "What to look for"))
    private static let filters: [Parameter] = [
        .query("department", .words("部门", "Within a department")),
        .query("audience", .words("服务对象", "For whom")),
        .query("channel", .words("办理方式", "By which channel")),
        .query("page", .words("第几页", "Which page")),
    ]
    static let itemCode = Parameter.path("code", .text("事项编码", "The item's code", from: 1, to: 200))

    package static let root = EndpointDescription.page(
        .get, "/", id: "showRoot", tag: "pages", access: .open, "转到首页", "Leads to the start", leadsOn: true)
    package static let home = EndpointDescription.page(
        .get, "/guide/", id: "showHome", tag: "pages", access: .open, "首页：查事项", "The start: find an item")
    package static let searchPage = EndpointDescription.page(
        .get, "/guide/search", id: "showSearch", tag: "pages", access: .open, "查到的事项", "What was found",
        parameters: [query] + filters)
    package static let itemPage: EndpointDescription = .page(
        .get, "/guide/items/{code}", id: "showItem", tag: "pages", access: .open, "一个事项", "One item",
        parameters: [
            itemCode, .query("variant", .words("办理情形", "Which variant")),
            .query("channel", .words("办理方式", "By which channel")), .query("tab", .words("哪一栏", "Which tab")),
        ])
    package static let departmentPages = EndpointDescription.page(
        .get, "/guide/departments", id: "showDepartments", tag: "pages", access: .open, "按部门找", "By department")

    package static let search = Endpoint<SearchParameters, NoBody, SearchAnswer>(
        .get, "/guide/v1/search", id: "search", tag: "search", access: .open, "查事项", "Find items")
    package static let suggestions = Endpoint<SuggestParameters, NoBody, Listing<SuggestionEntry>>(
        .get, "/guide/v1/suggestions", id: "suggest", tag: "search", access: .open, "边输边提示", "While typing")
    package static let item = Endpoint<ItemReference, NoBody, ItemRecord>(
        .get, "/guide/v1/items/{code}", id: "getItem", tag: "items", access: .open, "一个事项的全部要素", "One item in full"
    ) { $0.isVersioned = true }

    package static var reading: [EndpointDescription] {
        [
            root, home, searchPage, itemPage, departmentPages, search.description, suggestions.description,
            item.description,
        ]
    }
}

package struct SearchParameters: APIParameters, Hashable {
    package let q: String
    package var department: String?
    package var audience: String?
    package var channel: String?
    package var limit: Int?
    package var explain: Bool?

    package static let parameters: [Parameter] = [
        Parameter(
            "q", in: .query, .text("查什么", "What to look for", from: 1, to: 10_000, example: "开小卖部"), isRequired: true),
        .query("department", .text("部门编号", "Within a department", from: 1, to: 100)),
        .query("audience", .text("服务对象", "For whom", from: 1, to: 100)),
        .query("channel", .choice(["online", "window", "post"], "办理方式", "By which channel")),
        .limit, .query("explain", .boolean("说明排序", "Say where each score comes from")),
    ]
}

package struct SuggestParameters: APIParameters, Hashable {
    package let q: String

    package static let parameters: [Parameter] = [
        Parameter(
            "q", in: .query, .text("已输入的字", "What was typed so far", from: 1, to: 200, example: "开小"), isRequired: true)
    ]
}

package struct SuggestionEntry: APIBody, Hashable {
    package let code: String
    package let name: String

    package init(code: String, name: String) {
        self.code = code
        self.name = name
    }

    package static let schema = Schema.object(
        "Suggestion", "一条提示", "An item offered while typing",
        [
            .init("code", .text("事项编码", "The item's code", to: 200)),
            .init("name", .text("名称", "Its name", to: 500)),
        ])
}

package struct SearchAnswer: APIBody, Hashable {
    /// `found`, `nearest` (nothing matches well) or `nothing`.
    package let quality: String
    /// The query as it was understood.
    package let corrected: String?
    package let items: [Hit]

    package init(quality: String, corrected: String?, items: [Hit]) {
        self.quality = quality
        self.corrected = corrected
        self.items = items
    }

    package struct Hit: APIBody, Hashable {
        package let code: String
        package let name: String
        package let department: String
        package let summary: String
        package let score: Double
        package let reasons: [Reason]?

        package init(
            code: String, name: String, department: String, summary: String, score: Double, reasons: [Reason]?
        ) {
            self.code = code
            self.name = name
            self.department = department
            self.summary = summary
            self.score = score
            self.reasons = reasons
        }

        package static let schema = Schema.object(
            "SearchHit", "一个结果", "An item that was found",
            [
                .init("code", .text("事项编码", "The item's code", to: 200)),
                .init("name", .text("名称", "Its name", to: 500)),
                .init("department", .text("部门", "Its department", to: 500)),
                .init("summary", .text("简介", "What it is", to: 5000)),
                .init("score", Schema(.number, "得分", "Its score")),
                .optional("reasons", .list("得分从哪里来", "Where the score comes from", of: Reason.schema)),
            ])
    }

    package struct Reason: APIBody, Hashable {
        package let kind: String
        package let term: String
        package let field: String?
        package let points: Double

        package init(kind: String, term: String, field: String?, points: Double) {
            self.kind = kind
            self.term = term
            self.field = field
            self.points = points
        }

        package static let schema = Schema.object(
            "SearchReason", "得分的一项", "One part of a score",
            [
                .init("kind", .text("类别", "What kind of match", to: 50)),
                .init("term", .text("词", "The words that matched", to: 500)),
                .optional("field", .text("所在要素", "Where they stand", to: 50)),
                .init("points", Schema(.number, "分", "Its points")),
            ])
    }

    package static let schema = Schema.object(
        "SearchAnswer", "查到什么", "What was found",
        [
            .init("quality", .choice(["found", "nearest", "nothing"], "把握", "How sure the finding is")),
            .optional("corrected", .text("按什么查的", "The query as it was understood", to: 10_000)),
            .init("items", .list("事项", "The items, best first", of: Hit.schema)),
        ])
}

package struct ItemReference: APIParameters, Hashable {
    package let code: String

    package static let parameters: [Parameter] = [GuideContract.itemCode]
}

/// One item in full; the elements are those of the catalogue's own file format.
package struct ItemRecord: APIBody, Hashable {
    package let code: String
    package let name: String
    package let department: String
    package let edition: Int64
    package let publishedAt: String
    package let confirmedOn: String?
    package let elements: JSONValue

    package init(
        code: String, name: String, department: String, edition: Int64, publishedAt: String, confirmedOn: String?,
        elements: JSONValue
    ) {
        self.code = code
        self.name = name
        self.department = department
        self.edition = edition
        self.publishedAt = publishedAt
        self.confirmedOn = confirmedOn
        self.elements = elements
    }

    package static let schema = Schema.object(
        "Item", "一个事项", "One item",
        [
            .init("code", .text("事项编码", "Its code", to: 200)),
            .init("name", .text("名称", "Its name", to: 500)),
            .init("department", .text("部门", "Its department", to: 500)),
            .init("edition", .integer("第几版", "The edition's number", from: 1)),
            .init("publishedAt", .formatted(.moment, "发布时间", "When it was published")),
            .optional("confirmedOn", .formatted(.date, "最近核对", "When it was last confirmed")),
            .init("elements", Schema(.any, "全部要素", "Every element, as in the catalogue's files")),
        ])
}
