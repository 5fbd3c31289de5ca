import SocialDomain

/// The public catalogue, sign-up, a learner's own page, and what staff do with enrollments.
extension TrainingContract {
    private static let openPath = "/training/open/{class}"
    private static let ownPath = "/training/my/{token}"
    private static let onePath = "/training/enrollments/{enrollment}"
    private static let openClass = Parameter.path("class", .text("班次编号", "The class's number", from: 1, to: 20))
    private static let token = Parameter.path(
        "token", .text("学员页面地址中的口令", "The secret part of the learner's page", from: 1, to: 100))
    private static let enrollmentID = Parameter.path(
        "enrollment", .text("报名编号", "The enrollment's number", from: 1, to: 20))
    private static let versionField = Schema.Property("version", .words("依据的版本", "The version that it is done on"))
    private static let person: [Schema.Property] = [
        .init("name", .words("姓名", "Name")), .init("number", .words("身份证号码", "Identity number")),
        .init("phone", .words("电话", "Phone")), .init("residence", .words("户籍", "Urban or rural")),
        .init("living", .words("居住地", "Where the person lives")),
        .optional("schooling", .words("文化程度", "Schooling")), .optional("wish", .words("就业意愿", "Leave or stay")),
        .optional("income", .words("目前月收入（元）", "Income a month, yuan")),
    ]

    static let catalogueFilters: [Parameter] = [
        .query("q", .words("职业、班名或工种代码", "A job, a title or a code")),
        .query("division", .words("地区", "Division")), .query("lat", .words("纬度", "Latitude")),
        .query("lon", .words("经度", "Longitude")), .query("within", .words("公里以内", "Within kilometres")),
        .query("audience", .words("就业方向", "Leave or stay")), .query("days", .words("多少天内开课", "Begins within days")),
        .query("free", .words("只看有空位", "Free seats only")), .query("page", .words("第几页", "Page")),
    ]

    // MARK: - Citizens

    package static let catalogue = EndpointDescription.page(
        .get, "/training/open", id: "showOpenClasses", tag: "catalogue", access: .open, "正在报名的班",
        "Classes to sign up for",
        parameters: catalogueFilters)
    package static let openClassPage = EndpointDescription.page(
        .get, openPath, id: "showOpenClass", tag: "catalogue", access: .open, "一个班", "One class",
        parameters: [openClass])
    package static let signUpPage = EndpointDescription.page(
        .get, "\(openPath)/sign-up", id: "showSignUp", tag: "catalogue", access: .open, "报名", "Sign up",
        parameters: [openClass])
    package static let signUp = EndpointDescription.page(
        .post, "\(openPath)/sign-up", id: "signUp", tag: "catalogue", access: .open, "提交报名", "Signs up",
        parameters: [openClass], form: person + [.init("token", .words("表单的口令", "The form's secret"))])
    package static let lotteryPage = EndpointDescription.page(
        .get, "\(openPath)/lottery", id: "showLottery", tag: "catalogue", access: .open, "摇号结果，任何人可以复算",
        "What was drawn, for anyone to repeat", parameters: [openClass])
    package static let ownPage = EndpointDescription.page(
        .get, ownPath, id: "showOwnPage", tag: "learners", access: .open, "我的报名", "A learner's own page",
        parameters: [token, .query("done", .words("刚才做了什么", "What was done just now"))])
    package static let acceptSeat = ownStep("accept", id: "acceptSeat", "确认名额", "Accepts the seat")
    package static let askLeave = EndpointDescription.page(
        .get, "\(ownPath)/{enrollment}/leave", id: "askLeave", tag: "learners", access: .open, "确认退出",
        "Asks before leaving",
        parameters: [token, enrollmentID])
    package static let leaveClass = ownStep("leave", id: "leaveClass", "退出", "Leaves the class")
    package static let wishTransfer = ownStep(
        "transfer", id: "wishTransfer", "申请转班", "Asks to be moved",
        form: [.optional("to", .words("想转到的班", "The other class"))])
    package static let openClasses = Endpoint<CatalogueQuery, NoBody, Listing<OpenClassRecord>>(
        .get, "/training/v1/open-classes", id: "listOpenClasses", tag: "catalogue", access: .open, "正在报名的班，每页 20 个",
        "Classes to sign up for, 20 a page")

    private static func ownStep(
        _ name: String, id: String, _ zh: String, _ en: String, form: [Schema.Property] = []
    ) -> EndpointDescription {
        .page(
            .post, "\(ownPath)/{enrollment}/\(name)", id: id, tag: "learners", access: .open, zh, en,
            parameters: [token, enrollmentID], form: form)
    }

    // MARK: - Staff

