import Contracts
import Hummingbird
import ServiceKit
import SocialDomain

/// `/training/`: what there is to do.
struct HomePage: Sendable {
    let app: TrainingApplication

    func addRoutes(to routes: inout RouteTable) {
        routes.on(TrainingContract.home) { request, context in
            var page = Page("home", title: app.site.words(context)["home.title"], place: "home")
            page.layout = context.caller == nil ? .public : .work
            return app.site.page(page, request, context)
        }
    }
}
