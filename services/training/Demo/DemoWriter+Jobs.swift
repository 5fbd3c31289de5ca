import SocialDomain
import Storage

extension DemoWriter {
    func writeJobs() throws {
        let jobs = year.jobs
        try db.load(
            into: "employer", columns: ["employer_id", "credit_code", "name", "division", "address", "phone"]
        ) { rows in
            for (index, employer) in jobs.employers.enumerated() {
                try rows.add(
                    id(index), employer.creditCode, employer.name, employer.division, "演示大街 \(index + 11) 号",
                    "0476-555\(2000 + index)")
            }
        }
        try db.load(
            into: "vacancy",
            columns: [
                "vacancy_id", "employer_id", "division", "title", "trade", "level", "places", "filled", "pay_from",
                "pay_to", "description", "open_until",
            ]
        ) { rows in
            for (index, vacancy) in jobs.vacancies.enumerated() {
                let trade = DemoTrade.all[vacancy.trade]
                try rows.add(
                    id(index), id(vacancy.employer), jobs.employers[vacancy.employer].division, trade.title, trade.code,
                    index % 3 == 0 ? trade.level.rawValue : 0, vacancy.places, vacancy.filled, vacancy.payFrom,
                    vacancy.payTo, "签订劳动合同，缴纳社会保险，可安排食宿。", vacancy.openUntil.description)
            }
        }
        try db.load(into: "labour_brand", columns: ["brand_id", "division", "name", "summary"]) { rows in
            for (index, brand) in jobs.brands.enumerated() {
                try rows.add(id(index), year.county.text, brand.name, brand.zh)
            }
        }
        try db.load(into: "labour_brand_trade", columns: ["brand_id", "trade"]) { rows in
            for (index, brand) in jobs.brands.enumerated() {
                for trade in brand.trades { try rows.add(id(index), DemoTrade.all[trade].code) }
            }
        }
        try db.load(into: "labour_brand_employer", columns: ["brand_id", "employer_id"]) { rows in
            for (index, brand) in jobs.brands.enumerated() {
                for employer in brand.employers { try rows.add(id(index), id(employer)) }
            }
        }
        try writeApplications(jobs)
        try writePlacements(jobs)
    }

    private func writeApplications(_ jobs: DemoJobs) throws {
        try db.load(
            into: "job_application",
            columns: [
                "application_id", "vacancy_id", "learner_id", "state", "refusal", "created_at", "changed_at",
            ]
        ) { rows in
            for (index, application) in jobs.applications.enumerated() {
                try rows.add(
                    id(index), id(application.vacancy), id(application.learner), application.state,
                    application.refusal?.rawValue, moment(application.on), moment(application.changed))
            }
        }
    }

    private func writePlacements(_ jobs: DemoJobs) throws {
        try db.load(
            into: "placement",
            columns: [
                "placement_id", "learner_id", "division", "enrollment_id", "employer_id", "vacancy_id", "brand_id",
                "trade", "started_on", "ended_on", "ended_why", "monthly_income", "evidence", "created_at",
            ]
        ) { rows in
            for (index, placement) in jobs.placements.enumerated() {
                let enrollment = year.enrollments[placement.enrollment]
                let trade = DemoTrade.all[year.classes[enrollment.classIndex].trade]
                try rows.add(
                    id(index), id(enrollment.learner), year.learners[enrollment.learner].division.text,
                    id(placement.enrollment), placement.employer.map(id), placement.vacancy.map(id),
                    placement.brand.map(id), trade.code, placement.startedOn.description,
                    placement.endedOn?.description, placement.endedWhy?.rawValue, placement.income,
                    placement.employer == nil ? "营业执照" : "劳动合同", moment(placement.startedOn))
            }
        }
        try db.load(
            into: "retention_check",
            columns: ["placement_id", "month", "due_on", "done_on", "outcome", "monthly_income", "checked_by"]
        ) { rows in
            for (index, placement) in jobs.placements.enumerated() {
                for check in placement.checks {
                    try rows.add(
                        id(index), Int64(check.month), check.due.description, check.doneOn?.description,
                        check.outcome?.rawValue, check.income, check.doneOn == nil ? nil : Self.officer)
                }
            }
        }
    }

