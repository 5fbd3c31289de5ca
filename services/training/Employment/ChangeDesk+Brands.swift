import Security
import ServiceKit
import SocialDomain
import Storage

/// Labour brands: their trades, their employers, and who counts for them.
extension ChangeDesk {
    /// - Parameter key: of the form: sent twice it makes one brand.
    func makeBrand(_ content: BrandContent, key: String?) throws -> Int64 {
        try requireScope(content.division)
        let row = try db.first(
            """
            INSERT INTO labour_brand (division, name, summary, state, form_key)
            VALUES (\(content.division), \(content.name), \(content.summary), \(content.state.rawValue), \(key))
            ON CONFLICT DO NOTHING RETURNING brand_id
            """)
        guard let row else {
            let made = try key.flatMap { try db.first("SELECT brand_id FROM labour_brand WHERE form_key = \($0)") }
            guard let made else { throw StepRefusal.faults([.brandNameTaken]) }
            let id: Int64 = try made.get("brand_id")
            guard try BrandQueries.brand(id, within: scope, in: db) != nil else { throw StepRefusal.unknown }
            return id
        }
        let id: Int64 = try row.get("brand_id")
        try setParts(of: id, content)
        try countPlacements(for: id, content)
        try note("brand.make", "brand:\(id)", division: content.division)
        return id
    }

    func saveBrand(_ id: Int64, _ content: BrandContent, version: Int64) throws {
        guard let brand = try BrandQueries.brand(id, within: scope, in: db) else { throw StepRefusal.unknown }
        guard brand.version == version else { throw StepRefusal.stale }
        try requireScope(content.division)
        let changed = content.differences(from: brand.content)
        if changed.isEmpty { return }
        let isTaken = try db.first(
            "SELECT 1 AS one FROM labour_brand WHERE name = \(content.name) AND brand_id <> \(id)")
        guard isTaken == nil else { throw StepRefusal.faults([.brandNameTaken]) }
        try db.execute(
            """
            UPDATE labour_brand SET division = \(content.division), name = \(content.name),
                summary = \(content.summary), state = \(content.state.rawValue), version = version + 1
            WHERE brand_id = \(id)
            """)
        try setParts(of: id, content)
        try countPlacements(for: id, content)
        try note("brand.edit", "brand:\(id)", division: content.division, changed.joined(separator: ", "))
    }

    private func setParts(of id: Int64, _ content: BrandContent) throws {
        try db.execute("DELETE FROM labour_brand_trade WHERE brand_id = \(id)")
        for trade in content.trades {
            try db.execute("INSERT INTO labour_brand_trade (brand_id, trade) VALUES (\(id), \(trade))")
        }
        try db.execute("DELETE FROM labour_brand_employer WHERE brand_id = \(id)")
        for named in content.employers {
            let known = try db.first("SELECT employer_id FROM employer WHERE credit_code = \(named.creditCode)")
            let employer: Int64
            if let known {
                employer = try known.get("employer_id")
            } else {
                guard !named.name.isEmpty else { throw StepRefusal.faults([.employerUnnamed(named.creditCode)]) }
                employer = try self.employer(named, division: content.division)
            }
            try db.execute(
                "INSERT INTO labour_brand_employer (brand_id, employer_id) VALUES (\(id), \(employer))")
        }
    }

    /// People of the brand's place who were placed in one of its trades under no brand count for it from now on.
    private func countPlacements(for id: Int64, _ content: BrandContent) throws {
        guard content.state == .active else { return }
        try db.execute(
            """
            UPDATE placement SET brand_id = \(id) WHERE brand_id IS NULL AND trade IN \(list: content.trades)
                AND \(SQL.within(DivisionCode(prefix: content.division), "division"))
            """)
    }
}

extension FieldFault {
    static let brandNameTaken = FieldFault(
        field: "name",
        message: LocalizedText(
            zh: "已有同名的劳务品牌，请换一个名称，或修改原有的那个。",
            en: "There is a brand of this name: take another, or change the one there is."))

    static func employerUnnamed(_ code: String) -> FieldFault {
        FieldFault(
            field: "employers",
            message: LocalizedText(
                zh: "\(code) 还没有登记，请在信用代码后空一格写上单位名称。",
                en: "\(code) is not known here yet: write the employer's name behind its code."))
    }
}
