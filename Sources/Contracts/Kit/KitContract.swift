import SocialDomain

/// The routes that every service has under its own name.
package struct KitContract: Sendable {
    package let service: String

    package init(_ service: String) {
        self.service = service
    }

    private var operating: Access { .roles(["operator"], service: service) }
    private var auditing: Access { .roles(["auditor"], service: service) }

    package var asset: EndpointDescription {
        .bytes(
            "*/*", "/\(service)/assets/{name}", id: "getAsset", tag: "kit", access: .open, "样式和图标",
            "Stylesheet and icons",
            parameters: [
                .path("name", .text("文件名", "The file's name", from: 1, to: 100, example: "kit.css")),
                .query("v", .words("内容的标记", "The content's mark")),
            ])
    }

    package var live: Endpoint<NoParameters, NoBody, Liveness> {
        Endpoint(
            .get, "/\(service)/health/live", id: "isLive", tag: "kit", access: .open, "进程是否在运行", "The process answers")
    }

    package var ready: Endpoint<NoParameters, NoBody, Readiness> {
        Endpoint(
            .get, "/\(service)/health/ready", id: "isReady", tag: "kit", access: .open, "能否提供服务，哪项依赖有问题",
            "It can do its work; else what is missing is named"
        ) {
            $0.answers.append(.init(503, .json(Readiness.schema), "有依赖不可用", "A dependency fails"))
        }
    }

    package var metrics: EndpointDescription {
        .bytes(
            "text/plain", "/\(service)/metrics", id: "getMetrics", tag: "kit", access: operating, "运行指标（Prometheus）",
            "Figures of the process (Prometheus text)")
    }

    package var contract: EndpointDescription {
        .bytes(
            "application/json", "/\(service)/openapi.json", id: "getContract", tag: "kit", access: .open,
            "接口文档（OpenAPI 3.1）",
            "This contract as OpenAPI 3.1")
    }

    package var manual: EndpointDescription {
        .page(
            .get, "/\(service)/docs", id: "showContract", tag: "kit", access: .open, "接口说明", "This contract, to read")
    }

    // MARK: - Audit

    private static let auditFilters: [Parameter] = [
        .query("actor", .words("人员", "Who")),
        .query("action", .words("操作", "What was done")),
        .query("subject", .words("对象编号", "Of what")),
        .query("from", .words("起始日期", "From this day")),
        .query("to", .words("截止日期", "To this day")),
        .query("after", .words("上一页末条的序号", "The last entry of the page before")),
    ]

    package var audit: EndpointDescription {
        .page(
            .get, "/\(service)/audit", id: "showAudit", tag: "audit", access: auditing, "操作与查阅记录",
            "Who did and who looked", parameters: Self.auditFilters)
    }

    package var auditExport: EndpointDescription {
        .bytes(
            "text/csv", "/\(service)/audit/export.csv", id: "exportAudit", tag: "audit", access: auditing, "导出记录",
            "The log as CSV", parameters: Self.auditFilters)
    }

    package var all: [EndpointDescription] {
        [
            asset, live.description, ready.description, metrics, contract, manual, audit, auditExport,
        ] + work
    }
}

package struct Liveness: APIBody, Hashable {
    package var status = "live"

    package init() {}

    package static let schema = Schema.object(
        "Liveness", "进程状态", "Whether the process answers", [.init("status", .choice(["live"], "状态", "The state"))])
}

package struct Readiness: APIBody, Hashable {
    package let status: String
    package let checks: [Check]

    package init(status: String, checks: [Check]) {
        self.status = status
        self.checks = checks
    }

    package struct Check: APIBody, Hashable {
        package let name: String
        package let isWell: Bool

        package init(name: String, isWell: Bool) {
            self.name = name
            self.isWell = isWell
        }

        package static let schema = Schema.object(
            "ReadinessCheck", "一项依赖", "Something that the service needs",
            [
                .init("name", .text("依赖", "What is needed", to: 100)),
                .init("isWell", .boolean("是否可用", "Whether it can be used")),
            ])
    }

    package static let schema = Schema.object(
        "Readiness", "能否提供服务", "Whether it can do its work",
        [
            .init("status", .choice(["ready", "failing"], "状态", "The state")),
            .init("checks", .list("各项依赖", "What it needs", of: Check.schema)),
        ])
}
