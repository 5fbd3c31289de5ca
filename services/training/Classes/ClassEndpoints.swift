import Contracts
import HTTPTypes
import ServiceKit
import SocialDomain
import Storage

/// `/training/v1/classes`: classes and their timetables, for programs.
struct ClassEndpoints: Sendable {
    let app: TrainingApplication
    private static let defaultLimit = 50

    func addRoutes(to routes: inout RouteTable) {
        routes.on(TrainingContract.classes) { call in try await list(call) }
        routes.on(TrainingContract.classRecord) { call in
            let (id, scope) = (call.parameters.trainingClass, call.scope)
            let found = try await app.database.read { db in try ClassQueries.trainingClass(id, within: scope, in: db) }
            guard let found else { throw Problem.notFound }
            return Reply(found.record, version: found.version)
        }
        routes.on(TrainingContract.sessions) { call in try await timetable(call) }
        routes.on(TrainingContract.createClass) { call in try await create(call) }
        routes.on(TrainingContract.addSessions) { call in try await add(call) }
        routes.on(TrainingContract.submitClass) { call in
            let version = try call.requireVersion()
            return try await step(call) { try $0.submitClass($1, version: version) }
        }
        routes.on(TrainingContract.approveClass) { call in
            let version = try call.requireVersion()
            return try await step(call) { try $0.decideClass($1, .approve, note: "", version: version) }
        }
        routes.on(TrainingContract.returnClass) { call in
            let (version, note) = (try call.requireVersion(), call.body.note)
            return try await step(call) { try $0.decideClass($1, .return, note: note, version: version) }
        }
    }

    private func list(_ call: Call<ClassListParameters, NoBody>) async throws -> Reply<Listing<ClassRecord>> {
        let parameters = call.parameters
        var filter = ClassQueries.Filter()
        filter.state = parameters.state.flatMap(TrainingClass.State.init)
        filter.school = parameters.school
        filter.program = parameters.program
        filter.trade = parameters.trade
        filter.from = parameters.from.flatMap { CalendarDate(iso8601: $0) }
        filter.to = parameters.to.flatMap { CalendarDate(iso8601: $0) }
        filter.after = try SchoolEndpoints.position(parameters.cursor)
        let limit = parameters.limit ?? Self.defaultLimit
        filter.limit = limit + 1
        let (asked, scope) = (filter, call.scope)
        let found = try await app.database.read { db in try ClassQueries.classes(asked, within: scope, in: db) }
        return Reply(
            Listing(
                items: found.prefix(limit).map(\.record), next: found.count > limit ? "\(found[limit - 1].id)" : nil))
    }

    private func timetable(_ call: Call<ClassReference, NoBody>) async throws -> Reply<Listing<SessionRecord>> {
        let (id, scope) = (call.parameters.trainingClass, call.scope)
        let found = try await app.database.read { db in
            try ClassQueries.trainingClass(id, within: scope, in: db).map { _ in
                try ClassQueries.sessions(of: id, in: db)
            }
        }
        guard let found else { throw Problem.notFound }
        return Reply(Listing(items: found.map(\.record), next: nil))
    }

    private func create(_ call: Call<NoParameters, ClassBody>) async throws -> Reply<ClassRecord> {
        let body = call.body
        var fields = TypedFields { body.text($0) }
        guard let content = ClassContent(&fields) else { throw Problem.invalid(fields.faults) }
        let program = body.program
        return try await write(call) { desk in
            let id = try desk.makeClass(content, of: program, key: nil)
            let made = try desk.trainingClass(id)
            return Reply(made.record, location: "/training/v1/classes/\(id)", version: made.version)
        }
    }

