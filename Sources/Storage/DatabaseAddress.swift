import Foundation

/// Where a database is: `sqlite:///path/to/file` or `postgres://user:password@host/name?option=value`.
///
/// Its description leaves the password out.
package struct DatabaseAddress: Hashable, Sendable, CustomStringConvertible {
    package let engine: Engine
    /// A file's path, or what libpq takes as a connection URI.
    let target: String

    package init(_ text: String) throws(DatabaseFault) {
        if text.hasPrefix("sqlite:///") {
            guard let path = String(text.dropFirst("sqlite://".count)).removingPercentEncoding, path.count > 1 else {
                throw .badAddress
            }
            engine = .sqlite
            target = path
        } else if text.hasPrefix("postgres://") || text.hasPrefix("postgresql://") {
            engine = .postgres
            target = text
        } else {
            throw .badAddress
        }
    }

    package init(sqliteFile path: String) {
        engine = .sqlite
        target = path
    }

    package var description: String {
        guard engine == .postgres else { return "sqlite://" + target }
        guard var parts = URLComponents(string: target) else { return "postgres://…" }
        // Options may hold a password too (`?password=`).
        parts.query = nil
        parts.password = nil
        return parts.string ?? "postgres://…"
    }
}
