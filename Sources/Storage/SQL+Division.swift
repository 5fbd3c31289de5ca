package import SocialDomain

extension SQL {
    /// The condition that a column's division code lies in a subtree; always true without one.
    ///
    /// Codes that begin with no province of GB/T 2260 (11 to 82) belong to no township: whoever answers for a whole
    /// province or region sees those too.
    package static func within(_ division: DivisionCode?, _ column: SQL) -> SQL {
        guard let division else { return "1 = 1" }
        let prefix = division.prefix
        let inside: SQL = "\(column) >= \(prefix) AND \(column) < \(prefix + ":")"
        return division.level == .province ? "(\(inside) OR \(column) < '11' OR \(column) >= '83')" : inside
    }
}
