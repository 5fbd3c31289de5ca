import SocialDomain

/// Schools (培训机构), their rooms, instructors and programs.
extension TrainingContract {
    private static let school = Parameter.path(
        "school", .integer("机构编号", "The school's number", from: 1, example: 1))
    private static let room = Parameter.path("room", .integer("教室编号", "The room's number", from: 1, example: 1))
    private static let instructor = Parameter.path(
        "instructor", .integer("教师编号", "The instructor's number", from: 1, example: 1))
    private static let program = Parameter.path(
        "program", .integer("课程编号", "The program's number", from: 1, example: 1))

    static func filters(_ names: String...) -> [Parameter] {
        names.map { .query($0, .words("筛选", "A filter")) }
    }

    static func form(_ names: [String]) -> [Schema.Property] {
        names.map { .optional($0, .words("表单的一项", "A field of the form")) }
    }

    private static let schoolForm = form([
        "name", "creditCode", "division", "address", "latitude", "longitude", "phone", "licenceNumber", "licenceFrom",
        "licenceUntil", "version",
    ])
    private static let instructorForm = form([
        "name", "number", "trades", "credential", "credentialUntil", "isActive", "version",
    ])
    private static let programForm = form([
        "title", "trade", "level", "hours", "price", "subsidy", "isDomestic", "syllabus", "version", "key",
    ])

    // MARK: - Schools

    package static let schoolList = EndpointDescription.page(
        .get, "/training/schools", id: "showSchools", tag: "schools", access: viewing, "培训机构", "The schools",
        parameters: filters("q", "state", "licence", "after"))
    package static let schoolExport = EndpointDescription.bytes(
        "text/csv", "/training/schools/export.csv", id: "exportSchools", tag: "schools", access: viewing, "导出机构",
        "The schools as a file", parameters: filters("q", "state", "licence"))
    package static let schoolNew = EndpointDescription.page(
        .get, "/training/schools/new", id: "showNewSchool", tag: "schools", access: preparing, "登记机构", "A new school")
    package static let schoolMake = EndpointDescription.page(
        .post, "/training/schools/new", id: "makeSchool", tag: "schools", access: preparing, "登记机构", "Makes a school",
        form: schoolForm, leadsOn: true)
    package static let schoolPage = EndpointDescription.page(
        .get, "/training/schools/{school}", id: "showSchool", tag: "schools", access: viewing, "一所机构", "One school",
        parameters: [school])
    package static let schoolEdit = EndpointDescription.page(
        .get, "/training/schools/{school}/edit", id: "showSchoolForm", tag: "schools", access: preparing, "修改机构",
        "The form of a school", parameters: [school])
    package static let schoolSave = EndpointDescription.page(
        .post, "/training/schools/{school}/edit", id: "saveSchool", tag: "schools", access: preparing, "保存机构",
        "Saves a school", parameters: [school], form: schoolForm, leadsOn: true)
    package static let schoolAskSuspend = EndpointDescription.page(
        .get, "/training/schools/{school}/suspend", id: "askSuspendSchool", tag: "schools", access: preparing,
        "暂停前的询问", "Asks before a school is suspended", parameters: [school])
    package static let schoolSuspend = EndpointDescription.page(
        .post, "/training/schools/{school}/suspend", id: "suspendSchool", tag: "schools", access: preparing, "暂停机构",
        "Suspends a school", parameters: [school], form: form(["version"]), leadsOn: true)
    package static let schoolResume = EndpointDescription.page(
        .post, "/training/schools/{school}/resume", id: "resumeSchool", tag: "schools", access: preparing, "恢复机构",
        "Takes a suspended school up again", parameters: [school], form: form(["version"]), leadsOn: true)
    package static let roomAdd = EndpointDescription.page(
        .post, "/training/schools/{school}/rooms", id: "addRoom", tag: "schools", access: keeping, "添加教室",
        "Adds a room", parameters: [school], form: form(["name", "seats"]), leadsOn: true)
    package static let roomEdit = EndpointDescription.page(
        .post, "/training/schools/{school}/rooms/{room}", id: "editRoom", tag: "schools", access: keeping, "修改教室",
        "Changes a room", parameters: [school, room], form: form(["name", "seats"]), leadsOn: true)

    private static let kind = Parameter.path(
        "kind", .choice(["schools", "instructors", "programs"], "导入什么", "What the table holds"))
    package static let schoolImport = EndpointDescription.page(
        .get, "/training/schools/import", id: "showSchoolImport", tag: "schools", access: preparing, "批量导入",
        "Imports of schools, instructors and programs")
    package static let schoolImportForm = EndpointDescription.bytes(
        "text/csv", "/training/schools/import/{kind}/form.csv", id: "getSchoolImportForm", tag: "schools",
        access: preparing, "导入的样表", "An empty file for an import", parameters: [kind])
    package static let schoolImportFile: EndpointDescription = {
        var page = EndpointDescription.page(
            .post, "/training/schools/import/{kind}", id: "importSchools", tag: "schools", access: preparing,
            "批量导入", "Takes in a table of schools, instructors or programs", parameters: [kind])
        page.body = .upload(field: "file")
        page.bodyLimit = 8 << 20
        return page
    }()

