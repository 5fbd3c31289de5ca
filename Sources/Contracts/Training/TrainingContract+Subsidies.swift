/// Subsidies: budgets, claims from the evidence of a class, public notices, payment files and the ledger.
extension TrainingContract {
    /// Sheets name people and their households' need: those who work on them see them.
    package static let claiming = Access.roles(["school", "officer", "reviewer", "inspector"], service: "training")
    /// Money as a whole.
    package static let accounting = Access.roles(["officer", "reviewer", "inspector"], service: "training")

    private static let claimID = Parameter.path(
        "claim", .text("申报编号", "The claim's id", from: 1, to: 40, example: "S20260630A1B2C3"))
    private static let batchID = Parameter.path(
        "batch", .text("批次编号", "The batch's id", from: 1, to: 40, example: "P20260630A1B2C3"))

    private static func form(_ names: String...) -> [Schema.Property] {
        names.map { .optional($0, .words("表单的一项", "A field of the form")) }
    }

    private static func filter(_ names: String...) -> [Parameter] {
        names.map { .query($0, .words("筛选", "A filter")) }
    }

    // MARK: - Claims

    package static let claims = EndpointDescription.page(
        .get, "/training/subsidies", id: "showClaims", tag: "subsidies", access: claiming, "补贴申报", "Claims",
        parameters: filter("state", "after"))
    package static let makeClaim = EndpointDescription.page(
        .post, "/training/subsidies", id: "makeClaim", tag: "subsidies", access: keeping, "从已结业的班编制申报",
        "Make a claim from an ended class", form: form("class"), leadsOn: true)
    package static let claim = EndpointDescription.page(
        .get, "/training/subsidies/{claim}", id: "showClaim", tag: "subsidies", access: claiming, "核算单",
        "A claim's sheet",
        parameters: [claimID])
    package static let submitClaim = EndpointDescription.page(
        .post, "/training/subsidies/{claim}/submit", id: "submitClaim", tag: "subsidies", access: keeping, "提交申报",
        "Hand a claim in", parameters: [claimID], form: form("version", "sheet"), leadsOn: true)
    package static let reviewClaim = EndpointDescription.page(
        .post, "/training/subsidies/{claim}/review", id: "reviewClaim", tag: "subsidies", access: reviewing,
        "公示、退回或不予补贴", "Put up for notice, return or refuse", parameters: [claimID],
        form: form("version", "decision", "note"), leadsOn: true)
    package static let askApproveClaim = EndpointDescription.page(
        .get, "/training/subsidies/{claim}/approve", id: "askApproveClaim", tag: "subsidies", access: reviewing,
        "批准前确认", "Asks before approving", parameters: [claimID])
    package static let approveClaim = EndpointDescription.page(
        .post, "/training/subsidies/{claim}/approve", id: "approveClaim", tag: "subsidies", access: reviewing,
        "公示期满后批准",
        "Approve after the notice", parameters: [claimID], form: form("version"), leadsOn: true)
    package static let claimSheet = EndpointDescription.bytes(
        "text/csv", "/training/subsidies/{claim}/sheet.csv", id: "getClaimSheet", tag: "subsidies", access: claiming,
        "导出核算单", "The sheet as CSV", parameters: [claimID])

    // MARK: - Money

    package static let budgets = EndpointDescription.page(
        .get, "/training/budgets", id: "showBudgets", tag: "subsidies", access: accounting, "补贴预算", "Budgets")
    package static let setBudget = EndpointDescription.page(
        .post, "/training/budgets", id: "setBudget", tag: "subsidies", access: preparing, "录入或调整预算",
        "Enter or change a budget", form: form("division", "year", "amount", "version"), leadsOn: true)
    package static let ledger = EndpointDescription.page(
        .get, "/training/ledger", id: "showLedger", tag: "subsidies", access: accounting, "账簿",
        "The ledger of a budget",
        parameters: filter("division", "year", "before"), leadsOn: true)
    package static let payments = EndpointDescription.page(
        .get, "/training/payments", id: "showPayments", tag: "subsidies", access: accounting, "发放", "Payments")
    package static let askPayment = EndpointDescription.page(
        .get, "/training/payments/new", id: "askPayment", tag: "subsidies", access: preparing, "生成发放文件前确认",
        "Asks before making a payment file", parameters: filter("division"))
    package static let makePayment = EndpointDescription.page(
        .post, "/training/payments/new", id: "makePayment", tag: "subsidies", access: preparing, "生成发放文件",
        "Make a payment file", form: form("division"), leadsOn: true)
    package static let payment = EndpointDescription.page(
        .get, "/training/payments/{batch}", id: "showPayment", tag: "subsidies", access: accounting, "一个发放批次",
        "A batch of payments", parameters: [batchID])
    package static let paymentFile = EndpointDescription.bytes(
        "text/csv", "/training/payments/{batch}/file.csv", id: "getPaymentFile", tag: "subsidies", access: preparing,
        "给银行的发放文件", "The file for the bank", parameters: [batchID])
    package static let takeResult: EndpointDescription = {
        var page = EndpointDescription.page(
            .post, "/training/payments/{batch}/result", id: "takeResult", tag: "subsidies", access: preparing,
            "导入银行结果文件",
            "Take the bank's result file", parameters: [batchID], leadsOn: true)
        page.body = .upload(field: "file")
        page.bodyLimit = 4 << 20
        return page
    }()

