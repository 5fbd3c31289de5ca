package import Contracts
package import Security
import SocialDomain

/// Who asks: a person who signed in, another service, or this machine itself.
package struct Caller: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable {
        case person
        case service
        /// A command on this machine, or a service without sign-in.
        case system
    }

    package let kind: Kind
    /// The account's id or the service's name.
    package let id: String
    package let name: String
    package let scope: Scope
    /// The session that forms are bound to.
    package let session: String?
    /// Seconds since 1970.
    package let expires: Int64

    package init(
        kind: Kind, id: String, name: String, scope: Scope, session: String? = nil, expires: Int64 = .max
    ) {
        self.kind = kind
        self.id = id
        self.name = name
        self.scope = scope
        self.session = session
        self.expires = expires
    }

    /// May do everything: whoever can run commands on the machine can read its files anyway.
    package static let machine = Caller(kind: .system, id: "machine", name: "", scope: .ownMachine)

    /// Someone who has not signed in, for the log.
    package static let stranger = Caller(kind: .person, id: "", name: "", scope: .ownMachine)

    init?(_ claims: AccessClaims) {
        guard let scope = claims.scope else { return nil }
        self.init(
            kind: claims.kind == .person ? .person : .service, id: claims.sub, name: claims.name, scope: scope,
            session: claims.sid, expires: claims.exp)
    }
}

extension Access {
    package func allows(_ caller: Caller?) -> Bool {
        switch self {
        case .open: true
        case .signedIn: caller != nil
        case .services: caller.map { $0.kind != .person } ?? false
        case .roles(let roles, let service):
            caller.map { caller in
                caller.kind == .system || roles.contains { caller.scope.has($0, in: service) }
            } ?? false
        }
    }

    func check(_ context: KitContext) throws(Problem) {
        if allows(context.caller) { return }
        throw context.caller == nil ? .signInNeeded : .notAllowed
    }
}

extension KitContext {
    /// Whether an upload that must show its form's token does.
    func accepts(formToken given: String?) -> Bool {
        guard awaitsFormToken else { return true }
        guard let formToken, let given, formToken.utf8.count == given.utf8.count else { return false }
        return zip(formToken.utf8, given.utf8).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }

    package func requireCaller() throws(Problem) -> Caller {
        guard let caller else { throw .signInNeeded }
        return caller
    }
}
