import HTTPTypes
import ServiceKit
import SocialDomain
import Storage

/// What training tells of people for whom it was asked: a step each on the way to a job, which goes into the rescue chain
/// once however often it is told.
enum TrainingMilestones {
    static let eventType = "cn.minsheng.training.milestone"

    private struct Body: Decodable {
        let milestone: String
        let on: String
        let title: String
        let trade: String
        let level: Int64
        let reference: String
    }

    private struct Details: Encodable {
        let level: Int64
        let trade: String
        let event: String
    }

    /// The steps that training may tell of.
    private static let kinds: Set<RescueEvent.Kind> = [
        .offered, .enrolled, .certified, .placed, .retained, .droppedOut,
    ]

    /// - Parameter time: ISO 8601 in UTC.
    static func handle(_ event: CloudEvent, at time: String, in db: Connection) throws {
        guard event.source == CloudEvent.source(of: "training") else { throw Problem.notTrainings }
        let body: Body = try event.data()
        guard let kind = RescueEvent.Kind(rawValue: body.milestone), kinds.contains(kind),
            CalendarDate(iso8601: body.on) != nil, !body.reference.isEmpty,
            [body.title, body.trade, body.reference].allSatisfy({ $0.utf8.count <= 600 && !$0.utf8.contains(0) })
        else { throw Problem.badMilestone }
        guard
            let request = try db.first(
                "SELECT household_id, division FROM training_request WHERE person_id = \(event.subject)")
        else { throw Problem.nobodyAsked }
        let reference = "\(kind.rawValue):\(body.reference)"
        guard try !RescueChain.holds(reference, of: "training", in: db) else { return }
        // The person may have moved to another household since.
        let home = try db.first(
            """
            SELECT h.household_id, h.division FROM person p JOIN household h ON h.household_id = p.household_id
            WHERE p.person_id = \(event.subject)
            """)
        let place = home ?? request
        try RescueChain.append(
            [
                RescueEvent(
                    household: try place.get("household_id"), division: try place.get("division"), kind: kind,
                    day: body.on, person: event.subject, title: body.title, source: "training", reference: reference,
                    payload: JSONText.of(Details(level: body.level, trade: body.trade, event: event.id)))
            ], at: time, in: db)
    }
}

extension Problem {
    fileprivate static let notTrainings = Problem(
        .forbidden, code: "event-not-yours",
        title: LocalizedText(zh: "只有培训服务可以告知", en: "Only the training service tells this"),
        detail: LocalizedText(
            zh: "培训进展只由职业技能培训服务告知。", en: "Steps of a training are told by the training service only."))

    fileprivate static let badMilestone = Problem(
        .unprocessableContent, code: "milestone-unknown",
        title: LocalizedText(zh: "不认得的培训进展", en: "No known step of a training"),
        detail: LocalizedText(
            zh: "进展、日期或编号不符合约定。", en: "The step, its day or its reference is not as agreed."))

    fileprivate static let nobodyAsked = Problem(
        .unprocessableContent, code: "nobody-asked",
        title: LocalizedText(zh: "没有为此人请求过培训", en: "Training was not asked for this person"),
        detail: LocalizedText(
            zh: "只接收请求过培训的人的进展。", en: "Only steps of people for whom training was asked are taken."))
}