    private static let listFilters: [Parameter] = [
        .query("class", .words("班次编号", "Class")), .query("state", .words("状态", "State")),
        .query("low", .words("低收入核实情况", "Low-income status")),
        .query("after", .words("上一页末条", "The last of the page before")),
    ]
    package static let enrollmentList = EndpointDescription.page(
        .get, "/training/enrollments", id: "showEnrollments", tag: "enrollment", access: keeping, "报名管理", "Enrollments",
        parameters: listFilters)
    package static let findEnrollments = EndpointDescription.page(
        .post, "/training/enrollments/find", id: "findEnrollments", tag: "enrollment", access: keeping, "按人查找报名",
        "Finds a person's enrollments", form: [.init("who", .words("姓名或身份证号码", "A name or a number"))])
    package static let enrollmentExport = EndpointDescription.bytes(
        "text/csv", "/training/enrollments.csv", id: "getEnrollmentsCSV", tag: "enrollment", access: keeping, "导出报名",
        "Enrollments as CSV", parameters: listFilters)
    package static let enrollmentPage = EndpointDescription.page(
        .get, onePath, id: "showEnrollment", tag: "enrollment", access: keeping, "一份报名", "One enrollment",
        parameters: [enrollmentID])
    package static let enrollPage = EndpointDescription.page(
        .get, "/training/classes/{class}/enroll", id: "showEnroll", tag: "enrollment", access: keeping, "代为报名",
        "Sign somebody up", parameters: [openClass])
    package static let enroll = EndpointDescription.page(
        .post, "/training/classes/{class}/enroll", id: "enroll", tag: "enrollment", access: keeping, "提交代为报名",
        "Signs somebody up", parameters: [openClass], form: person)
    package static let approveEnrollment = step("approve", id: "approveEnrollment", "录取", "Approves")
    package static let refuseEnrollment = step("refuse", id: "refuseEnrollment", "不录取", "Refuses", form: reason)
    package static let withdrawEnrollment = step(
        "withdraw", id: "withdrawEnrollment", "代为退出", "Withdraws", form: reason)
    package static let dropEnrollment = step("drop", id: "dropEnrollment", "中途离开", "Notes a drop-out", form: reason)
    package static let transferEnrollment = step(
        "transfer", id: "transferEnrollment", "转班", "Moves to another class",
        form: [.init("to", .words("哪个班", "Where"))])
    /// Officers only: whoever has the address acts for the person at every school.
    package static let renewOwnPage = step(
        "renew", id: "renewOwnPage", access: preparing, "补发学员页面地址", "Gives a new secret address",
        form: [.optional("phone", .words("新电话", "A new phone"))])
    package static let drawPage = EndpointDescription.page(
        .get, "/training/classes/{class}/lottery", id: "showDraw", tag: "enrollment", access: keeping, "摇号", "The draw",
        parameters: [openClass])
    package static let enterSeed = EndpointDescription.page(
        .post, "/training/classes/{class}/lottery", id: "enterSeed", tag: "enrollment", access: keeping, "录入或核对随机数",
        "Enters or confirms the number", parameters: [openClass],
        form: [
            .init("seed", .words("公开抽取的随机数", "The number drawn in public")),
            .optional("source", .words("在哪里怎样抽取", "Where and how it was drawn")),
        ])

    private static let reason: [Schema.Property] = [
        .init("reason", .words("原因代码", "A reason's code")), .optional("note", .words("说明", "A note")),
    ]

    private static func step(
        _ name: String, id: String, access: Access = keeping, _ zh: String, _ en: String, form: [Schema.Property] = []
    ) -> EndpointDescription {
        .page(
            .post, "\(onePath)/\(name)", id: id, tag: "enrollment", access: access, zh, en, parameters: [enrollmentID],
            form: [versionField] + form + [
                .optional("confirmed", .words("已确认；没有时先询问", "Confirmed; without it the page asks first"))
            ])
    }

    package static var enrollmentRoutes: [EndpointDescription] {
        [
            catalogue, openClassPage, signUpPage, signUp, lotteryPage, ownPage, acceptSeat, askLeave, leaveClass,
            wishTransfer, openClasses.description, enrollmentList, findEnrollments, enrollmentExport, enrollmentPage,
            enrollPage, enroll,
            approveEnrollment, refuseEnrollment, withdrawEnrollment, dropEnrollment, transferEnrollment, renewOwnPage,
            drawPage, enterSeed,
        ]
    }
}

package struct CatalogueQuery: APIParameters {
    package let q: String?
    package let division: String?
    package let lat: String?
    package let lon: String?
    package let within: String?
    package let audience: String?
    package let days: String?
    package let free: String?
    package let page: String?

    package static let parameters = TrainingContract.catalogueFilters
}

/// A class that takes sign-ups.
package struct OpenClassRecord: APIBody {
    package let id: Int64
    package let title: String
    package let school: String
    package let trade: String
    package let level: Int64
    package let division: String
    package let startsOn: String
    package let endsOn: String
    package let signUpUntil: String
    package let free: Int
    package let capacity: Int
    package let waiting: Int
    package let price: String
    package let subsidy: String

    package init(
        id: Int64, title: String, school: String, trade: String, level: Int64, division: String, startsOn: String,
        endsOn: String, signUpUntil: String, free: Int, capacity: Int, waiting: Int, price: String, subsidy: String
    ) {
        self.id = id
        self.title = title
        self.school = school
        self.trade = trade
        self.level = level
        self.division = division
        self.startsOn = startsOn
        self.endsOn = endsOn
        self.signUpUntil = signUpUntil
        self.free = free
        self.capacity = capacity
        self.waiting = waiting
        self.price = price
        self.subsidy = subsidy
    }

    package static let schema = Schema.object(
        "OpenClass", "正在报名的班", "A class to sign up for",
        [
            .init("id", .integer("编号", "Its number", from: 1)), .init("title", .text("名称", "Its title", to: 500)),
            .init("school", .text("培训机构", "The school", to: 500)),
            .init("trade", .text("职业代码", "Occupation code", to: 20)),
            .init("level", .integer("等级，5 为初级工，0 为专项", "Level: 5 junior, 0 specific ability", from: 0)),
            .init("division", .text("地区代码", "Division", to: 12)),
            .init("startsOn", .formatted(.date, "开课", "First day")),
            .init("endsOn", .formatted(.date, "结课", "Last day")),
            .init("signUpUntil", .formatted(.date, "报名截止", "Last day to sign up")),
            .init("free", .integer("空位", "Free seats", from: 0)),
            .init("capacity", .integer("名额", "Seats", from: 1)),
            .init("waiting", .integer("候补人数", "On the waiting list", from: 0)),
            .init("price", .text("先付的学费（元）", "What is paid at first, yuan", to: 30)),
            .init("subsidy", .text("补贴标准（元）", "The subsidy, yuan", to: 30)),
        ])
}
