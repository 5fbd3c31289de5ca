package import SocialDomain

/// What training offers over HTTP. Each capability describes its routes in a file of its own beside this one.
package enum TrainingContract {
    package static let title = LocalizedText(zh: "职业技能培训", en: "Vocational training")
    /// A viewer sees what goes on; a school (培训机构) keeps its own classes, attendance and claims; an instructor keeps the
    /// list of a session; an employer (用人单位) keeps its own vacancies and decides on who applies; an officer (经办) prepares and a reviewer (审核) decides, never what the same person prepared; an
    /// inspector (督导) follows signals; an operator runs the service.
    package static let roles = [
        "viewer", "school", "instructor", "employer", "officer", "reviewer", "inspector", "operator", "auditor",
    ]
    /// Of people who work for a school or an employer: such an account names it and sees nothing of another.
    package static let organisationRoles: Set<String> = ["school", "instructor", "employer"]
    package static let kit = KitContract("training")

    package static let viewing = Access.roles(
        ["viewer", "school", "instructor", "officer", "reviewer", "inspector", "operator"], service: "training")
    package static let teaching = Access.roles(["instructor", "school", "officer"], service: "training")
    package static let keeping = Access.roles(["school", "officer"], service: "training")
    package static let preparing = Access.roles(["officer"], service: "training")
    package static let hiring = Access.roles(["officer", "employer"], service: "training")
    package static let reviewing = Access.roles(["reviewer"], service: "training")
    package static let inspecting = Access.roles(["inspector", "reviewer"], service: "training")
    package static let operating = Access.roles(["operator"], service: "training")

    package static let root = EndpointDescription.page(
        .get, "/", id: "showRoot", tag: "pages", access: .open, "转到首页", "Leads to the start", leadsOn: true)
    package static let home = EndpointDescription.page(
        .get, "/training/", id: "showHome", tag: "pages", access: .open, "首页", "The start page")

    /// Every route of the service.
    package static var all: [EndpointDescription] {
        [root, home] + kit.all
            + schoolRoutes + classRoutes
            + needs + tradeRoutes
            + enrollmentRoutes + employmentRoutes + figureRoutes
            + subsidies
            + attendance
            + certification
    }
}
