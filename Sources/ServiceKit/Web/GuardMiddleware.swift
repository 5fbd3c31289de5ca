import HTTPTypes
package import Hummingbird

/// The wall around a service: names of other hosts than its own are refused (against DNS rebinding), and so are forms that
/// another site's page sends (against cross-site requests).
package struct GuardMiddleware: RouterMiddleware {
    /// The names under which the service is reached besides loopback's, in small letters, without a port.
    private let hosts: Set<String>

    package init(hosts: Set<String> = []) {
        self.hosts = hosts
    }

    package func handle(
        _ request: Request, context: KitContext, next: (Request, KitContext) async throws -> Response
    ) async throws -> Response {
        // The first Host has become the authority; a second one stays behind (RFC 9112 §3.2).
        if request.headers.contains(where: { $0.name == .host }) { throw Problem.twoHosts }
        guard let authority = request.head.authority, Self.isLoopback(authority) || isOwn(authority) else {
            throw Problem.foreignHost
        }
        if !Self.isSafe(request.method) { try Self.checkOrigin(request, authority: authority) }
        return try await next(request, context)
    }

    private func isOwn(_ authority: String) -> Bool {
        hosts.contains(Self.host(of: authority).lowercased())
    }

    private static func host(of authority: String) -> Substring {
        guard let colon = authority.lastIndex(of: ":"),
            authority[authority.index(after: colon)...].allSatisfy(\.isASCIIDigit)
        else { return authority[...] }
        return authority[..<colon]
    }

    private static func isSafe(_ method: HTTPRequest.Method) -> Bool {
        method == .get || method == .head || method == .options
    }

    private static let usual = "127.0.0.1:"

    /// `localhost`, 127.0.0.0/8 or `[::1]`, with or without a port.
    package static func isLoopback(_ authority: String) -> Bool {
        if authority.utf8.starts(with: usual.utf8),
            authority.utf8.dropFirst(usual.utf8.count).allSatisfy({ (0x30...0x39).contains($0) })
        {
            return true
        }
        let host = host(of: authority)
        if host == "[::1]" || host.lowercased() == "localhost" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }

    /// A browser names the sender in `Origin` or `Sec-Fetch-Site`; a program that sends neither is no browser and rides
    /// on nobody's page.
    private static func checkOrigin(_ request: Request, authority: String) throws(Problem) {
        if let site = request.headers[.fetchSite], site != "same-origin", site != "none" {
            throw .crossSite
        }
        if let origin = request.headers[.origin], origin != "http://\(authority)", origin != "https://\(authority)" {
            throw .crossSite
        }
    }
}

extension Character {
    fileprivate var isASCIIDigit: Bool { isASCII && isWholeNumber }
}
