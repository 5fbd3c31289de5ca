import Contracts
import Foundation
import Hummingbird
import Logging
import Security
import ServiceKit
import ServiceLifecycle
import SocialDomain
import Storage

/// The training service: its pages and its API, as the server and the tests use them.
struct TrainingApplication: Sendable {
    let site: Site
    let store: ServiceStore
    let seal: LearnerSeal
    let signIn: SignIn
    let journal: AuditJournal
    let registry = PrometheusRegistry()
    var limits = RateLimitMiddleware()
    /// Proxies in front.
    var proxies: Set<String> = []
    /// The names under which the service is reached.
    var hosts: Set<String> = []
    /// `https://hall.example`, the address that certificates carry; nil to take the one under which a page was asked for.
    var publicAddress: String?
    var subsidies = SubsidySettings()
    /// Names of divisions.
    var divisions = DivisionTree.innerMongolia
    /// ISO 8601 in UTC.
    let now: @Sendable () -> String

    init(
        store: ServiceStore, signIn: SignIn, now: @escaping @Sendable () -> String = { Date().formatted(.iso8601) }
    ) throws {
        site = try Site(home: "/training/", places: Self.places, resources: TrainingFolder.resources)
        self.store = store
        self.signIn = signIn
        self.now = now
        seal = LearnerSeal(ring: store.ring)
        journal = AuditJournal(database: store.database)
    }

    /// For those who work with the service; citizens' pages have no places.
    private static let places: [Site.Place] = [
        .init(id: "home", path: "/training/", title: "place.home"),
        .init(
            id: "subsidies", path: ClaimPages.path, title: "place.subsidies", access: TrainingContract.claiming),
        .init(
            id: "audit", path: "/training/audit", title: "place.audit", access: .roles(["auditor"], service: "training")
        ),
        .init(id: "jobs", path: "/training/jobs", title: "place.jobs", access: TrainingContract.operating),
    ]

    var database: Database { store.database }

    /// The day in Beijing.
    var today: CalendarDate { BeijingTime.day(iso8601: now()) }

    func buildRouter() -> Router<KitContext> {
        routes().router(
            site: site, registry: registry, signIn: signIn, hosts: hosts, limits: limits, proxies: proxies)
    }

    /// What works beside the pages.
    func background(logger: Logger) async throws -> [any Service] {
        try await KitWork.services(signIn: signIn, database: database, logger: logger)
    }

    func routes() -> RouteTable {
        var routes = RouteTable()
        routes.on(TrainingContract.root) { _, _ in Response(status: .seeOther, headers: [.location: "/training/"]) }
        HomePage(app: self).addRoutes(to: &routes)
        ClaimPages(app: self).addRoutes(to: &routes)
        ClaimEndpoints(app: self).addRoutes(to: &routes)
        BudgetPages(app: self).addRoutes(to: &routes)
        PaymentPages(app: self).addRoutes(to: &routes)
        NoticePages(app: self).addRoutes(to: &routes)
        KitRoutes(
            contract: TrainingContract.kit, title: TrainingContract.title, endpoints: TrainingContract.all, site: site,
            database: database, journal: journal, registry: registry, signIn: signIn
        ).add(to: &routes)
        return routes
    }
}
