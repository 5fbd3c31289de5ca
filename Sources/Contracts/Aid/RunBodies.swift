import SocialDomain

package struct RunReference: APIParameters, Hashable {
    package let run: Int64

    package init(run: Int64) {
        self.run = run
    }

    package static let parameters: [Parameter] = [
        .path("run", .integer("核查编号", "The run's number", from: 1, example: 1))
    ]
}

package struct RunListParameters: APIParameters, Hashable {
    package var limit: Int?
    package var cursor: Int64?

    package init() {}

    package static let parameters: [Parameter] = [
        .limit, .query("cursor", .integer("上一页给出的 next", "What the page before gave as next", from: 1)),
    ]
}

package struct RunRequest: APIBody, Hashable {
    /// Today, where it is not given.
    package let asOf: String?

    package init(asOf: String?) {
        self.asOf = asOf
    }

    package static let schema = Schema.object(
        "RunRequest", "一次核查", "A run to start",
        [.optional("asOf", .formatted(.date, "截止日期，缺省为今天", "The day to look from; today unless it is given"))])
}

package struct RunEntry: APIBody, Hashable {
    package let id: Int64
    package let state: String
    package let asOf: String
    package let rules: String
    package let requestedAt: String
    package let finishedAt: String?
    package let phase: String
    package let done: Int
    package let total: Int
    package let failure: String?
    package let opened: Int
    package let updated: Int
    package let cleared: Int
    package let reopened: Int
    package let unchanged: Int

    package init(
        id: Int64, state: String, asOf: String, rules: String, requestedAt: String, finishedAt: String?, phase: String,
        done: Int, total: Int, failure: String?, opened: Int, updated: Int, cleared: Int, reopened: Int, unchanged: Int
    ) {
        self.id = id
        self.state = state
        self.asOf = asOf
        self.rules = rules
        self.requestedAt = requestedAt
        self.finishedAt = finishedAt
        self.phase = phase
        self.done = done
        self.total = total
        self.failure = failure
        self.opened = opened
        self.updated = updated
        self.cleared = cleared
        self.reopened = reopened
        self.unchanged = unchanged
    }

    package static let schema = Schema.object(
        "Run", "一次核查", "One run",
        [
            .init("id", .integer("核查编号", "The run's number", from: 1)),
            .init("state", .choice(["queued", "running", "done", "failed", "stopped"], "状态", "The state")),
            .init("asOf", .formatted(.date, "截止日期", "The day that it looks from")),
            .init("rules", .text("规则版本", "The version of the rules", to: 200)),
            .init("requestedAt", .formatted(.moment, "提交时间", "When it was asked for")),
            .optional("finishedAt", .formatted(.moment, "结束时间", "When it ended")),
            .init("phase", .text("进行到哪一步", "What it is at", to: 100)),
            .init("done", .integer("已读字节", "Bytes read so far")),
            .init("total", .integer("总字节", "Bytes to read")),
            .optional("failure", .text("失败原因", "Why it failed", to: 10_000)),
            .init("opened", .integer("新增预警", "Alerts opened")),
            .init("updated", .integer("更新预警", "Alerts updated")),
            .init("cleared", .integer("解除预警", "Alerts cleared")),
            .init("reopened", .integer("重开预警", "Alerts reopened")),
            .init("unchanged", .integer("未变预警", "Alerts unchanged")),
        ])
}

package struct FeedFileReference: APIParameters, Hashable {
    package let file: String

    package init(file: String) {
        self.file = file
    }

    package static let parameters: [Parameter] = [AidContract.fileName]
}

package struct FeedFileEntry: APIBody, Hashable {
    package let file: String
    package let kind: String
    package let feed: String?
    package let bytes: Int
    package let rows: Int?
    package let importedAt: String

    package init(file: String, kind: String, feed: String?, bytes: Int, rows: Int?, importedAt: String) {
        self.file = file
        self.kind = kind
        self.feed = feed
        self.bytes = bytes
        self.rows = rows
        self.importedAt = importedAt
    }

    package static let schema = Schema.object(
        "FeedFile", "一份数据", "A file in use",
        [
            .init("file", .text("文件名", "Its name", to: 300)),
            .init("kind", .choice(["register", "feed"], "名册或部门数据", "The register, or an extract")),
            .optional("feed", .text("数据类别", "The feed kind", to: 100)),
            .init("bytes", .integer("大小（字节）", "Its size in bytes")),
            .optional("rows", .integer("行数", "Its data rows")),
            .init("importedAt", .formatted(.moment, "收到时间", "When it was taken in")),
        ])
}
