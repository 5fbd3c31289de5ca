import Contracts
import Hummingbird
import ServiceKit
import SocialDomain
import Storage

/// One class: what it is, its timetable, who stands with it, and what can be done next.
extension ClassPages {
    func show(
        _ request: Request, _ context: KitContext, faults: [FieldFault] = [], status: HTTPResponse.Status = .ok,
        planning: TimetableForms? = nil
    ) async throws -> Response {
        let words = app.site.words(context)
        let item = try await find(context)
        let (sessions, people, rooms, instructors) = try await app.database.read { db in
            (
                try ClassQueries.sessions(of: item.id, in: db), try ClassQueries.people(of: item.id, in: db),
                try SchoolQueries.rooms(of: item.school, in: db),
                try SchoolQueries.instructors(of: item.school, in: db)
            )
        }
        var page = Page(
            "class-one", title: item.content.title, lead: words["class.lead.\(item.state.rawValue)"], place: "classes")
        page.crumbs = [(words["classes.title"], Self.path)]
        page.addressAfterPost = Self.address(item.id)
        page.fields["facts"] = facts(item, words)
        page.fields["address"] = Self.address(item.id)
        page.fields["version"] = "\(item.version)"
        let caller = context.caller
        let keeps = TrainingContract.keeping.allows(caller)
        let reviews = TrainingContract.reviewing.allows(caller)
        let isOwn = item.submittedBy != nil && item.submittedBy == caller?.id
        let readiness = ClassReadiness(item, sessions: sessions, on: app.today)
        if item.state.isLive || item.state == .draft || item.state == .submitted {
            // Of a class that was approved, what a cancelled session or a larger number of places has left behind.
            let lacks =
                item.state.isLive
                ? readiness.missing.filter { $0.field == "timetable" || $0.field == "capacity" }
                : readiness.missing + (readiness.licence.map { [$0] } ?? [])
            var anchors: Set<String> = ["timetable"]
            let list = lacks.map { fault -> Fields in
                var line: Fields = ["text": words[fault.message]]
                if anchors.insert(fault.field).inserted { line["anchor"] = fault.field }
                return line
            }
            page.fields["missing"] = list.isEmpty ? nil : ["list": list] as Fields
        }
        page.fields["mayEdit"] = keeps && item.state.isChangeable
        page.fields["maySubmit"] = keeps && item.state == .draft
        page.fields["mayTakeBack"] = keeps && item.state == .submitted
        page.fields["mayDecide"] = reviews && item.state == .submitted && !isOwn
        page.fields["isOwn"] = reviews && isOwn && item.state == .submitted
        page.fields["mayStart"] = keeps && item.state == .open && app.today >= item.content.startsOn
        page.fields["mayEnd"] = keeps && item.state == .running
        page.fields["mayCancel"] = keeps && item.state != .ended && item.state != .cancelled
        page.fields["affectedHref"] = keeps && item.state == .cancelled ? Self.address(item.id) + "/affected" : nil
        page.fields["hours"] = words(
            "class.hours.planned", ["planned": "\(item.plannedHours)", "hours": "\(item.hours)"])
        page.fields["hoursPlanned"] = "\(min(item.plannedHours, item.hours))"
        page.fields["hoursAll"] = "\(item.hours)"
        let canPlan = keeps && item.state.isChangeable
        page.fields["timetable"] = table(sessions, item, words, acts: canPlan).fields()
        page.fields["mayClear"] = canPlan && item.state == .draft && !sessions.isEmpty
        page.fields["timetableHref"] = sessions.isEmpty ? nil : Self.address(item.id) + "/timetable.csv"
        page.fields["people"] = peopleTable(people, words)
        if canPlan {
            let forms = planning ?? TimetableForms(item)
            page.fields["planning"] = forms.fields(
                item, rooms: rooms, instructors: instructors.filter(\.isActive), faults: faults, words: words)
        }
        page.faults = faults
        page.status = status
        return app.site.page(page, request, context)
    }

    private func facts(_ item: TrainingClass, _ words: Words) -> [Fields] {
        let content = item.content
        let point = content.point.map {
            "\(MapPoint.degrees($0.latitude)), \(MapPoint.degrees($0.longitude))"
        }
        return TrainingApplication.facts([
            (words["class.state"], words["class.state.\(item.state.rawValue)"]),
            (words["class.cancelledWhy"], item.cancelledWhy ?? ""), (words["class.note"], item.note),
            (words["program.school"], item.schoolName), (words["class.program"], item.programTitle),
            (words["program.field.trade"], app.tradeTitle(item.trade)),
            (words["program.field.level"], words[item.level.title]), (words["class.days"], Self.days(item, words)),
            (words["class.field.signUpUntil"], Figures.date(content.signUpUntil, in: words.language)),
            (words["class.field.division"], app.divisionName(content.division)),
            (words["class.field.place"], content.place), (words["class.point"], point ?? ""),
            (words["class.field.audience"], words["class.audience.\(content.audience.rawValue)"]),
            (words["class.seats"], "\(item.seated) / \(content.capacity)"),
            (words["class.field.policy"], words["class.policy.\(content.policy.rawValue)"]),
            (words["class.field.needsApproval"], content.needsApproval ? words["yes"] : ""),
        ])
    }

    private func table(
        _ sessions: [ClassSession], _ item: TrainingClass, _ words: Words, acts: Bool
    ) -> Table {
        var columns: [Table.Column] = [
            .init(words["session.field.day"]), .init(words["session.time"], isShort: true),
            .init(words["session.field.room"]), .init(words["session.field.instructor"]),
            .init(words["session.field.hours"], isFigure: true), .init(words["session.field.topic"], isMinor: true),
        ]
        if acts { columns.append(.init(words["session.act"])) }
        let now = TimetableMinute.of(BeijingTime.seconds(iso8601: app.now()) ?? 0)
        return Table(
            caption: words["class.timetable"], columns: columns,
            rows: sessions.map { session in
                let address = Self.address(item.id) + "/sessions/\(session.id)"
                let isOpen = !session.isCancelled && (item.state == .draft || session.startsAt > now)
                var day = Table.Cell(
                    Figures.date(session.day, in: words.language),
                    href: acts && isOpen ? address + "/edit" : nil)
                day.note = words["weekday.\(session.day.weekday)"]
                var row: [Table.Cell] = [
                    day, .init(session.clock), .init(session.roomName), .init(session.instructorName),
                    .figure(Int(session.hours)),
                    .init(session.isCancelled ? words["session.cancelled"] : session.topic),
                ]
                if acts {
                    row.append(
                        isOpen
                            ? .init(
                                words[item.state == .draft ? "session.remove" : "session.cancel"],
                                href: address + "/drop")
                            : .init(session.isCancelled ? "" : words["session.past"]))
                }
                return row
            },
            emptiness: words["class.timetable.empty"])
    }

    private func peopleTable(_ people: [EnrollmentState: Int64], _ words: Words) -> Fields {
        Table(
            caption: words["class.people"],
            columns: [.init(words["class.people.state"]), .init(words["class.people.count"], isFigure: true)],
            rows: EnrollmentState.allCases.compactMap { state in
                people[state].map { [.init(words[state.title]), .figure(Int($0))] }
            },
            emptiness: words["class.people.empty"]
        ).fields()
    }
}
