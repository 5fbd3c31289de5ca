import Contracts
import Hummingbird
import ServiceKit
import SocialDomain
import Storage

/// One school with its rooms, instructors, programs and newest classes.
extension SchoolPages {
    func show(
        _ request: Request, _ context: KitContext, faults: [FieldFault] = [], status: HTTPResponse.Status = .ok,
        typed: (name: String, seats: String)? = nil
    ) async throws -> Response {
        let words = app.site.words(context)
        let school = try await find(context)
        let scope = try context.requireCaller().scope
        let (rooms, instructors, programs, classes) = try await app.database.read { db in
            var filter = SchoolQueries.ProgramFilter()
            (filter.school, filter.limit) = (school.id, 200)
            var held = ClassQueries.Filter()
            (held.school, held.limit) = (school.id, 10)
            return (
                try SchoolQueries.rooms(of: school.id, in: db), try SchoolQueries.instructors(of: school.id, in: db),
                try SchoolQueries.programs(filter, within: scope, in: db),
                try ClassQueries.classes(held, within: scope, in: db)
            )
        }
        var page = Page(
            "class-school", title: school.content.name,
            lead: words["school.state.\(school.state.rawValue)"] + " · " + school.content.creditCode, place: "schools")
        page.crumbs = [(words["schools.title"], Self.path)]
        page.addressAfterPost = Self.address(school.id)
        let content = school.content
        page.fields["facts"] = TrainingApplication.facts([
            (words["school.field.division"], app.divisionName(content.division)),
            (words["school.field.address"], content.address), (words["school.field.phone"], content.phone),
            (words["school.field.licenceNumber"], content.licenceNumber),
            (
                words["school.field.licenceUntil"],
                content.licenceUntil.map { Figures.date($0, in: words.language) } ?? ""
            ),
        ])
        page.fields["warning"] = Standing(until: content.licenceUntil, on: app.today).badge(words).map {
            ["text": words("school.licence.warning", ["standing": $0.text]), "tier": $0.tier] as Fields
        }
        page.fields["address"] = Self.address(school.id)
        page.fields["version"] = "\(school.version)"
        let keeps = TrainingContract.keeping.allows(context.caller)
        let prepares = TrainingContract.preparing.allows(context.caller)
        page.fields["mayKeep"] = keeps
        page.fields["mayPrepare"] = prepares
        page.fields["maySuspend"] = prepares && school.state == .active
        page.fields["mayResume"] = prepares && school.state == .suspended
        page.fields["rooms"] = table(rooms, words)
        page.fields["roomRows"] = keeps && !rooms.isEmpty ? rooms.map(Self.row) : nil
        let nameFault = faults.first { $0.field == "room-name" }.map { words[$0.message] }
        let seatsFault = faults.first { $0.field == "room-seats" }.map { words[$0.message] }
        page.fields["roomName"] = typed?.name ?? ""
        page.fields["roomSeats"] = typed?.seats ?? ""
        page.fields["nameFault"] = nameFault
        page.fields["seatsFault"] = seatsFault
        page.fields["instructors"] = table(instructors, words, links: keeps)
        page.fields["programs"] = ProgramPages.table(programs, app, words, withSchool: false).fields()
        page.fields["classes"] = ClassPages.table(classes, app, words, withSchool: false).fields()
        page.faults = faults
        page.status = status
        return app.site.page(page, request, context)
    }

    private static func row(_ room: Room) -> Fields {
        ["room": "\(room.id)", "name": room.name, "seats": "\(room.seats)"]
    }

    private func table(_ rooms: [Room], _ words: Words) -> Fields {
        Table(
            caption: words["school.rooms"],
            columns: [.init(words["room.name"]), .init(words["room.seats"], isFigure: true)],
            rows: rooms.map { [.init($0.name), .figure(Int($0.seats))] }, emptiness: words["school.rooms.empty"]
        ).fields()
    }

    private func table(_ instructors: [Instructor], _ words: Words, links: Bool) -> Fields {
        Table(
            caption: words["school.instructors"],
            columns: [
                .init(words["instructor.field.name"]), .init(words["instructor.field.trades"], isMinor: true),
                .init(words["instructor.field.credential"], isMinor: true),
                .init(words["instructor.field.credentialUntil"]), .init(words["instructor.state"], isShort: true),
            ],
            rows: instructors.map { instructor in
                let until = instructor.credentialUntil.map { Figures.date($0, in: words.language) } ?? ""
                var ends = Table.Cell(until)
                let standing = Standing(until: instructor.credentialUntil, on: app.today)
                if standing != .unknown, let badge = standing.html(words) {
                    ends = Table.Cell(html: badge)
                    ends.note = until
                }
                return [
                    .init(instructor.name, href: links ? InstructorPages.address(instructor.id) : nil),
                    .init(instructor.trades.map(app.tradeTitle).joined(separator: "、")), .init(instructor.credential),
                    ends, .init(words[instructor.isActive ? "instructor.active" : "instructor.inactive"]),
                ]
            },
            emptiness: words["school.instructors.empty"]
        ).fields()
    }
}
