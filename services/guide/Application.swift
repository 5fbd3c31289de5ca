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
    let registry = PrometheusRegistry()
    var limits = RateLimitMiddleware()
    /// The names under which the service is reached.
    var hosts: Set<String> = []
    /// `https://hall.example`, where others reach the service.
    var publicAddress: String?
    /// ISO 8601 in UTC.
    let now: @Sendable () -> String

    init(
        store: ServiceStore, signIn: SignIn,
        now: @escaping @Sendable () -> String = { Date().formatted(.iso8601) }
    ) async throws {
        site = try Site(home: "/guide/", places: Self.places, resources: GuideFolder.resources)
        self.store = store
        self.signIn = signIn
        self.now = now
        journal = AuditJournal(database: store.database)
        catalogue = try LiveCatalogue(
            store: CatalogueStore(database: store.database), resources: GuideFolder.resources)
    }

    /// For those who work with the service; citizens' pages have no places.
    private static let places: [Site.Place] = [
        .init(id: "home", path: "/guide/", title: "place.home"),
        .init(
            id: "audit", path: "/guide/audit", title: "place.audit", access: .roles(["auditor"], service: "guide")),
    ]

    var database: Database { store.database }
    var items: CatalogueStore { CatalogueStore(database: store.database) }

    func buildRouter() -> Router<KitContext> {
        routes().router(site: site, registry: registry, signIn: signIn, hosts: hosts, limits: limits)
    }

    func routes() -> RouteTable {
        var routes = RouteTable()
        routes.on(GuideContract.root) { _, _ in Response(status: .seeOther, headers: [.location: "/guide/"]) }
        ReadingPages(app: self).addRoutes(to: &routes)
        SearchEndpoints(app: self).addRoutes(to: &routes)
        InterfaceEndpoints(app: self).addRoutes(to: &routes)
        KitRoutes(
            contract: GuideContract.kit, title: GuideContract.title, endpoints: GuideContract.all, site: site,
            database: database, journal: journal, registry: registry, signIn: signIn
        ).add(to: &routes)
        return routes
    }
}