    // MARK: - Notices

    package static let notices = EndpointDescription.page(
        .get, "/training/notices", id: "showNotices", tag: "pages", access: .open, "补贴公示", "Public notices")
    package static let notice = EndpointDescription.page(
        .get, "/training/notices/{claim}", id: "showNotice", tag: "pages", access: .open, "一项公示", "One public notice",
        parameters: [claimID])

    // MARK: - For programs

    package static let claimList = Endpoint<ClaimQuery, NoBody, Listing<ClaimRecord>>(
        .get, "/training/v1/claims", id: "listClaims", tag: "subsidies", access: claiming, "补贴申报", "Claims of subsidies"
    )
    package static let oneClaim = Endpoint<ClaimReference, NoBody, ClaimRecord>(
        .get, "/training/v1/claims/{claim}", id: "getClaim", tag: "subsidies", access: claiming, "一份申报和核算单",
        "A claim with its sheet"
    ) { $0.isVersioned = true }

    package static var subsidies: [EndpointDescription] {
        [
            claims, makeClaim, claim, submitClaim, reviewClaim, askApproveClaim, approveClaim, claimSheet, budgets,
            setBudget, ledger, payments, askPayment, makePayment, payment, paymentFile, takeResult, notices, notice,
            claimList.description, oneClaim.description,
        ]
    }
}

package struct ClaimReference: APIParameters, Hashable {
    package let claim: String

    package static let parameters: [Parameter] = [
        .path("claim", .text("申报编号", "The claim's id", from: 1, to: 40, example: "S20260630A1B2C3"))
    ]
}

package struct ClaimQuery: APIParameters, Hashable {
    package let state: String?
    package let limit: Int64?
    package let cursor: String?

    package static let parameters: [Parameter] = [
        .query("state", .choice(ClaimRecord.states, "只要这个状态的", "Only those in this state")), .limit, .cursor,
    ]
}

/// A claim; its lines stand in the answer about one claim only.
package struct ClaimRecord: APIBody, Hashable {
    package struct Line: APIBody, Hashable {
        package let enrollment: Int64
        package let learner: Int64
        package let kind: String
        package let amount: String
        package let toLearner: String
        package let toSchool: String
        package let refusedBy: String?
        /// What the line was computed from, as it is kept.
        package let evidence: JSONValue

        package init(
            enrollment: Int64, learner: Int64, kind: String, amount: String, toLearner: String, toSchool: String,
            refusedBy: String?, evidence: JSONValue
        ) {
            self.enrollment = enrollment
            self.learner = learner
            self.kind = kind
            self.amount = amount
            self.toLearner = toLearner
            self.toSchool = toSchool
            self.refusedBy = refusedBy
            self.evidence = evidence
        }

        package static let schema = Schema.object(
            "ClaimLine", "核算单的一行", "A line of the sheet",
            [
                .init("enrollment", .integer("报名编号", "The enrollment")),
                .init("learner", .integer("学员编号", "The learner")),
                .init("kind", .choice(["training", "living"], "补贴种类", "What it pays for")),
                .init("amount", .formatted(.money, "金额（元）", "The amount in yuan")),
                .init("toLearner", .formatted(.money, "付给学员", "Paid to the learner")),
                .init("toSchool", .formatted(.money, "付给学校", "Paid to the school")),
                .optional("refusedBy", .text("不予补贴的规则", "The rule that refuses it", to: 40)),
                .init("evidence", Schema(.any, "核算依据", "What it was computed from")),
            ])
    }

    package static let states = [
        "draft", "submitted", "returned", "refused", "noticed", "approved", "paying", "paid",
    ]

    package let claim: String
    package let classID: Int64
    package let division: String
    package let state: String
    package let total: String
    package let budgetYear: Int64?
    package let noticeFrom: String?
    package let noticeUntil: String?
    package let sheet: String
    package let version: Int64
    package let lines: [Line]?

    package init(
        claim: String, classID: Int64, division: String, state: String, total: String, budgetYear: Int64?,
        noticeFrom: String?, noticeUntil: String?, sheet: String, version: Int64, lines: [Line]?
    ) {
        self.claim = claim
        self.classID = classID
        self.division = division
        self.state = state
        self.total = total
        self.budgetYear = budgetYear
        self.noticeFrom = noticeFrom
        self.noticeUntil = noticeUntil
        self.sheet = sheet
        self.version = version
        self.lines = lines
    }

    package static let schema = Schema.object(
        "Claim", "补贴申报", "A claim of a class's subsidies",
        [
            .init("claim", .text("申报编号", "Its id", to: 40)),
            .init("classID", .integer("培训班", "The class")),
            .init("division", .text("区划代码", "The class's division", to: 12)),
            .init("state", .choice(states, "状态", "Where it stands")),
            .init("total", .formatted(.money, "合计（元）", "The sum in yuan")),
            .optional("budgetYear", .integer("预算年度", "The budget's year", from: 2000, to: 2200)),
            .optional("noticeFrom", .formatted(.date, "公示开始", "The day on which the notice was put up")),
            .optional("noticeUntil", .formatted(.date, "公示最后一天", "The notice's last day")),
            .init("sheet", .text("核算单的 SHA-256", "SHA-256 of the sheet", to: 64)),
            .init("version", .integer("版本", "Its version")),
            .optional("lines", .list("核算单", "The sheet", of: Line.schema)),
        ])
}
