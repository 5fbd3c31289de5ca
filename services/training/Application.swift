import Contracts
import Foundation
import Hummingbird
import Logging
import Security
import ServiceClients
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
    /// The classification's trades, found by any job title.
    let trades: TradeSearch
    /// Days on which no lesson is planned unless it is said.
    var holidays = HolidayTable.shipped
    /// Who tells names and identity numbers of people for whom aid asked; nil where aid is not connected.
    var people: AidPeople?
    var subsidies = SubsidySettings()
    var enrollment = EnrollmentSettings()
    /// Asks aid about households; nil where aid is not connected.
    var statusClient: ServiceClient?
    let checkInBuckets = RateBuckets()
    let signUpBuckets = RateBuckets()
    /// Names of divisions.
    var divisions = DivisionTree.innerMongolia
    /// ISO 8601 in UTC.
    let now: @Sendable () -> String

    init(
        store: ServiceStore, signIn: SignIn, now: @escaping @Sendable () -> String = { Date().formatted(.iso8601) }
    ) throws {
        site = try Site(
            home: "/training/", places: Self.places, hasPublicPages: true, resources: TrainingFolder.resources)
        self.store = store
        self.signIn = signIn
        self.now = now
        seal = LearnerSeal(ring: store.ring)
        trades = try TradeSearch.shipped.get()
        journal = AuditJournal(database: store.database)
    }

    /// For those who work with the service; citizens' pages have no places.
    private static let places: [Site.Place] = [
        .init(id: "home", path: "/training/", title: "place.home"),
        .init(id: "classes", path: "/training/classes", title: "place.classes", access: TrainingContract.viewing),
        .init(id: "schools", path: "/training/schools", title: "place.schools", access: TrainingContract.viewing),
        .init(
            id: "enrollments", path: "/training/enrollments", title: "place.enrollments",
            access: TrainingContract.keeping),
        .init(
            id: "attendance", path: "/training/attendance", title: "place.attendance", access: TrainingContract.teaching
        ),
        .init(
            id: "certificates", path: "/training/manage/certificates", title: "place.certificates",
            access: TrainingContract.certificates.access),
        .init(
            id: "signals", path: "/training/signals", title: "place.signals", access: TrainingContract.inspecting),
        .init(id: "needs", path: "/training/needs", title: "place.needs", access: TrainingContract.preparing),
        .init(
            id: "subsidies", path: ClaimPages.path, title: "place.subsidies", access: TrainingContract.claiming),
        .init(
            id: "employment", path: "/training/employment", title: "place.employment",
            access: TrainingContract.hiring),
        .init(id: "figures", path: "/training/figures", title: "place.figures", access: TrainingContract.viewing),
        .init(
            id: "audit", path: "/training/audit", title: "place.audit", access: .roles(["auditor"], service: "training")
        ),
        .init(id: "jobs", path: "/training/jobs", title: "place.jobs", access: TrainingContract.operating),
    ]

    var database: Database { store.database }

    /// A trade's name by its code in the classification; nil for what is no trade's code.
    func tradeName(_ code: String) -> String? {
        OccupationCode(code).flatMap { trades.classification.trade($0)?.name }
    }

    var catalogue: ClassCatalogue { ClassCatalogue(database: database) }
    var aidStatus: AidStatus { AidStatus(database: database, seal: seal, now: now, client: statusClient) }
    var desk: EnrollmentDesk {
        EnrollmentDesk(database: database, register: LearnerRegister(seal: seal), settings: enrollment, now: now)
    }

    /// The day in Beijing.
    var today: CalendarDate { BeijingTime.day(iso8601: now()) }

    func buildRouter() -> Router<KitContext> {
        routes().router(
            site: site, registry: registry, signIn: signIn, hosts: hosts, limits: limits, proxies: proxies)
    }

    /// What works beside the pages.
    ///
    /// - Parameter sender: of what other services are told, where any is.
    func background(_ sender: EventSender? = nil, logger: Logger) async throws -> [any Service] {
        let services = try await KitWork.services(signIn: signIn, database: database, logger: logger)
        return sender.map { services + [$0] } ?? services
    }

    func routes() -> RouteTable {
        var routes = RouteTable()
        routes.on(TrainingContract.root) { _, _ in Response(status: .seeOther, headers: [.location: "/training/"]) }
        HomePage(app: self).addRoutes(to: &routes)
        SchoolPages(app: self).addRoutes(to: &routes)
        SchoolImportPages(app: self).addRoutes(to: &routes)
        InstructorPages(app: self).addRoutes(to: &routes)
        ProgramPages(app: self).addRoutes(to: &routes)
        ClassPages(app: self).addRoutes(to: &routes)
        TimetablePages(app: self).addRoutes(to: &routes)
        ClassEndPages(app: self).addRoutes(to: &routes)
        SchoolEndpoints(app: self).addRoutes(to: &routes)
        ClassEndpoints(app: self).addRoutes(to: &routes)
        TradePages(app: self).addRoutes(to: &routes)
        NeedPages(app: self).addRoutes(to: &routes)
        VacancyPages(app: self).addRoutes(to: &routes)
        EmploymentPages(app: self).addRoutes(to: &routes)
        EmployerPages(app: self).addRoutes(to: &routes)
        BrandPages(app: self).addRoutes(to: &routes)
        BrandForm(app: self).addRoutes(to: &routes)
        VacancyForm(app: self).addRoutes(to: &routes)
        PlacementPages(app: self).addRoutes(to: &routes)
        TrainingFigurePages(app: self).addRoutes(to: &routes)
        CataloguePages(app: self).addRoutes(to: &routes)
        OwnPages(app: self).addRoutes(to: &routes)
        EnrollmentPages(app: self).addRoutes(to: &routes)
        EnrollPages(app: self).addRoutes(to: &routes)
        AttendancePages(app: self).addRoutes(to: &routes)
        CheckInPages(app: self).addRoutes(to: &routes)
        SheetPages(app: self).addRoutes(to: &routes)
        ClassAttendancePages(app: self).addRoutes(to: &routes)
        SignalPages(app: self).addRoutes(to: &routes)
        AssessmentPages(app: self).addRoutes(to: &routes)
        CertificatePages(app: self).addRoutes(to: &routes)
        VerificationPages(app: self).addRoutes(to: &routes)
        ClaimPages(app: self).addRoutes(to: &routes)
        ClaimEndpoints(app: self).addRoutes(to: &routes)
        BudgetPages(app: self).addRoutes(to: &routes)
        PaymentPages(app: self).addRoutes(to: &routes)
        NoticePages(app: self).addRoutes(to: &routes)
        var kit = KitRoutes(
            contract: TrainingContract.kit, title: TrainingContract.title, endpoints: TrainingContract.all, site: site,
            database: database, journal: journal, registry: registry, signIn: signIn)
        kit.inbox.on(NeedStore.eventType) { [now] event, db in try NeedStore.handle(event, at: now(), in: db) }
        kit.add(to: &routes)
        return routes
    }
}
