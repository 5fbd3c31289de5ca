extension AidContract {
    /// The pages for people, with where their forms go.
    package enum Pages {
        package static let root = EndpointDescription.page(
            .get, "/", id: "showRoot", tag: "pages", access: .open, "转到总览", "Leads to the overview", leadsOn: true)
        package static let dashboard: EndpointDescription = {
            var page = EndpointDescription.page(
                .get, "/aid/", id: "showDashboard", tag: "pages", access: viewing, "总览", "The overview",
                parameters: [.query("division", .words("区划", "A division"))])
            page.problems = [.notFound]
            return page
        }()

        // MARK: - Alerts

        private static let filters: [Parameter] = [
            "direction", "tier", "division", "indicator", "state", "sort", "after",
        ].map { .query($0, .words("筛选或排序", "A filter or the order")) }

        package static let alerts = EndpointDescription.page(
            .get, "/aid/alerts", id: "showAlerts", tag: "pages", access: viewing, "预警", "The alerts",
            parameters: filters)
        package static let alertsCSV = EndpointDescription.bytes(
            "text/csv", "/aid/alerts/export.csv", id: "exportAlertsCSV", tag: "pages", access: viewing, "预警导出（CSV）",
            "The alerts as CSV", parameters: filters)
        package static let alertsWorkbook = EndpointDescription.bytes(
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "/aid/alerts/export.xlsx",
            id: "exportAlertsWorkbook", tag: "pages", access: viewing, "预警导出（XLSX）", "The alerts as a workbook",
            parameters: filters)

        // MARK: - Households

        private static let household = Parameter.path(
            "id", .text("家庭编号", "The household's number", from: 1, to: 300, example: "H0000003"))

        package static let households = EndpointDescription.page(
            .get, "/aid/households", id: "showHouseholds", tag: "pages", access: viewing, "查找家庭", "Find a household")
        package static let findHousehold = EndpointDescription.page(
            .post, "/aid/households", id: "findHousehold", tag: "pages", access: viewing, "查找结果", "What was found",
            form: [.optional("who", .words("姓名、身份证号或家庭编号", "A name, an identity number or a number"))])
        package static let oneHousehold = EndpointDescription.page(
            .get, "/aid/households/{id}", id: "showHousehold", tag: "pages", access: viewing, "一户", "One household",
            parameters: [household])
        package static let closeAlert = EndpointDescription.page(
            .post, "/aid/households/{id}/close", id: "closeAlertByForm", tag: "pages", access: working, "办结预警",
            "Close an alert", parameters: [household],
            form: [
                .optional("alert", .words("预警编号", "The alert's number")),
                .optional("note", .words("说明", "Why")),
            ], leadsOn: true)

        // MARK: - Files

        package static let feeds = EndpointDescription.page(
            .get, "/aid/feeds", id: "showFeeds", tag: "pages", access: viewing, "数据", "The data")
        package static let upload: EndpointDescription = {
            var page = EndpointDescription.page(
                .post, "/aid/feeds", id: "uploadFeeds", tag: "pages", access: importing, "上传数据", "Hand over files")
            page.body = .upload(field: "files")
            return page
        }()
        package static let askRemoveFile: EndpointDescription = {
            var page = EndpointDescription.page(
                .get, "/aid/feeds/remove", id: "askRemoveFile", tag: "pages", access: importing, "确认停用数据",
                "Ask before a file is taken out of use",
                parameters: [.query("file", .words("文件名", "The file's name"))])
            page.problems = [.notFound]
            return page
        }()
        package static let removeFile = EndpointDescription.page(
            .post, "/aid/feeds/remove", id: "removeFileByForm", tag: "pages", access: importing, "停用数据",
            "Take a file out of use", form: [.optional("file", .words("文件名", "The file's name"))], leadsOn: true
        )
        package static let problems = EndpointDescription.page(
            .get, "/aid/feeds/problems", id: "showRegisterProblems", tag: "pages", access: importing, "名册中的问题",
            "What is wrong in the register")

        // MARK: - Runs and rules

        private static let run = Parameter.path("id", .text("核查编号", "The run's number", from: 1, to: 20, example: "1"))

        package static let runs = EndpointDescription.page(
            .get, "/aid/runs", id: "showRuns", tag: "pages", access: viewing, "核查记录", "The runs")
        package static let startRun = EndpointDescription.page(
            .post, "/aid/runs", id: "startRunByForm", tag: "pages", access: operating, "开始核查", "Start a run",
            form: [.optional("as_of", .words("截止日期", "The day to look from"))], leadsOn: true)
        package static let oneRun = EndpointDescription.page(
            .get, "/aid/runs/{id}", id: "showRun", tag: "pages", access: viewing, "一次核查", "One run", parameters: [run])
        package static let askStopRun = EndpointDescription.page(
            .get, "/aid/runs/{id}/stop", id: "askStopRun", tag: "pages", access: operating, "确认停止核查",
            "Ask before a run is stopped", parameters: [run])
        package static let stopRun = EndpointDescription.page(
            .post, "/aid/runs/{id}/stop", id: "stopRunByForm", tag: "pages", access: operating, "停止核查", "Stop a run",
            parameters: [run], form: [], leadsOn: true)
        package static let runFile = EndpointDescription.bytes(
            "text/csv", "/aid/runs/{id}/files/{file}", id: "downloadRunFile", tag: "pages", access: importing,
            "退回或冲突的行", "Rejected or conflicting rows",
            parameters: [
                run, .path("file", .text("rejects.csv 或 conflicts.csv", "rejects.csv or conflicts.csv", to: 50)),
            ])
        package static let rules = EndpointDescription.page(
            .get, "/aid/rules", id: "showRules", tag: "pages", access: viewing, "规则", "The rules in words")

        static let all = [
            dashboard, alerts, alertsCSV, alertsWorkbook, households, findHousehold, oneHousehold, closeAlert, feeds,
            upload, askRemoveFile, removeFile, problems, runs, startRun, oneRun, askStopRun, stopRun, runFile, rules,
        ]
    }
}
