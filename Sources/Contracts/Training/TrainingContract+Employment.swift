import SocialDomain

/// Employers, vacancies, applications, placements with their follow-up, and labour brands.
extension TrainingContract {
    private static let vacancyID = Parameter.path("vacancy", .text("岗位编号", "The vacancy's number", from: 1, to: 20))
    private static let applicationID = Parameter.path(
        "application", .text("投递编号", "The application's number", from: 1, to: 20))
    private static let placementID = Parameter.path(
        "placement", .text("就业记录编号", "The placement's number", from: 1, to: 20))
    private static let brandID = Parameter.path("brand", .text("品牌编号", "The brand's number", from: 1, to: 20))
    private static let versionField = Schema.Property("version", .words("依据的版本", "The version that it is done on"))

    private static let employerID = Parameter.path(
        "employer", .text("单位编号", "The employer's number", from: 1, to: 20))
    private static let placedEnrollment = Parameter.path(
        "enrollment", .text("报名编号", "The enrollment's number", from: 1, to: 20))
    private static let onePath = "/training/employment/vacancies/{vacancy}"
    private static let employerFields: [Schema.Property] = [
        .init("creditCode", .words("统一社会信用代码", "Credit code")), .init("employer", .words("单位名称", "Employer")),
    ]
    private static let vacancyFields: [Schema.Property] = [
        .init("title", .words("岗位", "Title")), .init("trade", .words("职业代码", "Occupation code")),
        .optional("level", .words("技能等级，1 至 5，0 不限", "Level 1 to 5, 0 for any")),
        .init("division", .words("工作地点代码", "Where the work is")), .init("places", .words("人数", "Places")),
        .optional("payFrom", .words("月薪起（元）", "Pay from, yuan")), .optional("payTo", .words("月薪至", "Pay to")),
        .init("openUntil", .words("截止日期", "Open until")), .optional("description", .words("说明", "Description")),
    ]

    package static let vacancyList = EndpointDescription.page(
        .get, "/training/vacancies", id: "showVacancies", tag: "employment", access: .open, "招聘岗位", "Vacancies",
        parameters: [
            .query("q", .words("职业或单位", "A trade or employer")), .query("division", .words("旗县代码", "County")),
            .query("page", .words("第几页", "Page")),
        ])
    package static let vacancyPage = EndpointDescription.page(
        .get, "/training/vacancies/{vacancy}", id: "showVacancy", tag: "employment", access: .open, "一个岗位",
        "One vacancy",
        parameters: [vacancyID, .query("done", .words("刚才做了什么", "What was done just now"))])
    package static let applyForWork = EndpointDescription.page(
        .post, "/training/vacancies/{vacancy}/apply", id: "applyForWork", tag: "employment", access: .open, "投递",
        "Applies", parameters: [vacancyID], form: [.init("own", .words("学员页面的地址", "The learner's own page"))])
    package static let brandList = EndpointDescription.page(
        .get, "/training/brands", id: "showBrands", tag: "employment", access: .open, "劳务品牌", "Labour brands")
    package static let brandPage = EndpointDescription.page(
        .get, "/training/brands/{brand}", id: "showBrand", tag: "employment", access: .open, "一个劳务品牌",
        "One labour brand",
        parameters: [brandID])

