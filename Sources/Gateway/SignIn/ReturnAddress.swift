import Foundation
import ServiceKit

/// Where a reader goes on after sign-in: an address on this host or one of its own names, and no other (an open redirect
/// would lend our name to any site).
enum ReturnAddress {
    static let home = "/gateway/"

    /// - Parameters:
    ///   - text: as the service gave it, absolute.
    ///   - authority: the name that the gateway was asked under.
    ///   - hosts: names of its services.
    static func checked(_ text: String?, authority: String, hosts: Set<String>) -> String {
        guard let text, text.utf8.count <= 2000, text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != 0x5C }),
            let parts = URLComponents(string: text), parts.scheme == "http" || parts.scheme == "https",
            parts.user == nil, parts.password == nil, let host = parts.host?.lowercased(), parts.path.hasPrefix("/")
        else { return home }
        let own = URLComponents(string: "http://\(authority)")?.host?.lowercased()
        return host == own || hosts.contains(host) ? text : home
    }
}
