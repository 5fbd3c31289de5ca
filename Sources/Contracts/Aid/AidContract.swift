package import SocialDomain

/// What aid offers over HTTP: the API, the pages, and what every service has.
package enum AidContract {
    package static let title = LocalizedText(zh: "社会救助动态监测", en: "Social aid monitoring")
    package static let roles = ["viewer", "officer", "reviewer", "operator", "auditor"]
    package static let kit = KitContract("aid")

    package static let viewing = Access.roles(["viewer", "officer", "reviewer", "operator"], service: "aid")
    package static let working = Access.roles(["officer", "reviewer"], service: "aid")
    package static let importing = Access.roles(["officer", "operator"], service: "aid")
    package static let operating = Access.roles(["operator"], service: "aid")

    /// Every route of the service.
    package static var all: [EndpointDescription] {
        [Pages.root] + api + rescue + Pages.all + kit.all
    }

    package static var api: [EndpointDescription] {
        [
            household.description, searchHouseholds.description, alerts.description, alert.description,
            closeAlert.description, runs.description, startRun.description, run.description, stopRun.description,
            files.description, putFile, removeFile.description,
        ]
    }

    // MARK: - Households

    package static let household = Endpoint<HouseholdReference, NoBody, HouseholdRecord>(
        .get, "/aid/v1/households/{household}", id: "getHousehold", tag: "households", access: viewing, "一户的档案",
        "One household with its members and alerts")

    package static let searchHouseholds = Endpoint<NoParameters, HouseholdSearch, Listing<HouseholdLine>>(
        .post, "/aid/v1/households/search", id: "searchHouseholds", tag: "households", access: viewing,
        "按姓名、身份证号或家庭编号查找（不写入网址）",
        "Find by a name, an identity number or a household's number, which never stand in an address")

    // MARK: - Alerts

    package static let alerts = Endpoint<AlertListParameters, NoBody, Listing<AlertEntry>>(
        .get, "/aid/v1/alerts", id: "listAlerts", tag: "alerts", access: viewing, "预警列表", "The list of alerts")

    package static let alert = Endpoint<AlertReference, NoBody, AlertRecord>(
        .get, "/aid/v1/alerts/{alert}", id: "getAlert", tag: "alerts", access: viewing, "一条预警", "One alert"
    ) { $0.isVersioned = true }

    package static let closeAlert = Endpoint<AlertReference, AlertClosing, AlertRecord>(
        .post, "/aid/v1/alerts/{alert}/close", id: "closeAlert", tag: "alerts", access: working, "办结一条预警",
        "Close an alert, with the reason"
    ) {
        $0.takesKey = true
        $0.needsMatch = true
        $0.isVersioned = true
        $0.problems = [ProblemKind(409, "refused", "已经办结", "It is closed already")]
    }

    // MARK: - Runs

    package static let runs = Endpoint<RunListParameters, NoBody, Listing<RunEntry>>(
        .get, "/aid/v1/runs", id: "listRuns", tag: "runs", access: viewing, "核查记录，新的在前", "The runs, the newest first")

    package static let startRun = Endpoint<NoParameters, RunRequest, RunEntry>(
        .post, "/aid/v1/runs", id: "startRun", tag: "runs", access: operating, "开始一次核查", "Start a run", status: 202
    ) {
        $0.takesKey = true
        $0.problems = [ProblemKind(409, "refused", "现在不能开始", "It cannot be started now")]
    }

    package static let run = Endpoint<RunReference, NoBody, RunEntry>(
        .get, "/aid/v1/runs/{run}", id: "getRun", tag: "runs", access: viewing, "一次核查", "One run")

    package static let stopRun = Endpoint<RunReference, NoBody, RunEntry>(
        .post, "/aid/v1/runs/{run}/stop", id: "stopRun", tag: "runs", access: operating, "停止核查，已停止的不变",
        "Stop a run; nothing is changed by it", status: 202)

    // MARK: - Files

    package static let files = Endpoint<NoParameters, NoBody, Listing<FeedFileEntry>>(
        .get, "/aid/v1/feeds", id: "listFeedFiles", tag: "feeds", access: viewing, "在用的数据文件", "The files in use")

    /// The body is the file itself, so it is read by a handler of its own.
    package static let putFile = EndpointDescription(
        id: "putFeedFile", method: .put, path: "/aid/v1/feeds/{file}",
        summary: LocalizedText(
            zh: "交来一份数据（CSV 或 XLSX），同名的被替换", en: "Hand over an extract (CSV or XLSX); it replaces one of its name"),
        access: importing, tag: "feeds", parameters: [fileName], body: .bytes("application/octet-stream"),
        bodyLimit: 4_000_000_000,
        answers: [
            .init(200, .json(FeedFileEntry.schema), "已收下", "Taken in")
        ],
        problems: [ProblemKind(409, "refused", "文件不能用，原因见 detail", "The file cannot be used; detail says why")])

    package static let removeFile = Endpoint<FeedFileReference, NoBody, NoBody>(
        .delete, "/aid/v1/feeds/{file}", id: "removeFeedFile", tag: "feeds", access: importing, "停用一份数据",
        "Take a file out of use", status: 204
    ) { $0.problems = [ProblemKind(409, "refused", "没有这份数据", "There is no such file in use")] }

    static let fileName = Parameter.path(
        "file",
        Schema(
            .formatted(.fileName), "文件名，以数据类别开头", "The file's name; it begins with its feed kind",
            example: "medical-2026.csv"))
}
