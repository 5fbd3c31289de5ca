import Contracts
import Hummingbird
import Logging
import Security
import ServiceKit
import ServiceLifecycle
import SocialDomain
import Storage

/// What the pages do, besides reading; the stores and the job stand behind it.
///
/// What an action will not do it says with an `ExplainedFault`; any other error is shown as a fault of the system.
struct AidActions: Sendable {
    /// ISO 8601 in UTC.
    var now: @Sendable () -> String
    /// Today in the service's zone: the day that a run looks from, unless another is asked for.
    var today: @Sendable () -> CalendarDate
    /// The rules that the next run will use, in words.
    var rules: @Sendable () async throws -> PublishedRules
    /// Takes in files that were uploaded together, the register's two or extracts, and says what became of each. It may
    /// move the files away; what it leaves is removed.
    var takeIn: @Sendable (_ files: [UploadedFile]) async throws -> [TakenFile]
    /// Takes a current file out of use.
    var removeFile: @Sendable (_ name: String) async throws -> Void
    /// What is done in the transaction that asks for a run, which has its id by then.
    typealias AlongRun = @Sendable (_ id: Int64, _ db: Connection) throws -> Void

    /// Starts a run in the background and gives its id.
    var startRun: @Sendable (_ asOf: CalendarDate, _ along: @escaping AlongRun) async throws -> Int64
    var stopRun: @Sendable (_ id: Int64) async throws -> Void
    /// Closes an alert for good, with the officer's reason.
    var closeAlert: @Sendable (_ id: Int64, _ note: String, _ scope: Scope, _ audit: AuditEvent) async throws -> Void
    /// Where a run's `rejects.csv` or `conflicts.csv` lies; nil where it put none out.
    var runFile: @Sendable (_ id: Int64, _ file: RunFile) -> String?
    /// Writes a workbook of one sheet to `path`: the header, then the rows as `next` gives them, until nil.
    var writeWorkbook: @Sendable (_ path: String, _ header: [String], _ next: () throws -> [ExportCell]?) throws -> Void
}

/// What a run puts out for people to look at.
enum RunFile: String, Sendable, CaseIterable {
    case rejects = "rejects.csv"
    case conflicts = "conflicts.csv"
}

/// What became of an uploaded file.
struct TakenFile: Sendable {
    let name: String
    /// Why it was not taken and how to mend it; nil where it was.
    let refusal: LocalizedText?

    init(name: String, refusal: LocalizedText? = nil) {
        self.name = name
        self.refusal = refusal
    }
}

/// The aid service's pages, as the server and the tests use them.
struct AidApplication: Sendable {
    let site: Site
    let database: Database
    let seal: RecordSeal
    let actions: AidActions
    /// Where uploads are put while they come in; on the disk that keeps them.
    let uploads: UploadReader
    let signIn: SignIn
    let journal: AuditJournal
    let registry = PrometheusRegistry()
    var limits = RateLimitMiddleware()
    /// Proxies in front.
    var proxies: Set<String> = []
    /// The names under which the service is reached.
    var hosts: Set<String> = []
    /// Names of divisions.
    var divisions = DivisionTree.innerMongolia

    init(
        resources: String, database: Database, seal: RecordSeal, actions: AidActions, uploads: UploadReader,
        signIn: SignIn
    ) throws {
        site = try Site(
            home: "/aid/",
            places: [
                .init(id: "dashboard", path: "/aid/", title: "place.dashboard"),
                .init(id: "alerts", path: "/aid/alerts", title: "place.alerts"),
                .init(id: "households", path: "/aid/households", title: "place.households"),
                .init(id: "feeds", path: "/aid/feeds", title: "place.feeds"),
                .init(id: "rules", path: "/aid/rules", title: "place.rules"),
                .init(
                    id: "audit", path: "/aid/audit", title: "place.audit", access: .roles(["auditor"], service: "aid")),
                .init(id: "jobs", path: "/aid/jobs", title: "place.jobs", access: AidContract.operating),
            ],
            resources: resources)
        self.database = database
        self.seal = seal
        self.actions = actions
        self.uploads = uploads
        self.signIn = signIn
        journal = AuditJournal(database: database)
    }

    /// What the reader may see.
    func scope(_ context: KitContext) throws -> Scope {
        try context.requireCaller().scope
    }

    func buildRouter() -> Router<KitContext> {
        routes().router(
            site: site, registry: registry, signIn: signIn, hosts: hosts, limits: limits,
            proxies: proxies)
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
        routes.on(AidContract.Pages.root) { _, _ in Response(status: .seeOther, headers: [.location: "/aid/"]) }
        DashboardPage(app: self).addRoutes(to: &routes)
        AlertPages(app: self).addRoutes(to: &routes)
        HouseholdPages(app: self).addRoutes(to: &routes)
        FeedPages(app: self).addRoutes(to: &routes)
        RunPages(app: self).addRoutes(to: &routes)
        RulePages(app: self).addRoutes(to: &routes)
        RescueEndpoints(app: self).addRoutes(to: &routes)
        HouseholdEndpoints(app: self).addRoutes(to: &routes)
        AlertEndpoints(app: self).addRoutes(to: &routes)
        RunEndpoints(app: self).addRoutes(to: &routes)
        FeedEndpoints(app: self).addRoutes(to: &routes)
        var kit = KitRoutes(
            contract: AidContract.kit, title: AidContract.title, endpoints: AidContract.all, site: site,
            database: database, journal: journal, registry: registry, signIn: signIn)
        let now = actions.now
        kit.inbox.on(TrainingMilestones.eventType) { event, db in
            try TrainingMilestones.handle(event, at: now(), in: db)
        }
        kit.add(to: &routes)
        return routes
    }
}
