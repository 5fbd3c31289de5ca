import Security
import ServiceKit
import SocialDomain
import Storage

/// Employers and their vacancies.
extension ChangeDesk {
    func requireScope(_ division: String) throws {
        guard let code = DivisionCode(prefix: division), scope.contains(code) else {
            throw StepRefusal.faults([.outside])
        }
    }

    // MARK: - Employers

    /// The employer's number; one that is new here is entered under the name that was typed.
    ///
    /// - Parameter isHiring: a suspended employer hires nobody, but people may work there already.
    func employer(_ named: NamedEmployer, division: String, isHiring: Bool = true) throws -> Int64 {
        try db.execute(
            """
            INSERT INTO employer (credit_code, name, division) VALUES (\(named.creditCode), \(named.name), \(division))
            ON CONFLICT (credit_code) DO NOTHING
            """)
        let row = try db.first("SELECT * FROM employer WHERE credit_code = \(named.creditCode)")
        guard let employer = try row.map({ try Employer($0) }) else { throw DatabaseFault.damaged }
        let same = TextForm.folded(employer.content.name) == TextForm.folded(named.name)
        guard same else { throw StepRefusal.faults([.otherName(employer.content.name)]) }
        guard !isHiring || employer.content.state == .active else { throw StepRefusal.faults([.employerSuspended]) }
        return employer.id
    }

    func saveEmployer(_ id: Int64, _ content: EmployerContent, version: Int64) throws {
        guard let employer = try EmploymentQueries.employer(id, within: scope, in: db) else {
            throw StepRefusal.unknown
        }
        guard employer.version == version else { throw StepRefusal.stale }
        try requireScope(content.division)
        if OrganisationScope(scope) != .every {
            var contact = employer.content
            (contact.address, contact.phone) = (content.address, content.phone)
            guard OrganisationScope(scope) == .one(employer.creditCode), contact == content else {
                throw StepRefusal.unknown
            }
        }
        if employer.content == content { return }
        try db.execute(
            """
            UPDATE employer SET name = \(content.name), division = \(content.division), address = \(content.address),
                phone = \(content.phone), state = \(content.state.rawValue), version = version + 1
            WHERE employer_id = \(id)
            """)
        let changed = EmployerContent.fields.filter { employer.content.value($0) != content.value($0) }
        try note("employer.edit", "employer:\(id)", division: content.division, changed.joined(separator: ", "))
    }

    // MARK: - Vacancies

    /// - Parameter key: of the form: sent twice it makes one vacancy.
    /// - Returns: the employer's number.
    func makeVacancy(_ content: VacancyContent, at named: NamedEmployer, key: String?) throws -> Int64 {
        try requireScope(content.division)
        switch OrganisationScope(scope) {
        case .every: break
        case .one(named.creditCode): break
        case .one, .none: throw StepRefusal.faults([.otherEmployer])
        }
        guard content.openUntil >= today else { throw StepRefusal.faults([.openUntilPast]) }
        let employer = try employer(named, division: content.division)
        let row = try db.first(
            """
            INSERT INTO vacancy (employer_id, division, title, trade, level, places, pay_from, pay_to, description,
                open_until, form_key)
            VALUES (\(employer), \(content.division), \(content.title), \(content.trade), \(content.level),
                \(content.places), \(content.payFrom?.fen), \(content.payTo?.fen), \(content.description),
                \(content.openUntil.description), \(key)) ON CONFLICT (form_key) DO NOTHING
            RETURNING vacancy_id
            """)
        guard let row else { return employer }
        let id: Int64 = try row.get("vacancy_id")
        try note("vacancy.make", "vacancy:\(id)", division: content.division)
        return employer
    }

    private func vacancy(_ id: Int64, version: Int64) throws -> Vacancy {
        guard let vacancy = try EmploymentQueries.vacancy(id, within: scope, in: db) else { throw StepRefusal.unknown }
        guard vacancy.version == version else { throw StepRefusal.stale }
        return vacancy
    }

    /// People who are placed keep their places: there cannot be fewer than that.
    func saveVacancy(_ id: Int64, _ content: VacancyContent, version: Int64) throws {
        let vacancy = try vacancy(id, version: version)
        try requireScope(content.division)
        guard content.places >= vacancy.filled else { throw StepRefusal.faults([.placesFilled(vacancy.filled)]) }
        if vacancy.content == content { return }
        guard content.openUntil >= today || content.openUntil == vacancy.content.openUntil else {
            throw StepRefusal.faults([.openUntilPast])
        }
        try db.execute(
            """
            UPDATE vacancy SET division = \(content.division), title = \(content.title), trade = \(content.trade),
                level = \(content.level), places = \(content.places), pay_from = \(content.payFrom?.fen),
                pay_to = \(content.payTo?.fen), description = \(content.description),
                open_until = \(content.openUntil.description), version = version + 1
            WHERE vacancy_id = \(id)
            """)
        let changed = VacancyContent.fields.filter { vacancy.content.value($0) != content.value($0) }
        try note("vacancy.edit", "vacancy:\(id)", division: content.division, changed.joined(separator: ", "))
    }

    /// A closed vacancy takes no applications; those that wait are decided as before.
    func setVacancy(_ id: Int64, isOpen: Bool, version: Int64) throws {
        guard let now = try EmploymentQueries.vacancy(id, within: scope, in: db) else { throw StepRefusal.unknown }
        if now.isOpen == isOpen { return }
        let vacancy = try vacancy(id, version: version)
        try db.execute(
            """
            UPDATE vacancy SET state = \(isOpen ? "open" : "closed"), version = version + 1 WHERE vacancy_id = \(id)
            """)
        try note(isOpen ? "vacancy.open" : "vacancy.close", "vacancy:\(id)", division: vacancy.content.division)
    }
}

extension FieldFault {
    static let employerSuspended = FieldFault(
        field: "creditCode",
        message: LocalizedText(
            zh: "这个单位已暂停招聘，请先在单位页面恢复。", en: "This employer is suspended: resume it on its page first."))
    static func otherName(_ name: String) -> FieldFault {
        FieldFault(
            field: "employer",
            message: LocalizedText(
                zh: "这个信用代码登记的是“\(name)”。请核对代码；名称改了的，先在单位页面修改。",
                en:
                    "This credit code belongs to “\(name)”: check the code, or change the name on the employer's page first."
            ))
    }

    static let otherEmployer = FieldFault(
        field: "creditCode",
        message: LocalizedText(
            zh: "用人单位的账号只能登记本单位的岗位。", en: "An employer's account enters its own vacancies only."))
    static let openUntilPast = FieldFault(
        field: "openUntil", message: LocalizedText(zh: "截止日期不能早于今天。", en: "Not before today."))

    static func placesFilled(_ count: Int64) -> FieldFault {
        FieldFault(
            field: "places",
            message: LocalizedText(
                zh: "已录用 \(count) 人，人数不能更少。", en: "\(count) are placed already: not fewer than that."))
    }
}
