import Contracts
import ServiceKit
import SocialDomain
import Storage

/// `/training/v1/schools` and `/training/v1/programs`.
struct SchoolEndpoints: Sendable {
    let app: TrainingApplication
    private static let defaultLimit = 50

    func addRoutes(to routes: inout RouteTable) {
        routes.on(TrainingContract.schools) { call in
            var filter = SchoolQueries.Filter()
            filter.state = call.parameters.state.flatMap(School.State.init)
            filter.after = try Self.position(call.parameters.cursor)
            let limit = call.parameters.limit ?? Self.defaultLimit
            filter.limit = limit + 1
            let (asked, scope) = (filter, call.scope)
            let found = try await app.database.read { db in try SchoolQueries.schools(asked, within: scope, in: db) }
            return Reply(
                Listing(
                    items: found.prefix(limit).map(\.record),
                    next: found.count > limit ? "\(found[limit - 1].id)" : nil))
        }
        routes.on(TrainingContract.schoolRecord) { call in
            let (id, scope) = (call.parameters.school, call.scope)
            guard let found = try await app.database.read({ db in try SchoolQueries.school(id, within: scope, in: db) })
            else { throw Problem.notFound }
            return Reply(found.record, version: found.version)
        }
        routes.on(TrainingContract.programs) { call in
            var filter = SchoolQueries.ProgramFilter()
            filter.state = call.parameters.state.flatMap(TrainingProgram.State.init)
            filter.school = call.parameters.school
            filter.trade = call.parameters.trade
            filter.after = try Self.position(call.parameters.cursor)
            let limit = call.parameters.limit ?? Self.defaultLimit
            filter.limit = limit + 1
            let (asked, scope) = (filter, call.scope)
            let found = try await app.database.read { db in try SchoolQueries.programs(asked, within: scope, in: db) }
            return Reply(
                Listing(
                    items: found.prefix(limit).map(\.record),
                    next: found.count > limit ? "\(found[limit - 1].id)" : nil))
        }
        routes.on(TrainingContract.programRecord) { call in
            let (id, scope) = (call.parameters.program, call.scope)
            let found = try await app.database.read { db in try SchoolQueries.program(id, within: scope, in: db) }
            guard let found else { throw Problem.notFound }
            return Reply(found.record, version: found.version)
        }
    }

    /// The id after which a list goes on.
    static func position(_ cursor: String?) throws(Problem) -> Int64 {
        guard let cursor else { return 0 }
        guard let position = Int64(cursor), position > 0 else { throw .badCursor }
        return position
    }
}

extension School {
    var record: SchoolRecord {
        SchoolRecord(
            id: id, creditCode: content.creditCode, name: content.name, division: content.division,
            address: content.address, latitude: content.point?.latitude, longitude: content.point?.longitude,
            phone: content.phone, licenceUntil: content.licenceUntil?.description, state: state.rawValue)
    }
}

extension TrainingProgram {
    var record: ProgramRecord {
        ProgramRecord(
            id: id, school: school, title: content.title, trade: content.trade, level: content.level.rawValue,
            hours: content.hours, price: content.price.decimal, subsidy: content.subsidy.decimal,
            isDomestic: content.isDomestic, state: state.rawValue)
    }
}