    // MARK: - Instructors

    package static let instructorNew = EndpointDescription.page(
        .get, "/training/schools/{school}/instructors/new", id: "showNewInstructor", tag: "schools", access: keeping,
        "登记教师", "A new instructor", parameters: [school])
    package static let instructorAdd = EndpointDescription.page(
        .post, "/training/schools/{school}/instructors/new", id: "addInstructor", tag: "schools", access: keeping,
        "登记教师", "Adds an instructor", parameters: [school], form: instructorForm, leadsOn: true)
    package static let instructorPage = EndpointDescription.page(
        .get, "/training/instructors/{instructor}", id: "showInstructor", tag: "schools", access: keeping, "一位教师",
        "One instructor", parameters: [instructor])
    package static let instructorSave = EndpointDescription.page(
        .post, "/training/instructors/{instructor}", id: "saveInstructor", tag: "schools", access: keeping, "保存教师",
        "Saves an instructor", parameters: [instructor], form: instructorForm, leadsOn: true)

    // MARK: - Programs

    package static let programList = EndpointDescription.page(
        .get, "/training/programs", id: "showPrograms", tag: "schools", access: viewing, "课程", "The programs",
        parameters: filters("q", "state", "trade", "after"))
    package static let programExport = EndpointDescription.bytes(
        "text/csv", "/training/programs/export.csv", id: "exportPrograms", tag: "schools", access: viewing, "导出课程",
        "The programs as a file", parameters: filters("q", "state", "trade"))
    package static let programNew = EndpointDescription.page(
        .get, "/training/schools/{school}/programs/new", id: "showNewProgram", tag: "schools", access: keeping, "新建课程",
        "A new program", parameters: [school] + filters("from"))
    package static let programMake = EndpointDescription.page(
        .post, "/training/schools/{school}/programs/new", id: "makeProgram", tag: "schools", access: keeping, "新建课程",
        "Makes a program", parameters: [school], form: programForm, leadsOn: true)
    package static let programPage = EndpointDescription.page(
        .get, "/training/programs/{program}", id: "showProgram", tag: "schools", access: viewing, "一个课程",
        "One program", parameters: [program])
    package static let programEdit = EndpointDescription.page(
        .get, "/training/programs/{program}/edit", id: "showProgramForm", tag: "schools", access: keeping, "修改课程",
        "The form of a program", parameters: [program])
    package static let programSave = EndpointDescription.page(
        .post, "/training/programs/{program}/edit", id: "saveProgram", tag: "schools", access: keeping, "保存课程",
        "Saves a program", parameters: [program], form: programForm, leadsOn: true)
    package static let programSubmit = EndpointDescription.page(
        .post, "/training/programs/{program}/submit", id: "submitProgram", tag: "schools", access: keeping, "提交课程",
        "Hands a program in", parameters: [program], form: form(["version"]), leadsOn: true)
    package static let programDecide = EndpointDescription.page(
        .post, "/training/programs/{program}/decide", id: "decideProgram", tag: "schools", access: reviewing, "审核课程",
        "Approves, returns or withdraws a program", parameters: [program],
        form: form(["version", "decision", "note"]), leadsOn: true)

    // MARK: - For programs

    package static let schools = Endpoint<SchoolListParameters, NoBody, Listing<SchoolRecord>>(
        .get, "/training/v1/schools", id: "listSchools", tag: "schools", access: viewing, "机构列表", "The schools")
    package static let schoolRecord = Endpoint<SchoolReference, NoBody, SchoolRecord>(
        .get, "/training/v1/schools/{school}", id: "getSchool", tag: "schools", access: viewing, "一所机构", "One school"
    ) { $0.isVersioned = true }
    package static let programs = Endpoint<ProgramListParameters, NoBody, Listing<ProgramRecord>>(
        .get, "/training/v1/programs", id: "listPrograms", tag: "schools", access: viewing, "课程列表", "The programs")
    package static let programRecord = Endpoint<ProgramReference, NoBody, ProgramRecord>(
        .get, "/training/v1/programs/{program}", id: "getProgram", tag: "schools", access: viewing, "一个课程",
        "One program"
    ) { $0.isVersioned = true }

    /// Routes of schools and programs.
    package static var schoolRoutes: [EndpointDescription] {
        [
            schoolList, schoolExport, programExport, schoolNew, schoolMake, schoolPage, schoolEdit, schoolSave,
            schoolAskSuspend, schoolSuspend,
            schoolResume, schoolImport, schoolImportForm, schoolImportFile, roomAdd, roomEdit, instructorNew,
            instructorAdd, instructorPage, instructorSave, programList,
            programNew, programMake, programPage, programEdit, programSave, programSubmit, programDecide,
            schools.description, schoolRecord.description, programs.description, programRecord.description,
        ]
    }
}