    // MARK: Money

    func writeMoney() throws {
        let money = year.money
        try db.load(into: "budget", columns: ["division", "year", "amount", "committed"]) { rows in
            for (number, budget) in money.budgets.sorted(by: { $0.key < $1.key }) {
                try rows.add(year.county.text, Int64(number), budget.amount, budget.committed)
            }
        }
        try db.load(
            into: "subsidy_claim",
            columns: [
                "claim_id", "class_id", "school_id", "division", "year", "state", "total", "submitted_by",
                "submitted_at", "decided_by", "decided_at", "notice_from", "notice_until",
            ]
        ) { rows in
            for claim in money.claims {
                let course = year.classes[claim.classIndex]
                let isDecided = claim.state != "submitted"
                try rows.add(
                    claim.id, id(claim.classIndex), id(year.lanes[course.lane].school), year.county.text,
                    Int64(course.end.year), claim.state, claim.total, Self.officer, moment(claim.submittedOn),
                    isDecided ? Self.reviewer : nil, isDecided ? moment(claim.decidedOn) : nil,
                    isDecided ? claim.decidedOn.description : nil,
                    isDecided ? claim.decidedOn.adding(days: 4).description : nil)
            }
        }
        try db.load(
            into: "subsidy_line",
            columns: [
                "claim_id", "enrollment_id", "learner_id", "trade", "level", "year", "kind", "amount", "refused_by",
                "evidence", "is_counted",
            ]
        ) { rows in
            for claim in money.claims {
                let course = year.classes[claim.classIndex]
                let trade = DemoTrade.all[course.trade]
                for line in claim.lines {
                    let enrollment = year.enrollments[line.enrollment]
                    let certificate = enrollment.certificate.map { "\"\($0)\"" } ?? "null"
                    try rows.add(
                        claim.id, id(line.enrollment), id(enrollment.learner), trade.code, trade.level.rawValue,
                        Int64(course.end.year), line.kind, line.amount, line.refusedBy,
                        "{\"attendance\":\(enrollment.attended),\"certificate\":\(certificate)}",
                        Int64(line.isCounted ? 1 : 0))
                }
            }
        }
        try writePayments(money)
        try db.load(
            into: "ledger_entry",
            columns: ["entry_id", "side", "account", "amount", "kind", "reference", "posted_at"]
        ) { rows in
            for entry in money.entries {
                try rows.add(
                    entry.id, Int64(1), entry.debit, entry.amount, entry.kind, entry.reference, moment(entry.on))
                try rows.add(
                    entry.id, Int64(2), entry.credit, -entry.amount, entry.kind, entry.reference, moment(entry.on))
            }
        }
    }

    /// A payment file for each month.
    private func writePayments(_ money: DemoMoney) throws {
        let paid = Dictionary(grouping: money.claims.filter { $0.state == "paid" && $0.total > 0 }) {
            "demo-\($0.paidOn.description.prefix(7))"
        }.sorted { $0.key < $1.key }
        try db.load(
            into: "payment_batch",
            columns: ["batch_id", "division", "state", "total", "made_by", "made_at", "settled_at"]
        ) { rows in
            for (batch, claims) in paid {
                let last = claims.map(\.paidOn).max() ?? DemoYear.lastDay
                try rows.add(
                    batch, year.county.text, "settled", claims.reduce(0) { $0 + $1.total }, Self.officer, moment(last),
                    moment(last))
            }
        }
        try db.load(
            into: "payment",
            columns: ["payment_id", "batch_id", "claim_id", "payee", "learner_id", "amount", "state", "settled_on"]
        ) { rows in
            for (batch, claims) in paid {
                for claim in claims {
                    for payment in money.payments(of: claim) {
                        try rows.add(
                            payment.id, batch, claim.id, payment.enrollment == nil ? "school" : "learner",
                            payment.enrollment.map { id(year.enrollments[$0].learner) }, payment.amount, "paid",
                            claim.paidOn.description)
                    }
                }
            }
        }
    }
}
