import Contracts
import Hummingbird
import Security
import ServiceKit
import SocialDomain
import Storage

/// `/training/`: for citizens, what they can learn; for those who work here, what waits for them besides.
struct HomePage: Sendable {
    let app: TrainingApplication
    private static let most = 6

    func addRoutes(to routes: inout RouteTable) {
        routes.on(TrainingContract.home) { request, context in try await show(request, context) }
    }

    private func show(_ request: Request, _ context: KitContext) async throws -> Response {
        let view = CatalogueView(words: app.site.words(context), divisions: app.divisions)
        var page = Page("home", title: view.words["home.title"], lead: view.words["home.lead"], place: "home")
        let isStaff =
            context.caller != nil
            && (TrainingContract.viewing.allows(context.caller) || TrainingContract.hiring.allows(context.caller))
        page.layout = isStaff ? .work : .public
        let open = try await app.catalogue.find(CatalogueFilter(), trades: [], on: app.today).hits
        page.fields["cards"] = open.prefix(Self.most).map(view.card)
        if isStaff {
            let work = try await work(try context.requireCaller(), view.words)
            page.fields["isStaff"] = true
            page.fields["isQuiet"] = work.isEmpty
            page.fields["work"] = work
        }
        return app.site.page(page, request, context)
    }

    /// Whose work it is: nobody is led to a page that is not for them.
    private static let access: [String: Access] = [
        "approve": TrainingContract.enrollmentList.access, "classes": TrainingContract.classList.access,
        "claims": TrainingContract.claims.access, "needs": TrainingContract.needsPage.access,
        "applications": TrainingContract.hiring, "dues": TrainingContract.preparing,
    ]

    /// Counts of what waits, within the reader's division.
    private func work(_ caller: Caller, _ words: Words) async throws -> [Fields] {
        let today = app.today.description
        let counts = try await app.database.read { db -> [(name: String, href: String, count: Int)] in
            func count(_ sql: SQL) throws -> Int { try db.first(sql)?.get("n") ?? 0 }
            let (scope, division) = (caller.scope, caller.scope.division)
            let applications = SQL.applications(
                within: scope, home: "l.division", work: "v.division", employer: "v.employer_id")
            /// What only the bureau works on.
            func countOfBureau(_ sql: SQL) throws -> Int { OrganisationScope(scope) == .every ? try count(sql) : 0 }
            return [
                (
                    "approve", "/training/enrollments?state=applied",
                    try count(
                        """
                        SELECT count(*) AS n FROM enrollment e WHERE e.state = 'applied'
                            AND \(SQL.within(scope, division: "e.division", class: "e.class_id"))
                        """)
                ),
                (
                    "classes", "/training/classes?state=submitted",
                    try count(
                        """
                        SELECT count(*) AS n FROM training_class WHERE state = 'submitted'
                            AND \(SQL.within(scope, division: "division", school: "school_id"))
                        """)
                ),
                (
                    "claims", "/training/subsidies",
                    try count(
                        """
                        SELECT count(*) AS n FROM subsidy_claim WHERE state = 'submitted'
                            AND \(SQL.within(scope, division: "division", school: "school_id"))
                        """)
                ),
                (
                    "needs", "/training/needs",
                    try countOfBureau(
                        """
                        SELECT count(*) AS n FROM training_need WHERE state = 'open'
                            AND \(SQL.within(division, "division"))
                        """)
                ),
                (
                    "applications", "/training/employment",
                    try count(
                        """
                        SELECT count(*) AS n FROM job_application a JOIN learner l ON l.learner_id = a.learner_id
                        JOIN vacancy v ON v.vacancy_id = a.vacancy_id
                        WHERE a.state IN ('sent', 'interview') AND \(applications)
                        """)
                ),
                (
                    "dues", "/training/employment",
                    try countOfBureau(
                        """
                        SELECT count(*) AS n FROM retention_check r JOIN placement p ON p.placement_id = r.placement_id
                        WHERE r.done_on IS NULL AND r.due_on <= \(today) AND p.ended_on IS NULL
                            AND \(SQL.within(division, "p.division"))
                        """)
                ),
            ]
        }
        return counts.filter { $0.count > 0 && Self.access[$0.name]?.allows(caller) ?? false }.map {
            ["name": words["home.work.\($0.name)"], "href": $0.href, "count": "\($0.count)"]
        }
    }
}