package struct SchoolReference: APIParameters, Hashable {
    package let school: Int64

    package static let parameters: [Parameter] = [
        .path("school", .integer("机构编号", "The school's number", from: 1, example: 1))
    ]
}

package struct SchoolListParameters: APIParameters, Hashable {
    package var state: String?
    package var limit: Int?
    package var cursor: String?

    package static let parameters: [Parameter] = [
        .query("state", SchoolRecord.state), .limit, .cursor,
    ]
}

package struct SchoolRecord: APIBody, Hashable {
    package let id: Int64
    package let creditCode: String
    package let name: String
    package let division: String
    package let address: String
    /// Millionths of a degree.
    package let latitude: Int64?
    package let longitude: Int64?
    package let phone: String
    package let licenceUntil: String?
    package let state: String

    package init(
        id: Int64, creditCode: String, name: String, division: String, address: String, latitude: Int64?,
        longitude: Int64?, phone: String, licenceUntil: String?, state: String
    ) {
        self.id = id
        self.creditCode = creditCode
        self.name = name
        self.division = division
        self.address = address
        self.latitude = latitude
        self.longitude = longitude
        self.phone = phone
        self.licenceUntil = licenceUntil
        self.state = state
    }

    package static let state = Schema.choice(["active", "suspended", "closed"], "状态", "Whether it is active")
    static let latitude = Schema.integer(
        "纬度，百万分之一度", "Latitude in millionths of a degree", from: -90_000_000, to: 90_000_000)
    static let longitude = Schema.integer(
        "经度，百万分之一度", "Longitude in millionths of a degree", from: -180_000_000, to: 180_000_000)

    package static let schema = Schema.object(
        "School", "培训机构", "A training school",
        [
            .init("id", .integer("机构编号", "Its number", from: 1)),
            .init("creditCode", .text("统一社会信用代码", "Its unified social credit code", to: 18)),
            .init("name", .text("名称", "Its name", to: 100)),
            .init("division", .text("区划代码", "The code of the division that answers for it", to: 12)),
            .init("address", .text("地址", "Its address", to: 200)),
            .optional("latitude", latitude), .optional("longitude", longitude),
            .init("phone", .text("电话", "Its public phone", to: 40)),
            .optional("licenceUntil", .formatted(.date, "办学许可证到期日", "The last day of its licence")),
            .init("state", state),
        ])
}

package struct ProgramReference: APIParameters, Hashable {
    package let program: Int64

    package static let parameters: [Parameter] = [
        .path("program", .integer("课程编号", "The program's number", from: 1, example: 1))
    ]
}

package struct ProgramListParameters: APIParameters, Hashable {
    package var state: String?
    package var school: Int64?
    package var trade: String?
    package var limit: Int?
    package var cursor: String?

    package static let parameters: [Parameter] = [
        .query("state", ProgramRecord.state), .query("school", .integer("机构编号", "Of this school", from: 1)),
        .query("trade", .text("职业代码", "Of this occupation", from: 10, to: 10, example: "4-10-01-05")), .limit, .cursor,
    ]
}

package struct ProgramRecord: APIBody, Hashable {
    package let id: Int64
    package let school: Int64
    package let title: String
    package let trade: String
    package let level: Int64
    package let hours: Int64
    package let price: String
    package let subsidy: String
    package let isDomestic: Bool
    package let state: String

    package init(
        id: Int64, school: Int64, title: String, trade: String, level: Int64, hours: Int64, price: String,
        subsidy: String, isDomestic: Bool, state: String
    ) {
        self.id = id
        self.school = school
        self.title = title
        self.trade = trade
        self.level = level
        self.hours = hours
        self.price = price
        self.subsidy = subsidy
        self.isDomestic = isDomestic
        self.state = state
    }

    package static let state = Schema.choice(
        ["draft", "submitted", "approved", "withdrawn"], "状态", "Where it stands")

    package static let schema = Schema.object(
        "Program", "课程", "What a school teaches",
        [
            .init("id", .integer("课程编号", "Its number", from: 1)),
            .init("school", .integer("机构编号", "The school's number", from: 1)),
            .init("title", .text("名称", "Its title", to: 100)),
            .init("trade", .text("职业代码", "The occupation's code", to: 20)),
            .init("level", .integer("等级：5 初级工 … 1 高级技师，0 无", "5 junior … 1 chief technician, 0 none", to: 5)),
            .init("hours", .integer("课时（45 分钟）", "Hours of 45 minutes", from: 1, to: 2000)),
            .init("price", .formatted(.money, "收费", "What a learner pays at first")),
            .init("subsidy", .formatted(.money, "补贴标准", "The subsidy for a person")),
            .init("isDomestic", .boolean("是否家政类", "Whether it counts as domestic service")),
            .init("state", state),
        ])
}