    package static let employmentDesk = EndpointDescription.page(
        .get, "/training/employment", id: "showEmployment", tag: "employment", access: hiring, "就业服务：待办",
        "Work to do for employment",
        parameters: [
            .query("done", .words("刚才做了什么", "What was done just now")),
            .query("after", .words("申请的上一页末条", "The last application of the page before")),
            .query("due", .words("跟踪的上一页末条", "The last follow-up of the page before")),
        ])
    package static let newVacancyPage = EndpointDescription.page(
        .get, "/training/employment/new", id: "showNewVacancy", tag: "employment", access: hiring, "登记岗位",
        "A new vacancy")
    package static let makeVacancy = EndpointDescription.page(
        .post, "/training/employment/new", id: "makeVacancy", tag: "employment", access: hiring, "保存岗位",
        "Makes a vacancy",
        form: employerFields + vacancyFields + [.init("key", .words("表单的口令", "The form's key"))])
    package static let vacancyEdit = EndpointDescription.page(
        .get, onePath, id: "showVacancyForm", tag: "employment", access: hiring, "修改岗位", "Change a vacancy",
        parameters: [vacancyID])
    package static let vacancySave = EndpointDescription.page(
        .post, onePath, id: "saveVacancy", tag: "employment", access: hiring, "保存岗位", "Saves a vacancy",
        parameters: [vacancyID], form: [versionField] + vacancyFields)
    package static let vacancyAskClose = EndpointDescription.page(
        .get, "\(onePath)/close", id: "askCloseVacancy", tag: "employment", access: hiring, "确认停止招聘",
        "Asks before a vacancy is closed", parameters: [vacancyID])
    package static let vacancyClose = EndpointDescription.page(
        .post, "\(onePath)/close", id: "closeVacancy", tag: "employment", access: hiring, "停止招聘",
        "Closes a vacancy", parameters: [vacancyID], form: [versionField])
    package static let vacancyOpen = EndpointDescription.page(
        .post, "\(onePath)/open", id: "openVacancy", tag: "employment", access: hiring, "恢复招聘",
        "Opens a vacancy again", parameters: [vacancyID], form: [versionField])
    package static let employerList = EndpointDescription.page(
        .get, "/training/employment/employers", id: "showEmployers", tag: "employment", access: preparing, "用人单位",
        "Employers",
        parameters: [
            .query("q", .words("名称或信用代码", "A name or credit code")),
            .query("after", .words("上一页末条", "The last before")),
        ])
    package static let employerPage = EndpointDescription.page(
        .get, "/training/employment/employers/{employer}", id: "showEmployer", tag: "employment", access: hiring,
        "一个用人单位", "One employer",
        parameters: [employerID, .query("done", .words("刚才做了什么", "What was done just now"))])
    package static let saveEmployer = EndpointDescription.page(
        .post, "/training/employment/employers/{employer}", id: "saveEmployer", tag: "employment", access: hiring,
        "保存用人单位（单位自己的账号只改地址和电话）", "Saves an employer; its own account changes address and phone only",
        parameters: [employerID],
        form: [
            versionField, .optional("name", .words("单位名称", "Name")),
            .optional("division", .words("区划代码", "Division")),
            .optional("address", .words("地址", "Address")), .optional("phone", .words("电话", "Phone")),
            .optional("state", .words("active 或 suspended", "active or suspended")),
        ])
    private static let brandFields: [Schema.Property] = [
        .init("name", .words("品牌名称", "Name")), .init("division", .words("区划代码", "Division")),
        .optional("summary", .words("简介", "Summary")),
        .init("trades", .words("职业代码，每行一个", "Occupation codes, one to a line")),
        .optional("employers", .words("信用代码和单位名称，每行一家", "A credit code and a name to a line")),
        .init("state", .words("active 或 ended", "active or ended")),
    ]
    private static let keptBrandPath = "/training/employment/brands/{brand}"
    package static let keptBrandList = EndpointDescription.page(
        .get, "/training/employment/brands", id: "showKeptBrands", tag: "employment", access: preparing, "劳务品牌：维护",
        "Labour brands, to keep",
        parameters: [
            .query("after", .words("上一页末条", "The last before")),
            .query("done", .words("刚才做了什么", "What was done just now")),
        ])
    package static let newBrandPage = EndpointDescription.page(
        .get, "/training/employment/brands/new", id: "showNewBrand", tag: "employment", access: preparing, "新建劳务品牌",
        "A new labour brand")
    package static let makeBrand = EndpointDescription.page(
        .post, "/training/employment/brands/new", id: "makeBrand", tag: "employment", access: preparing, "保存劳务品牌",
        "Makes a labour brand", form: brandFields + [.init("key", .words("表单的口令", "The form's key"))])
    package static let keptBrandPage = EndpointDescription.page(
        .get, keptBrandPath, id: "showBrandForm", tag: "employment", access: preparing, "修改劳务品牌",
        "Change a labour brand", parameters: [brandID])
    package static let saveBrand = EndpointDescription.page(
        .post, keptBrandPath, id: "saveBrand", tag: "employment", access: preparing, "保存劳务品牌",
        "Saves a labour brand", parameters: [brandID], form: [versionField] + brandFields)
    package static let placingPage = EndpointDescription.page(
        .get, "/training/enrollments/{enrollment}/placement", id: "showPlacing", tag: "employment", access: preparing,
        "登记就业", "Note that somebody is at work", parameters: [placedEnrollment])
    package static let placeLearner = EndpointDescription.page(
        .post, "/training/enrollments/{enrollment}/placement", id: "placeLearner", tag: "employment", access: preparing,
        "保存就业登记", "Notes that somebody is at work", parameters: [placedEnrollment],
        form: [
            .init("kind", .words("employer 单位就业，own 自主创业", "employer, or own for one's own business")),
            .optional("creditCode", .words("统一社会信用代码", "Credit code")),
            .optional("employer", .words("单位名称", "Employer")),
            .init("trade", .words("职业代码", "Occupation code")), .init("startedOn", .words("上岗日期", "First day")),
            .optional("income", .words("月收入（元）", "Income, yuan")),
            .init("evidence", .words("依据：合同、执照、社保或走访", "Evidence: contract, licence, insurance or visit")),
        ])
    package static let applicationPage = EndpointDescription.page(
        .get, "/training/employment/applications/{application}", id: "showApplication", tag: "employment",
        access: hiring, "一份投递", "One application", parameters: [applicationID])
    package static let decideApplication = EndpointDescription.page(
        .post, "/training/employment/applications/{application}", id: "decideApplication", tag: "employment",
        access: hiring, "登记结果", "Decides an application", parameters: [applicationID],
        form: [
            versionField, .init("decision", .words("interview、accepted 或 refused", "interview, accepted or refused")),
            .optional("refusal", .words("原因代码", "A reason's code")), .optional("note", .words("说明", "A note")),
            .optional("startedOn", .words("上岗日期", "First day")), .optional("income", .words("月收入（元）", "Income, yuan")),
        ])
    package static let retentionPage = EndpointDescription.page(
        .get, "/training/employment/placements/{placement}", id: "showPlacement", tag: "employment", access: preparing,
        "一条就业记录", "One placement", parameters: [placementID])
    package static let noteRetention = EndpointDescription.page(
        .post, "/training/employment/placements/{placement}", id: "noteRetention", tag: "employment", access: preparing,
        "登记跟踪结果", "Notes what a follow-up found", parameters: [placementID],
        form: [
            .init("month", .words("3、6 或 12", "3, 6 or 12")), .init("outcome", .words("结果代码", "An outcome's code")),
            .optional("income", .words("月收入（元）", "Income, yuan")), .optional("why", .words("离职原因", "Why they left")),
            .optional("note", .words("说明", "A note")),
        ])

    package static let endPlacement = EndpointDescription.page(
        .post, "/training/employment/placements/{placement}/end", id: "endPlacement", tag: "employment",
        access: preparing, "登记离职", "Notes the end of a placement", parameters: [placementID],
        form: [
            .init("endedOn", .words("离职日期", "The last day")), .init("endedWhy", .words("原因代码", "A reason's code")),
        ])

    package static var employmentRoutes: [EndpointDescription] {
        [
            vacancyList, vacancyPage, applyForWork, brandList, brandPage, employmentDesk, newVacancyPage, makeVacancy,
            vacancyEdit, vacancySave, vacancyAskClose, vacancyClose, vacancyOpen, employerList, employerPage,
            saveEmployer, keptBrandList, newBrandPage, makeBrand, keptBrandPage, saveBrand, applicationPage,
            decideApplication, retentionPage, noteRetention, endPlacement, placingPage, placeLearner,
        ]
    }
}
