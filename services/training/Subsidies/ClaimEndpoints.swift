import Contracts
import Foundation
import Security
import ServiceKit
import SocialDomain
import Storage

/// `/training/v1/claims`: claims and their sheets, for programs that read.
struct ClaimEndpoints: Sendable {
    let app: TrainingApplication
    private static let pageSize = 50

    func addRoutes(to routes: inout RouteTable) {
        routes.on(TrainingContract.claimList) { call in try await list(call) }
        routes.on(TrainingContract.oneClaim) { call in try await show(call) }
    }

    private func list(_ call: Call<ClaimQuery, NoBody>) async throws -> Reply<Listing<ClaimRecord>> {
        let limit = call.parameters.limit.map { Int($0) } ?? Self.pageSize
        let filter = ClaimStore.Filter(
            state: call.parameters.state.flatMap(ClaimState.init), after: call.parameters.cursor ?? "", limit: limit + 1
        )
        let scope = call.scope
        let claims = try await app.database.read { db in
            try ClaimStore.claims(filter, within: scope, in: db)
        }
        let shown = claims.prefix(limit)
        return Reply(
            Listing(
                items: try shown.map { try Self.record($0, lines: nil) },
                next: claims.count > limit ? shown.last?.id : nil))
    }

    private func show(_ call: Call<ClaimReference, NoBody>) async throws -> Reply<ClaimRecord> {
        let (id, scope) = (call.parameters.claim, call.scope)
        let found = try await app.database.read { db in
            try ClaimStore.claim(id, within: scope, in: db).map { ($0, try ClaimStore.lines(of: id, in: db)) }
        }
        guard let (claim, lines) = found else { throw Problem.notFound }
        try await app.journal.record(call.event("claim.look", subject: id, division: claim.division))
        return Reply(try Self.record(claim, lines: lines), version: claim.version)
    }

    private static func record(_ claim: Claim, lines: [SubsidyLine]?) throws -> ClaimRecord {
        ClaimRecord(
            claim: claim.id, classID: claim.classID, division: claim.division, state: claim.state.rawValue,
            total: claim.total.decimal, budgetYear: claim.budgetYear, noticeFrom: claim.noticeFrom?.description,
            noticeUntil: claim.noticeUntil?.description, sheet: claim.digest, version: claim.version,
            lines: try lines?.map { line in
                ClaimRecord.Line(
                    enrollment: line.enrollment, learner: line.learner, kind: line.kind.rawValue,
                    amount: line.amount.decimal, toLearner: line.toLearner.decimal, toSchool: line.toSchool.decimal,
                    refusedBy: line.refusal?.rawValue,
                    evidence: try JSONDecoder().decode(JSONValue.self, from: Data(line.basis.json.utf8)))
            })
    }
}