    private func add(_ call: Call<ClassReference, TimetableBody>) async throws -> Reply<ClassRecord> {
        var faults: [FieldFault] = []
        var planned: [PlannedSession] = []
        for (place, session) in call.body.sessions.enumerated() {
            var fields = TypedFields { session.text($0) }
            if let session = PlannedSession(&fields) { planned.append(session) }
            faults += fields.faults.map {
                FieldFault(field: "/sessions/\(place)/\($0.field)", message: $0.message)
            }
        }
        guard faults.isEmpty else { throw Problem.invalid(faults) }
        let (id, sessions) = (call.parameters.trainingClass, planned)
        do {
            return try await step(call) { desk, id in try desk.addSessions(sessions, to: id) }
        } catch let fault as DatabaseFault {
            guard let clashes = try await TimetablePages.clashes(fault, sessions, of: id, app, call.caller) else {
                throw fault
            }
            throw Problem(
                .conflict, code: TrainingContract.clash.code,
                title: LocalizedText(zh: "课表冲突", en: "The timetable clashes"),
                detail: TrainingContract.clash.meaning,
                errors: clashes.map { FieldFault(field: "/sessions", message: $0.message) })
        }
    }

    private func step<Body: APIBody>(
        _ call: Call<ClassReference, Body>, _ work: @escaping @Sendable (ChangeDesk, Int64) throws -> Void
    ) async throws -> Reply<ClassRecord> {
        let id = call.parameters.trainingClass
        return try await write(call) { desk in
            try work(desk, id)
            let item = try desk.trainingClass(id)
            return Reply(item.record, version: item.version)
        }
    }

    private func write<Parameters: APIParameters, Body: APIBody>(
        _ call: Call<Parameters, Body>, _ work: @escaping @Sendable (ChangeDesk) throws -> Reply<ClassRecord>
    ) async throws -> Reply<ClassRecord> {
        let (caller, time, request) = (call.caller, app.now(), call.context.requestID)
        do {
            return try await call.write(app.database) { db in
                try work(ChangeDesk(db: db, caller: caller, time: time, request: request))
            }.reply
        } catch let refusal as StepRefusal {
            throw refusal.problem
        }
    }
}

extension ClassBody {
    /// As the form would have it.
    fileprivate func text(_ field: String) -> String? {
        switch field {
        case "title": title
        case "division": division
        case "audience": audience
        case "place": place
        case "latitude": latitude.map(MapPoint.degrees)
        case "longitude": longitude.map(MapPoint.degrees)
        case "capacity": "\(capacity)"
        case "startsOn": startsOn
        case "endsOn": endsOn
        case "signUpUntil": signUpUntil
        case "policy": policy
        case "needsApproval": needsApproval ? "yes" : nil
        default: nil
        }
    }
}

extension TimetableBody.Session {
    fileprivate func text(_ field: String) -> String? {
        switch field {
        case "day": day
        case "from": from
        case "to": to
        case "room": "\(room)"
        case "instructor": "\(instructor)"
        case "hours": hours.map { "\($0)" }
        case "topic": topic
        default: nil
        }
    }
}

extension TrainingClass {
    var record: ClassRecord {
        ClassRecord(
            id: id, program: program, school: school, title: content.title, division: content.division,
            audience: content.audience.rawValue, place: content.place, latitude: content.point?.latitude,
            longitude: content.point?.longitude, capacity: content.capacity, seated: seated,
            startsOn: content.startsOn.description, endsOn: content.endsOn.description,
            signUpUntil: content.signUpUntil.description, policy: content.policy.rawValue,
            needsApproval: content.needsApproval, trade: trade, level: level.rawValue, plannedHours: plannedHours,
            hours: hours, state: state.rawValue, note: note, cancelledWhy: cancelledWhy)
    }
}

extension ClassSession {
    var record: SessionRecord {
        SessionRecord(
            id: id, day: day.description, from: TimetableMinute.clock(startsAt),
            to: TimetableMinute.clock(endsAt, endOf: startsAt), room: room, roomName: roomName, instructor: instructor,
            instructorName: instructorName, hours: hours, topic: topic, isCancelled: isCancelled)
    }
}
