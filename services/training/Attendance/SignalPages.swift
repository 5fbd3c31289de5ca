import Contracts
import Hummingbird
import ServiceKit
import SocialDomain

/// Signals for the inspector: a list, and each with its evidence and what was found.
struct SignalPages: Sendable {
    let app: TrainingApplication
    private static let path = "/training/signals"
    /// Days that are shown where no others are asked for.
    private static let usualDays = 30
    private static let mostDays = 370
    private static let most = 200

    private var store: SignalStore { SignalStore(database: app.database) }

    func addRoutes(to routes: inout RouteTable) {
        routes.on(TrainingContract.attendanceSignals) { request, context in try await list(request, context) }
        routes.on(TrainingContract.attendanceSignal) { request, context in
            let query = QueryItems(request.uri.query ?? "")
            return try await show(request, context, query["kind"], query["place"], typed: nil, refusal: nil)
        }
        routes.on(TrainingContract.decideSignal) { request, context in try await decide(request, context) }
    }

    private func filter(_ query: QueryItems) -> SignalStore.Filter {
        let until = query["to"].flatMap { CalendarDate(iso8601: $0) } ?? app.today
        let from = query["from"].flatMap { CalendarDate(iso8601: $0) } ?? until.adding(days: 1 - Self.usualDays)
        return SignalStore.Filter(
            kind: query["kind"].flatMap(AttendanceSignal.Kind.init),
            from: max(from, until.adding(days: -Self.mostDays)), until: until)
    }

    private func list(_ request: Request, _ context: KitContext) async throws -> Response {
        let words = app.site.words(context)
        let query = QueryItems(request.uri.query ?? "")
        let filter = filter(query)
        let state = query["state"] ?? "open"
        let all = try await store.signals(filter, within: try context.requireCaller().scope)
        let chosen = all.filter { signal in
            switch state {
            case "open": signal.isOpen
            case "all": true
            default: !signal.isOpen && signal.finding?.outcome.rawValue == state
            }
        }
        var page = Page("signals", title: words["signal.title"], lead: words["signal.lead"], place: "signals")
        page.fields = table(Array(chosen.prefix(Self.most)), words).fields()
        page.fields["count"] = words("signal.count", ["n": "\(chosen.count)", "open": "\(all.filter(\.isOpen).count)"])
        page.fields["from"] = filter.from.description
        page.fields["to"] = filter.until.description
        page.fields["kinds"] =
            [["value": "", "name": words["kit.filter.all"], "isChosen": filter.kind == nil] as Fields]
            + AttendanceSignal.Kind.allCases.map { kind -> Fields in
                ["value": kind.rawValue, "name": words[kind.title], "isChosen": kind == filter.kind]
            }
        page.fields["states"] = ["open", "follow", "fine", "all"].map { name -> Fields in
            ["value": name, "name": words["signal.state.\(name)"], "isChosen": name == state]
        }
        return app.site.page(page, request, context)
    }

    private func table(_ signals: [AttendanceSignal], _ words: Words) -> Table {
        Table(
            caption: words["signal.title"],
            columns: [
                .init(words["signal.what"]), .init(words["signal.class"]), .init(words["signal.session"]),
                .init(words["signal.finding"]),
            ],
            rows: signals.map { signal in
                let query = QueryItems().setting("kind", signal.kind.rawValue).setting(
                    "place", signal.place.isEmpty ? nil : signal.place)
                let second = AttendanceMinutes.second(signal.startsAt)
                return [
                    .init(
                        words[signal.kind.title], href: "\(Self.path)/\(signal.session)\(query.suffix)",
                        note: words[signal.sentence]),
                    .init(signal.classTitle),
                    .init("\(Figures.date(BeijingTime.day(second), in: words.language)) \(BeijingTime.clock(second))"),
                    .init(
                        signal.isOpen
                            ? words["signal.state.open"] : signal.finding.map { words[$0.outcome.title] } ?? "",
                        note: signal.isOpen && signal.finding != nil ? words["signal.grown"] : nil),
                ]
            },
            emptiness: words["signal.empty"])
    }

