import SocialDomain

/// Trades of the national occupation classification of 2022, found by any job title.
extension TrainingContract {
    static let tradeQuery = Parameter.query("q", .words("职业、工种的叫法，或分类代码", "A job as people call it, or a code"))

    package static let tradesPage = EndpointDescription.page(
        .get, "/training/trades", id: "showTrades", tag: "trades", access: .open, "按职业找工种", "Trades by a job's name",
        parameters: [tradeQuery])
    package static let findTrades = Endpoint<TradeQuery, NoBody, Listing<TradeRecord>>(
        .get, "/training/v1/trades", id: "findTrades", tag: "trades", access: .open, "按职业找工种，最多 20 个",
        "Trades by a job's name, at most 20")

    package static var tradeRoutes: [EndpointDescription] { [tradesPage, findTrades.description] }
}

package struct TradeQuery: APIParameters {
    package let q: String?

    package init(q: String?) {
        self.q = q
    }

    package static let parameters: [Parameter] = [TrainingContract.tradeQuery]
}

/// A trade that a job's name means.
package struct TradeRecord: APIBody {
    /// `4-10-01-02`
    package let code: String
    package let name: String
    package let definition: String
    /// The groups that it stands in, the widest first.
    package let groups: [String]
    /// Names of the trade that the query met.
    package let because: [String]

    package init(code: String, name: String, definition: String, groups: [String], because: [String]) {
        self.code = code
        self.name = name
        self.definition = definition
        self.groups = groups
        self.because = because
    }

    package static let schema = Schema.object(
        "Trade", "一个工种", "One trade",
        [
            .init("code", .text("分类代码", "Its code", to: 20)), .init("name", .text("名称", "Its name", to: 200)),
            .init("definition", .text("做什么", "What it is", to: 5000)),
            .init("groups", .list("大类到小类", "From the widest group", of: .text("类名", "A group", to: 200))),
            .init("because", .list("对应的叫法", "Names that the query met", of: .text("叫法", "A name", to: 200))),
        ])
}
