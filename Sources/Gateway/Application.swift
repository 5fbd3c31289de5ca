import Contracts
import CurlHTTP
import Foundation
import Hummingbird
import Logging
import Security
import ServiceKit
import ServiceLifecycle
import SocialDomain
import Storage

/// The gateway's pages and the tokens it issues.
struct GatewayApplication: Sendable {
    /// A service that the portal leads to.
    struct Service: Hashable, Sendable {
        let name: String
        let address: String
    }

    let site: Site
    let database: Database
    let ring: FieldKeyRing
    let keys: SigningKeys
    let issuer: TokenIssuer
    let signIn: SignIn
    let signInPerson: SignInPerson
    let actions: AccountActions
    let journal: AuditJournal
    let registry = PrometheusRegistry()
    var limits = RateLimitMiddleware()
    /// Proxies in front.
    var proxies: Set<String> = []
    /// Services by name, with their addresses for browsers.
    var services: [Service] = []
    /// Names under which the gateway and its services are reached besides loopback's.
    var hosts: Set<String> = []
    var divisions = DivisionTree.innerMongolia
    /// Whether cookies are for TLS only.
    var isSecure = false
    let now: @Sendable () -> Int64

    /// - Parameter address: of this gateway as browsers reach it, `http://127.0.0.1:8100`.
    init(
        database: Database, ring: FieldKeyRing, keys: SigningKeys, address: String, cost: ScryptCost = .standard,
        now: @escaping @Sendable () -> Int64 = { Int64(Date().timeIntervalSince1970) }
    ) async throws {
        site = try Site(
            home: "/gateway/",
            places: [
                .init(id: "home", path: "/gateway/", title: "place.home"),
                .init(id: "account", path: "/gateway/account", title: "place.account"),
                .init(
                    id: "accounts", path: "/gateway/accounts", title: "place.accounts",
                    access: GatewayContract.administering),
                .init(
                    id: "audit", path: "/gateway/audit", title: "place.audit",
                    access: .roles(["auditor"], service: "gateway")),
                .init(
                    id: "jobs", path: "/gateway/jobs", title: "place.jobs",
                    access: .roles(["operator"], service: "gateway")),
            ],
            resources: Self.resources)
        self.database = database
        journal = AuditJournal(database: database)
        self.ring = ring
        self.keys = keys
        self.now = now
        issuer = try await TokenIssuer(keys)
        let verifier = try await TokenVerifier(jwks: [keys.jwks()])
        signIn = try SignIn(.tokens(verifier, gateway: address), formKey: keys.derived("forms"), now: now)
        signInPerson = try SignInPerson(database: database, ring: ring, cost: cost)
        actions = AccountActions(database: database, ring: ring, cost: cost)
        isSecure = address.hasPrefix("https:")
    }

    static var resources: String { Bundle.module.bundlePath + "/Resources" }

    var accounts: AccountStore { AccountStore(database: database) }
    var sessions: SessionStore { SessionStore(database: database) }
    var outbox: Outbox { Outbox(database: database) }

    func routes() -> RouteTable {
        var routes = RouteTable()
        routes.on(GatewayContract.Pages.root) { _, _ in Response(status: .seeOther, headers: [.location: "/gateway/"]) }
        SignInPages(app: self).addRoutes(to: &routes)
        OwnPages(app: self).addRoutes(to: &routes)
        AccountPages(app: self).addRoutes(to: &routes)
        KitRoutes(
            contract: GatewayContract.kit, title: GatewayContract.title, endpoints: GatewayContract.all, site: site,
            database: database, journal: journal, registry: registry, signIn: signIn
        ).add(to: &routes)
        return routes
    }

    func buildRouter() -> Router<KitContext> {
        routes().router(
            site: site, registry: registry, signIn: signIn, hosts: hosts, limits: limits, formTargets: formTargets,
            proxies: proxies)
    }

    /// After sign-in a browser is led on to the service that it came from; a form may go no further.
    private var formTargets: [String] {
        let own = isSecure ? [] : ["http://127.0.0.1:*", "http://localhost:*"]
        return own + hosts.sorted().map { "\(isSecure ? "https" : "http")://\($0):*" }
    }

    /// What works beside the pages; the services are told of changed accounts.
    func background(_ client: HTTPClient, logger: Logger) async throws -> [any ServiceLifecycle.Service] {
        try await outbox.setReceivers(
            services.map { service in
                EventReceiver(
                    name: service.name, address: "\(service.address)/\(service.name)", types: [AccountChanged.type])
            })
        let sender = EventSender(
            service: "gateway", outbox: outbox, transport: .http(client, tokens: ServiceTokens(issuer)),
            metrics: registry, logger: logger)
        return try await KitWork.services(signIn: signIn, database: database, logger: logger) + [sender]
    }

    /// A token for a session's account. It may be from the next second, where older ones were taken within this one.
    func token(for account: Account, session: String) async throws -> String {
        let issuedAt = max(now(), try await Revocations.second(of: account.id, in: database) ?? 0)
        return try await issuer.sign(
            AccessClaims(
                issuer: issuer.issuer, subject: account.id, name: account.name, kind: .person,
                roles: account.effectiveRoles, division: account.division.prefix,
                organisation: account.organisation, session: session, issuedAt: issuedAt))
    }
}