    private func show(
        _ request: Request, _ context: KitContext, _ kind: String?, _ place: String?, typed: Form?,
        refusal: SignalRefusal?
    ) async throws -> Response {
        let words = app.site.words(context)
        guard let number = Int64(try context.parameters.require("session")),
            let kind = kind.flatMap(AttendanceSignal.Kind.init),
            let (signal, evidence) = try await store.signal(
                session: number, kind: kind, place: place ?? "", within: try context.requireCaller().scope)
        else { throw Problem.notFound }
        try await app.journal.record(
            AuditEvent("signal.look", subject: "session:\(number)", division: signal.division, in: context))
        var page = Page("signal", title: words[kind.title], lead: words[signal.sentence], place: "signals")
        page.crumbs = [(words["signal.title"], Self.path)]
        page.addressAfterPost = Self.path
        let second = AttendanceMinutes.second(signal.startsAt)
        page.fields = evidenceTable(signal, evidence, words).fields()
        page.fields["class"] = signal.classTitle
        page.fields["session"] =
            "\(Figures.date(BeijingTime.day(second), in: words.language)) \(BeijingTime.clock(second))"
        page.fields["listHref"] = AttendancePages.path(signal.classNumber, signal.session)
        page.fields["means"] = words["signal.means.\(kind.rawValue)"]
        page.fields["finding"] = signal.finding.map { finding -> Fields in
            [
                "outcome": words[finding.outcome.title], "note": finding.note, "by": finding.decidedBy,
                "at": Figures.moment(finding.decidedAt, in: words.language), "isGrown": signal.isOpen,
            ]
        }
        page.fields["form"] =
            [
                "action": "\(Self.path)/\(number)", "kind": kind.rawValue, "place": signal.place,
                "version": "\(signal.finding?.version ?? 0)", "note": typed?["note"] ?? "",
                "outcomes": AttendanceSignal.Outcome.allCases.map { outcome -> Fields in
                    [
                        "value": outcome.rawValue, "name": words[outcome.title],
                        "isChosen": typed?["outcome"] == outcome.rawValue,
                    ]
                },
            ] as Fields
        if let refusal {
            page.faults = [FieldFault(field: refusal.field, message: refusal.explanation)]
            page.status = refusal == .changedMeanwhile ? .conflict : .unprocessableContent
        }
        return app.site.page(page, request, context)
    }

    private func evidenceTable(_ signal: AttendanceSignal, _ evidence: [SignalStore.Evidence], _ words: Words) -> Table
    {
        let isShowing = signal.kind == .twoPlaces
        return Table(
            caption: words["signal.evidence"],
            columns: [
                .init(words[isShowing ? "signal.minute" : "attend.learner"]),
                .init(words[isShowing ? "signal.other" : "signal.moment"], isShort: true),
                .init(words["signal.account"]),
            ],
            rows: evidence.map { entry in
                guard let enrollment = entry.enrollment else {
                    return [
                        .init(Figures.moment(entry.moment, in: words.language)),
                        .init(
                            entry.other.isEmpty
                                ? words["signal.network"] : words("signal.session.number", ["n": entry.other])),
                        .init(entry.account),
                    ]
                }
                let seconds = BeijingTime.seconds(iso8601: entry.moment).map { $0 % 60 } ?? 0
                return [
                    .init(
                        PersonName.masked(entry.name), note: words("attend.enrollment.number", ["n": "\(enrollment)"])),
                    .init("\(Figures.moment(entry.moment, in: words.language)):\(seconds < 10 ? "0" : "")\(seconds)"),
                    .init(entry.account),
                ]
            })
    }

    private func decide(_ request: Request, _ context: KitContext) async throws -> Response {
        let form = try await Form.read(request)
        guard let number = Int64(try context.parameters.require("session")),
            let kind = form["kind"].flatMap(AttendanceSignal.Kind.init)
        else { throw Problem.notFound }
        do {
            guard let outcome = form["outcome"].flatMap(AttendanceSignal.Outcome.init) else {
                throw SignalRefusal.outcomeMissing
            }
            let note = form["note"] ?? ""
            guard (1...500).contains(note.count) else { throw SignalRefusal.noteMissing }
            try await store.decide(
                session: number, kind: kind, place: form["place"] ?? "", outcome: outcome, note: note,
                version: form["version"].flatMap { Int64($0) } ?? 0, by: app.acting(context))
        } catch let refusal as SignalRefusal {
            return try await show(request, context, kind.rawValue, form["place"], typed: form, refusal: refusal)
        }
        return Response(status: .seeOther, headers: [.location: Self.path])
    }
}
