import Foundation
import Security
import ServiceKit
import SocialDomain
import Storage

/// Plates in the database. Everyone reads one by its code; lists and changes stay within a scope's division.
struct PlateStore: Sendable {
    let database: Database

    // MARK: - Reading

    /// Nil where no plate has the code.
    func plate(_ code: PlateCode) async throws -> Plate? {
        try await database.read { db in try Self.plate(code.text, in: db) }
    }

    /// For those who look after it.
    func plate(_ code: String, within scope: Scope) async throws -> Plate? {
        try await database.read { db in try Self.plate(code, within: scope, in: db) }
    }

    /// The plate that stands for a moved or replaced one now; successors are always newer, so the way ends.
    func latest(after plate: Plate) async throws -> Plate? {
        try await database.read { db in
            var current = plate
            while let next = current.successor {
                guard let following = try Self.plate(next, in: db) else { return nil }
                current = following
            }
            return current == plate ? nil : current
        }
    }

    struct Filter: Hashable, Sendable {
        var kind: Plate.Kind?
        var state: Plate.State?
        /// A part of the name, the address or the code.
        var text = ""
    }

    func list(_ filter: Filter, within scope: Scope, after code: String?, limit: Int) async throws -> [Plate] {
        var conditions: [SQL] = [SQL.within(scope.division, "division")]
        if let kind = filter.kind { conditions.append("kind = \(kind.rawValue)") }
        if let state = filter.state { conditions.append("state = \(state.rawValue)") }
        if !filter.text.isEmpty {
            let escaped = filter.text.replacing("\\", with: "\\\\").replacing("%", with: "\\%").replacing(
                "_", with: "\\_")
            let pattern = "%\(escaped)%"
            let code = "%\(escaped.uppercased().filter { $0 != "-" && $0 != " " })%"
            conditions.append(
                "(name LIKE \(pattern) ESCAPE '\\' OR address LIKE \(pattern) ESCAPE '\\' OR code LIKE \(code) ESCAPE '\\')"
            )
        }
        if let code { conditions.append("code > \(code)") }
        let condition = conditions.joined(by: " AND ")
        return try await database.read { db in
            try db.rows("SELECT * FROM plate WHERE \(condition) ORDER BY code LIMIT \(limit)").map(Self.plate)
        }
    }

    /// The plates of a print sheet, in the order asked for.
    func plates(_ codes: [String], within scope: Scope) async throws -> [Plate] {
        let inScope = SQL.within(scope.division, "division")
        let found = try await database.read { db in
            try db.rows("SELECT * FROM plate WHERE code IN \(list: codes) AND \(inScope)").map(Self.plate)
        }
        let byCode = Dictionary(uniqueKeysWithValues: found.map { ($0.code, $0) })
        return codes.compactMap { byCode[$0] }
    }

    /// The nearest hall or village window to a plate: by distance where both places are known, else the hall of the
    /// smallest division around it.
    func window(near plate: Plate) async throws -> (plate: Plate, metres: Int?)? {
        let (code, division) = (plate.code, plate.content.division)
        guard let position = plate.content.position else {
            let above = division.prefixes
            return try await database.read { db in
                try db.first(
                    """
                    SELECT * FROM plate WHERE state = 'active' AND kind = 'hall' AND code <> \(code)
                        AND division IN \(list: above) ORDER BY length(division) DESC, code LIMIT 1
                    """
                ).map { (try Self.plate($0), nil) }
            }
        }
        // Over some kilometres the earth is flat; east and west shrink with the latitude.
        let (north, east) = (position.latitude, position.longitude)
        let shrink = cos(north * .pi / 180) * cos(north * .pi / 180)
        return try await database.read { db in
            try db.first(
                """
                SELECT * FROM plate WHERE state = 'active' AND kind IN ('hall', 'village') AND latitude IS NOT NULL
                    AND code <> \(code)
                ORDER BY (latitude - \(north)) * (latitude - \(north))
                    + (longitude - \(east)) * (longitude - \(east)) * \(shrink), code LIMIT 1
                """
            ).map { row in
                let window = try Self.plate(row)
                return (window, window.content.position.map { Int(Self.metres(position, $0).rounded()) })
            }
        }
    }

    /// Along the great circle (haversine), on a sphere of 6,371 km.
    static func metres(_ one: Position, _ other: Position) -> Double {
        let radians = Double.pi / 180
        let north = (other.latitude - one.latitude) * radians
        let east = (other.longitude - one.longitude) * radians
        let half =
            sin(north / 2) * sin(north / 2) + cos(one.latitude * radians) * cos(other.latitude * radians)
            * sin(east / 2) * sin(east / 2)
        return 2 * 6_371_000 * asin(min(1, half.squareRoot()))
    }

    static func plate(_ code: String, within scope: Scope = .ownMachine, in db: Connection) throws -> Plate? {
        try db.first("SELECT * FROM plate WHERE code = \(code) AND \(SQL.within(scope.division, "division"))")
            .map(plate)
    }

    static func plate(_ row: Row) throws -> Plate {
        let digits: String = try row.get("division")
        guard let kind = Plate.Kind(rawValue: try row.get("kind")),
            let state = Plate.State(rawValue: try row.get("state")), let division = DivisionCode(prefix: digits)
        else { throw DatabaseFault.damaged }
        var position: Position?
        if let longitude = try row.get("longitude", as: Double?.self),
            let latitude = try row.get("latitude", as: Double?.self)
        {
            position = Position(longitude: longitude, latitude: latitude)
        }
        return Plate(
            code: try row.get("code"),
            content: PlateContent(
                kind: kind, name: try row.get("name"), trade: try row.get("trade"), address: try row.get("address"),
                division: division, position: position, helperName: try row.get("helper_name"),
                helperPhone: try row.get("helper_phone")),
            state: state, successor: try row.get("successor"), changedAt: try row.get("changed_at"),
            version: try row.get("version"))
    }
}
