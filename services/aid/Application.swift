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
    /// Today in the service's zone: the day that a run looks from, unless another is asked for.
    var today: @Sendable () -> CalendarDate
    /// The rules that the next run will use, in words.
    var rules: @Sendable () async throws -> PublishedRules
    /// Takes in files that were uploaded together, the register's two or extracts, and says what became of each. It may
    /// move the files away; what it leaves is removed.
    var takeIn: @Sendable (_ files: [UploadedFile]) async throws -> [TakenFile]
    /// Takes a current file out of use.
    var removeFile: @Sendable (_ name: String) async throws -> Void
    /// Starts a run in the background and gives its id.
    var startRun: @Sendable (_ asOf: CalendarDate) async throws -> Int64
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
    /// What other services tell this one.
    var inbox: Inbox
    let registry = PrometheusRegistry()
    var limits = (account: RateLimit.account, address: RateLimit.address)
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
                .init(id: "jobs", path: "/aid/jobs", title: "place.jobs", access: .operating),
            ],
            resources: resources)
        self.database = database
        self.seal = seal
        self.actions = actions
        self.uploads = uploads
        self.signIn = signIn
        journal = AuditJournal(database: database)
        inbox = Inbox(database: database)
        inbox.on(AccountChanged.type) { event, db in try Revocations.handle(event, in: db) }
    }

    /// What the reader may see.
    func scope(_ context: KitContext) throws -> Scope {
        try context.requireCaller().scope
    }

    func buildRouter() -> Router<KitContext> {
        routes().router(middleware: [
            MetricsMiddleware(registry), FrontMiddleware(), ProblemMiddleware(site: site),
            GuardMiddleware(hosts: hosts),
            SignInMiddleware(signIn), RateLimitMiddleware(account: limits.account, address: limits.address),
        ])
    }

    /// What works beside the pages.
    func background(logger: Logger) async throws -> [any Service] {
        let watch = RevocationWatch(signIn: signIn, database: database, logger: logger)
        try await watch.load()
        return [
            watch,
            JobRunner(
                store: JobStore(database: database), handlers: [EventRetention.handler(database: database)],
                schedules: [EventRetention.schedule], logger: logger),
        ]
    }

    func routes() -> RouteTable {
        var routes = RouteTable()
        routes.get("/", .open) { _, _ in Response(status: .seeOther, headers: [.location: "/aid/"]) }
        DashboardPage(app: self).addRoutes(to: &routes)
        AlertPages(app: self).addRoutes(to: &routes)
        HouseholdPages(app: self).addRoutes(to: &routes)
        FeedPages(app: self).addRoutes(to: &routes)
        RunPages(app: self).addRoutes(to: &routes)
        RulePages(app: self).addRoutes(to: &routes)
        AuditPages(site: site, log: AuditLog(database: database), journal: journal, service: "aid")
            .addRoutes(to: &routes)
        let watch = RevocationWatch(signIn: signIn, database: database)
        EventIntake(inbox: inbox, service: "aid") { _ in await watch.refresh() }.addRoutes(to: &routes)
        EventPages(site: site, outbox: Outbox(database: database), inbox: inbox, service: "aid").addRoutes(to: &routes)
        JobPages(site: site, store: JobStore(database: database), service: "aid").addRoutes(to: &routes)
        site.assets.addRoutes(to: &routes)
        let database = database
        Health.addRoutes(to: &routes, prefix: "/aid/", [.init("database") { try await database.check() }])
        registry.addRoutes(to: &routes, service: "aid")
        return routes
    }
}

/// Who may do what in aid. A viewer sees; an officer works alerts and brings files; a reviewer decides; an operator also
/// runs.
extension Access {
    static let viewing = Access.roles(["viewer", "officer", "reviewer", "operator"], service: "aid")
    static let working = Access.roles(["officer", "reviewer"], service: "aid")
    static let importing = Access.roles(["officer", "operator"], service: "aid")
    static let operating = Access.roles(["operator"], service: "aid")
}
