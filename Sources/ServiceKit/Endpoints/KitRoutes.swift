package import Contracts
import Hummingbird
import NIOCore
package import SocialDomain
package import Storage

/// What every service has under its name besides its own: assets, health, metrics, audit, and the contract itself.
package struct KitRoutes: Sendable {
    private let contract: KitContract
    private let title: LocalizedText
    private let endpoints: [EndpointDescription]
    private let site: Site
    private let database: Database
    private let journal: AuditJournal
    private let registry: PrometheusRegistry
    private let watch: RevocationWatch
    /// What other services tell this one.
    package var inbox: Inbox
    /// What the service needs besides its database.
    package var dependencies: [Health.Dependency] = []

    package init(
        contract: KitContract, title: LocalizedText, endpoints: [EndpointDescription], site: Site, database: Database,
        journal: AuditJournal, registry: PrometheusRegistry, signIn: SignIn
    ) {
        self.contract = contract
        self.title = title
        self.endpoints = endpoints
        self.site = site
        self.database = database
        self.journal = journal
        self.registry = registry
        watch = RevocationWatch(signIn: signIn, database: database)
        inbox = KitWork.inbox(database)
    }

    package func add(to routes: inout RouteTable) {
        AuditPages(site: site, log: AuditLog(database: database), journal: journal, service: contract.service)
            .addRoutes(to: &routes)
        site.assets.addRoute(contract.asset, to: &routes)
        let database = database
        Health.addRoutes(
            to: &routes, contract, [.init("database") { try await database.check() }] + dependencies)
        registry.addRoute(contract.metrics, to: &routes)
        let watch = watch
        EventIntake(inbox: inbox, service: contract.service) { _ in await watch.refresh() }.addRoutes(to: &routes)
        EventPages(site: site, outbox: Outbox(database: database), inbox: inbox, service: contract.service)
            .addRoutes(to: &routes)
        JobPages(site: site, store: JobStore(database: database), service: contract.service).addRoutes(to: &routes)
        addContract(to: &routes)
    }

    private func addContract(to routes: inout RouteTable) {
        let document = OpenAPIDocument(title: title, version: "1", endpoints: endpoints)
        // A value of texts and numbers always encodes.
        let bytes = (try? JSONAnswer.bytes(document.json)) ?? ByteBuffer(string: "{}")
        routes.on(contract.contract) { _, _ in
            Response(
                status: .ok, headers: [.contentType: "application/json", .cacheControl: "public, max-age=60"],
                body: ResponseBody(byteBuffer: bytes))
        }
        let (site, manual) = (site, ContractManual(title: title, service: contract.service, endpoints: endpoints))
        routes.on(contract.manual) { request, context in
            site.page(manual.page(words: site.words(context)), request, context)
        }
    }
}
