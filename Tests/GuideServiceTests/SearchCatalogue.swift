import Foundation

@testable import GuideService

/// A small catalogue for the tests of search; the real character tables, and a lexicon of a few lines.
enum SearchCatalogue {
    static let resources = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "services/guide/Resources/search")

    private static let loaded = Result { try CharacterTables(folder: resources) }

    static func tables() throws -> CharacterTables { try loaded.get() }

    static func lexicon(_ tables: CharacterTables) -> Lexicon {
        Lexicon(
            entries: [
                .init(words: ["小卖部", "便利店"], means: ["食品 经营许可", "个体工商户设立登记"]),
                .init(words: ["饭馆", "面馆"], means: ["食品经营许可"]),
                .init(words: ["ktv", "歌厅"], means: ["歌舞娱乐场所"]),
                .init(words: ["丢了", "弄丢"], means: ["补办", "补领", "挂失"], action: true),
                .init(words: ["关门", "不干了"], means: ["注销"], action: true),
                .init(words: ["改名"], means: ["变更"], action: true),
            ],
            fillers: ["我想", "开个", "需要", "什么", "手续", "办理", "怎么", "开"], tables: tables)
    }

    static let documents: [SearchDocument] = [
        .init(
            id: 1, code: "11150402MB9900232H4000131019000", name: "食品（含保健食品）经营许可核发", aliases: ["餐饮许可证"],
            department: "市场监督管理局", kind: "行政许可", audiences: ["enterprise"], channels: ["online", "window"],
            keywords: ["食品经营许可申请书", "营业执照"], summary: "开饭馆、卖散装食品，先办好这张证。", popularity: 900),
        .init(
            id: 2, code: "11150402MB9900232H4000131019003", name: "食品（含保健食品）经营许可注销", department: "市场监督管理局",
            kind: "行政许可", audiences: ["enterprise"], channels: ["window"], popularity: 20),
        .init(
            id: 3, code: "511A0074300011-511602000000", name: "个体工商户设立登记", aliases: ["个体户营业执照"],
            department: "市场监督管理局", kind: "行政确认", audiences: ["person"], channels: ["online"], popularity: 800),
        .init(
            id: 4, code: "511A0074300012-511602000000", name: "个体工商户注销登记", department: "市场监督管理局",
            kind: "行政确认", audiences: ["person"], channels: ["online"], popularity: 100),
        .init(
            id: 5, code: "512B0070200001", name: "社会保障卡申领", aliases: ["社保卡"], department: "人力资源和社会保障局",
            kind: "公共服务", audiences: ["person"], channels: ["online", "window"], popularity: 700),
        .init(
            id: 6, code: "512B0070200002", name: "社会保障卡挂失", department: "人力资源和社会保障局", kind: "公共服务",
            audiences: ["person"], channels: ["online"], popularity: 50),
        .init(
            id: 7, code: "513A0011200066", name: "居民身份证办理（包括临时）", department: "公安分局", kind: "行政许可",
            audiences: ["person"], channels: ["window"], popularity: 950),
        .init(
            id: 8, code: "51201104200003", name: "结婚登记预约", department: "民政局", kind: "公共服务",
            audiences: ["person"], channels: ["online"], popularity: 400),
        .init(
            id: 9, code: "51201104200004", name: "离婚登记预约", department: "民政局", kind: "公共服务",
            audiences: ["person"], channels: ["online"], popularity: 300),
        .init(
            id: 10, code: "51201104100005", name: "最低生活保障", aliases: ["低保"], department: "民政局", kind: "行政给付",
            audiences: ["person"], channels: ["window"], keywords: ["收入证明"], popularity: 600),
        .init(
            id: 11, code: "511A62001003", name: "烟草专卖零售许可证新办", department: "烟草专卖局", kind: "行政许可",
            audiences: ["enterprise"], channels: ["online"], popularity: 500),
        .init(
            id: 12, code: "511A2200500015", name: "设立歌舞娱乐场所《娱乐经营许可证》核发", department: "文广旅局", kind: "行政许可",
            audiences: ["enterprise"], channels: ["window"]),
        .init(
            id: 13, code: "511A1802200005", name: "网络预约出租汽车经营许可", aliases: ["网约车"], department: "交通运输局",
            kind: "行政许可", audiences: ["enterprise"], channels: ["window"], popularity: 200),
        .init(
            id: 14, code: "511Z0164100000", name: "建筑工程施工许可证核发", department: "住房和城乡建设局", kind: "行政许可",
            audiences: ["enterprise"], channels: ["online"], summary: "工程开工前办理。"),
        .init(
            id: 15, code: "511F1600000000", name: "ETC发行服务", department: "交通运输局", kind: "公共服务",
            audiences: ["person"], channels: ["window"]),
        .init(
            id: 16, code: "511F1700000000", name: "银行账户信息报告", department: "税务局", kind: "其他",
            audiences: ["enterprise"], channels: ["online"]),
    ]

    static func index(_ documents: [SearchDocument] = documents) throws -> SearchIndex {
        let tables = try tables()
        return SearchIndex(documents, tables: tables, lexicon: lexicon(tables))
    }
}

extension SearchIndex {
    func ids(_ query: String, filter: SearchFilter = SearchFilter()) -> [Int64] {
        search(query, filter: filter, limit: 10).hits.map(\.id)
    }

    func first(_ query: String) -> Int64? { ids(query).first }
}
