package import SocialDomain

/// What guide offers over HTTP. Each capability describes its routes in a file of its own beside this one.
package enum GuideContract {
    package static let title = LocalizedText(zh: "数字政务门牌", en: "The digital service signboard")
    /// A viewer sees what is being worked on; an editor writes for a department; a reviewer publishes; a helper answers
    /// citizens (云帮办); an operator runs the service.
    package static let roles = ["viewer", "editor", "reviewer", "helper", "operator", "auditor"]
    package static let kit = KitContract("guide")

    package static let viewing = Access.roles(["viewer", "editor", "reviewer", "helper", "operator"], service: "guide")
    package static let editing = Access.roles(["editor", "reviewer"], service: "guide")
    package static let reviewing = Access.roles(["reviewer"], service: "guide")
    package static let helping = Access.roles(["helper"], service: "guide")
    package static let operating = Access.roles(["operator"], service: "guide")

    /// Every route of the service.
    package static var all: [EndpointDescription] {
        reading + interfaces + lifeCycle + importing + plateRoutes + flowRoutes + figureRoutes + sessions + kit.all
    }
}
