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
}
