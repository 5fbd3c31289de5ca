import Contracts
import Foundation
import Hummingbird
import Security
import ServiceKit
import SocialDomain
import Storage

/// The guide service: its pages and its API, as the server and the tests use them.
struct GuideApplication: Sendable {
    let site: Site
    let store: ServiceStore
    let catalogue: LiveCatalogue
    let signIn: SignIn
    let journal: AuditJournal
    /// What readers do, counted.
    let tally: UsageTally
    let feedbackBuckets = RateBuckets()
    let registry = PrometheusRegistry()
    var limits = RateLimitMiddleware()
    /// Proxies in front.
    var proxies: Set<String> = []
    var helpSettings = HelpSettings()
    let roomWatch: RoomWatch
    /// The names under which the service is reached.
    var hosts: Set<String> = []
    /// `https://hall.example`, the address that plates carry; nil to take the one under which a page was asked for.
    var publicAddress: String?
    /// ISO 8601 in UTC.
    let now: @Sendable () -> String

    init(
        store: ServiceStore, signIn: SignIn,
        now: @escaping @Sendable () -> String = { Date().formatted(.iso8601) }
    ) async throws {
        site = try Site(home: "/guide/", places: Self.places, hasPublicPages: true, resources: GuideFolder.resources)
        self.store = store
        self.signIn = signIn
        self.now = now
        journal = AuditJournal(database: store.database)
        tally = UsageTally(database: store.database, now: now)
        roomWatch = RoomWatch(database: store.database)
        catalogue = try LiveCatalogue(
            store: CatalogueStore(database: store.database), resources: GuideFolder.resources, today: tally.today)
    }

    /// For those who work with the service; citizens' pages have no places.
    private static let places: [Site.Place] = [
        .init(id: "home", path: "/guide/", title: "place.home"),
        .init(id: "editing", path: "/guide/editing", title: "place.editing", access: GuideContract.viewing),
        .init(id: "plates", path: "/guide/manage/plates", title: "place.plates", access: GuideContract.viewing),
        .init(id: "flows", path: "/guide/manage/flows", title: "place.flows", access: GuideContract.viewing),
        .init(id: "figures", path: "/guide/manage/figures", title: "place.figures", access: GuideContract.viewing),
        .init(
            id: "helper", path: "/guide/helper", title: "place.helper", access: .roles(["helper"], service: "guide")),
        .init(
            id: "audit", path: "/guide/audit", title: "place.audit", access: .roles(["auditor"], service: "guide")),
    ]

    var database: Database { store.database }
    var items: CatalogueStore { CatalogueStore(database: store.database) }
    var plates: PlateStore { PlateStore(database: store.database) }
    var flows: FlowStore { FlowStore(database: store.database) }
    var feedback: FeedbackStore { FeedbackStore(database: store.database) }

    /// What a plate's code leads to.
    func publicAddress(of plate: Plate, _ request: Request) -> String {
        let start = publicAddress ?? "http://\(request.head.authority ?? "localhost")"
        return "\(start)/guide/d/\(plate.code)"
    }

    /// The remote helper, as it is offered.
    var helpDesk: HelpDesk { HelpDesk(store: store, watch: roomWatch, settings: helpSettings, now: now) }

    func buildRouter() -> Router<KitContext> {
        routes().router(
            site: site, registry: registry, signIn: signIn, hosts: hosts, limits: limits,
            proxies: proxies)
    }

    func routes() -> RouteTable {
        var routes = RouteTable()
        routes.on(GuideContract.root) { _, _ in Response(status: .seeOther, headers: [.location: "/guide/"]) }
        ReadingPages(app: self).addRoutes(to: &routes)
        SearchEndpoints(app: self).addRoutes(to: &routes)
        InterfaceEndpoints(app: self).addRoutes(to: &routes)
        EditingPages(app: self).addRoutes(to: &routes)
        EditingEndpoints(app: self).addRoutes(to: &routes)
        ImportPages(app: self).addRoutes(to: &routes)
        PlatePages(app: self).addRoutes(to: &routes)
        PlateKeepingPages(app: self).addRoutes(to: &routes)
        PlateFiles(app: self).addRoutes(to: &routes)
        FlowPages(app: self).addRoutes(to: &routes)
        FlowEditorPages(app: self).addRoutes(to: &routes)
        FeedbackPages(app: self).addRoutes(to: &routes)
        FigurePages(app: self).addRoutes(to: &routes)
        let desk = helpDesk
        HelpPages(app: self, desk: desk).addRoutes(to: &routes)
        HelperPages(app: self, desk: desk).addRoutes(to: &routes)
        RoomEndpoints(app: self, desk: desk).addRoutes(to: &routes)
        KitRoutes(
            contract: GuideContract.kit, title: GuideContract.title, endpoints: GuideContract.all, site: site,
            database: database, journal: journal, registry: registry, signIn: signIn
        ).add(to: &routes)
        return routes
    }
}

extension GuideApplication {
    /// Takes over once a day how often items are opened, until the task is cancelled.
    func followPopularity() async {
        var day = tally.today
        while !Task.isCancelled {
            try? await Task.sleep(for: .seconds(600))
            guard tally.today != day else { continue }
            // A database that does not answer now is asked again in ten minutes.
            if (try? await catalogue.refreshPopularity(today: tally.today)) != nil { day = tally.today }
        }
    }
}
