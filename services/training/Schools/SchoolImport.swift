import Security
import ServiceKit
import SocialDomain
import Storage

/// Schools, instructors and programs from a table: every row is added, there already, or refused with its reason.
struct SchoolImport: Sendable {
    enum Kind: String, CaseIterable, Sendable {
        case schools
        case instructors
        case programs

        /// Fields of the form, and the school's code where a row belongs to one.
        var fields: [String] {
            switch self {
            case .schools: SchoolContent.fields
            case .instructors: ["schoolCode", "name", "number", "trades", "credential", "credentialUntil"]
            case .programs: ["schoolCode"] + ProgramContent.fields
            }
        }

        private var needed: Set<String> {
            switch self {
            case .schools: ["name", "creditCode", "division"]
            case .instructors: ["schoolCode", "name", "number"]
            case .programs: ["schoolCode", "title", "trade", "level", "hours", "price", "subsidy"]
            }
        }

        /// The first part of the words' keys.
        var area: String {
            switch self {
            case .schools: "school"
            case .instructors: "instructor"
            case .programs: "program"
            }
        }

        func columns(_ catalogue: Catalogue) -> [SheetFile.Column] {
            fields.map { field in
                let title = catalogue["\(area).field.\(field)"] ?? LocalizedText(zh: field, en: field)
                return SheetFile.Column(field: field, titles: [title.zh, title.en], isNeeded: needed.contains(field))
            }
        }
    }

    struct Refusal: Hashable, Sendable {
        let line: Int
        let field: String
        let reason: LocalizedText
    }

    struct Outcome: Hashable, Sendable {
        var added = 0
        /// The same was there before.
        var known = 0
        var refused: [Refusal] = []

        var read: Int { added + known + Set(refused.map(\.line)).count }
    }

    let kind: Kind
    let seal: LearnerSeal
    /// Whether the classification has an occupation.
    let knows: @Sendable (String) -> Bool

    /// In one transaction: what can be taken is taken, the rest is told line by line.
    func take(_ rows: [SheetFile.Row], _ desk: ChangeDesk) throws -> Outcome {
        var outcome = Outcome()
        for row in rows {
            guard let cells = row.cells else {
                outcome.refused.append(
                    Refusal(
                        line: row.line, field: "",
                        reason: LocalizedText(zh: "引号不成对，这一行读不出来。", en: "A quote is not closed.")))
                continue
            }
            do {
                if try take(cells, row, desk) { outcome.added += 1 } else { outcome.known += 1 }
            } catch let refusal as StepRefusal {
                for fault in refusal.pageFaults("") {
                    outcome.refused.append(Refusal(line: row.line, field: fault.field, reason: fault.message))
                }
            }
        }
        return outcome
    }

    /// - Returns: false where the same was there before.
    private func take(_ cells: [String: String], _ row: SheetFile.Row, _ desk: ChangeDesk) throws -> Bool {
        var fields = TypedFields { cells[$0] }
        switch kind {
        case .schools:
            let content = SchoolContent(&fields)
            guard let content, fields.faults.isEmpty else { throw StepRefusal.faults(fields.faults) }
            let isKnown =
                try desk.db.first("SELECT 1 AS one FROM school WHERE credit_code = \(content.creditCode)") != nil
            _ = try desk.makeSchool(content)
            return !isKnown
        case .instructors:
            fields = TypedFields { $0 == "isActive" ? "yes" : cells[$0] }
            let school = try school(cells, &fields, desk)
            let content = InstructorContent(&fields, knows: knows)
            let number = number(cells, row, &fields)
            guard let content, let school, let number else { throw StepRefusal.faults(fields.faults) }
            let index = seal.index(of: number)
            let isKnown =
                try desk.db.first(
                    "SELECT 1 AS one FROM instructor WHERE school_id = \(school) AND number_index = \(index)") != nil
            _ = try desk.addInstructor(content, number: number, seal: seal, to: school)
            return !isKnown
        case .programs:
            let levels = Dictionary(
                uniqueKeysWithValues: SkillLevel.allCases.flatMap { level in
                    [(level.title.zh, "\(level.rawValue)"), (level.title.en, "\(level.rawValue)")]
                })
            fields = TypedFields { field in
                field == "level" ? cells[field].map { levels[$0] ?? $0 } : cells[field]
            }
            let school = try school(cells, &fields, desk)
            let content = ProgramContent(&fields, knows: knows)
            guard let content, let school else { throw StepRefusal.faults(fields.faults) }
            let same = try desk.db.first(
                """
                SELECT 1 AS one FROM program WHERE school_id = \(school) AND title = \(content.title)
                    AND trade = \(content.trade) AND level = \(content.level.rawValue)
                """)
            guard same == nil else { return false }
            _ = try desk.makeProgram(content, for: school, key: nil)
            return true
        }
    }

    private func school(
        _ cells: [String: String], _ fields: inout TypedFields, _ desk: ChangeDesk
    ) throws -> Int64? {
        let typed = cells["schoolCode"] ?? ""
        let code: String
        do throws(UnifiedCreditCodeFault) {
            code = try UnifiedCreditCode(typed).text
        } catch {
            fields.fault("schoolCode", error.explanation)
            return nil
        }
        let row = try desk.db.first(
            "SELECT school_id FROM school WHERE credit_code = \(code) AND \(SQL.within(desk.scope, division: "division", school: "school_id"))"
        )
        guard let row else {
            fields.fault("schoolCode", "没有登记这所机构，或不在您的区划以内。", "No such school is on record in your division.")
            return nil
        }
        return try row.get("school_id")
    }

    private func number(
        _ cells: [String: String], _ row: SheetFile.Row, _ fields: inout TypedFields
    ) -> CitizenID? {
        guard !row.rounded.contains("number") else {
            fields.fault(
                "number", "表格软件把号码当数字四舍五入了；请把这一列设为文本再填。",
                "The spreadsheet has rounded the number: make the column text and type it again.")
            return nil
        }
        do throws(CitizenIDFault) {
            return try CitizenID(cells["number"] ?? "")
        } catch {
            fields.fault("number", error.explanation)
            return nil
        }
    }
}
