import CPostgres

/// A PostgreSQL address in its parts, for the server's own programs: what everyone on the machine may see on their command line, and what
/// they may be told through their environment only.
struct ConnectionOptions: Hashable {
    /// `host='…' user='…'`, with libpq's quoting.
    let open: String
    /// `PGPASSWORD`, where the address holds a password.
    let secret: [String: String]

    init(_ target: String) throws(DatabaseFault) {
        var message: UnsafeMutablePointer<CChar>?
        guard let options = PQconninfoParse(target, &message) else {
            PQfreemem(message)
            throw .badAddress
        }
        defer { PQconninfoFree(options) }
        var open: [String] = []
        var secret: [String: String] = [:]
        var next = options
        while let keyword = next.pointee.keyword {
            let option = next.pointee
            next += 1
            guard let text = option.val.map({ String(cString: $0) }) else { continue }
            let name = String(cString: keyword)
            // libpq marks what must not be shown with a star.
            if option.dispchar.map({ String(cString: $0) }) == "*" {
                guard let variable = option.envvar.map({ String(cString: $0) }) else {
                    throw .backupFailed("\(name) cannot be handed to pg_dump safely: leave it out of the address")
                }
                secret[variable] = text
            } else {
                let quoted = text.replacing("\\", with: "\\\\").replacing("'", with: "\\'")
                open.append("\(name)='\(quoted)'")
            }
        }
        self.open = open.joined(separator: " ")
        self.secret = secret
    }
}
