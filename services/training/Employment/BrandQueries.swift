import Security
import SocialDomain
import Storage

/// Labour brands as staff find them, within their division, and the brand that a placement counts for.
enum BrandQueries {
    private static let columns: SQL = """
        b.*, (SELECT count(*) FROM placement p WHERE p.brand_id = b.brand_id) AS placed FROM labour_brand b
        """

    /// By name.
    static func brands(after: String, limit: Int, within scope: Scope, in db: Connection) throws -> [LabourBrand] {
        try db.rows(
            """
            SELECT \(columns) WHERE b.name > \(after) AND \(SQL.within(scope.division, "b.division"))
            ORDER BY b.name LIMIT \(limit)
            """
        ).map { try brand($0, in: db) }
    }

    static func brand(_ id: Int64, within scope: Scope, in db: Connection) throws -> LabourBrand? {
        try db.first("SELECT \(columns) WHERE b.brand_id = \(id) AND \(SQL.within(scope.division, "b.division"))")
            .map { try brand($0, in: db) }
    }

    private static func brand(_ row: Row, in db: Connection) throws -> LabourBrand {
        let id: Int64 = try row.get("brand_id")
        let trades = try db.rows("SELECT trade FROM labour_brand_trade WHERE brand_id = \(id) ORDER BY trade")
        let employers = try db.rows(
            """
            SELECT m.credit_code, m.name FROM labour_brand_employer e JOIN employer m ON m.employer_id = e.employer_id
            WHERE e.brand_id = \(id) ORDER BY m.credit_code
            """)
        let content = try BrandContent(
            row, trades: try trades.map { try $0.get("trade") },
            employers: try employers.map {
                NamedEmployer(creditCode: try $0.get("credit_code"), name: try $0.get("name"))
            })
        return LabourBrand(id: id, content: content, placed: try row.get("placed"), version: try row.get("version"))
    }

    /// The brand of somebody from `home` who begins in a trade: one of that place; where there are several, the one that has
    /// the employer, then the one of the smaller place, then the elder.
    static func brand(
        of trade: String, employer: Int64?, home: DivisionCode, in db: Connection
    ) throws -> Int64? {
        let brands = try db.rows(
            """
            SELECT b.brand_id, b.division, (SELECT count(*) FROM labour_brand_employer e
                WHERE e.brand_id = b.brand_id AND e.employer_id = \(employer)) AS hires
            FROM labour_brand b JOIN labour_brand_trade t ON t.brand_id = b.brand_id
            WHERE t.trade = \(trade) AND b.state = 'active' ORDER BY b.brand_id
            """
        ).compactMap { row -> (id: Int64, hires: Int, depth: Int)? in
            let division: String = try row.get("division")
            guard let code = DivisionCode(prefix: division), code.contains(home) else { return nil }
            return (try row.get("brand_id"), try row.get("hires"), division.utf8.count)
        }
        return brands.max { ($0.hires, $0.depth, $1.id) < ($1.hires, $1.depth, $0.id) }?.id
    }
}
