import Contracts
import Hummingbird
import ServiceKit
import SocialDomain
import Storage

extension HouseholdPages {
    /// An officer asks training for a member; what stands against it is said above the household.
    func askTraining(_ request: Request, _ context: KitContext) async throws -> Response {
        let id = QueryItems.decodedPath(try context.parameters.require("id"))
        let form = try await Form.read(request)
        guard let person = form["person"], person.utf8.count <= 300 else {
            let why = LocalizedText(zh: "请选择为谁请求培训。", en: "Choose for whom training is asked.")
            return try await show(request, context, faults: [FieldFault(field: "person", message: why)])
        }
        let (scope, time, seal) = (try app.scope(context), app.actions.now(), app.seal)
        let event = try AuditEvent("training.ask", reason: person, in: context)
        do {
            try await app.database.write { db in
                try AskTraining(db: db, seal: seal, time: time).forMember(
                    person, of: id, within: scope, audit: event)
            }
        } catch let refusal as TrainingRefusal {
            return try await show(
                request, context, faults: [FieldFault(field: "person", message: refusal.explanation)])
        }
        return Response(status: .seeOther, headers: [.location: "/aid/households/\(QueryItems.encoded(id))#chain"])
    }
}
