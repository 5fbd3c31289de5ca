import ServiceKit
import SocialDomain
import Storage

/// What aid is told of a person for whom it asked training: a step on the way from a need to a job.
enum Milestone: String, Codable, Sendable {
    case offered
    case enrolled
    case certified
    case placed
    case retained
    case droppedOut = "dropped-out"

    static let eventType = "cn.minsheng.training.milestone"

    /// What becomes of the need that led to it.
    private var needState: TrainingNeed.State? {
        switch self {
        case .enrolled: .enrolled
        case .placed: .closed
        case .droppedOut: .open
        // The offer itself writes down who made it.
        case .offered, .certified, .retained: nil
        }
    }

    private struct Body: Encodable {
        let milestone: Milestone
        let on: String
        let title: String
        let trade: String
        let level: Int64
        let reference: String
    }

    /// Goes out with the transaction, to aid alone, and only about people for whom aid asked.
    ///
    /// - Parameters:
    ///   - title: the class's, or the employer's name.
    ///   - trade: an occupation code.
    ///   - reference: what it is about here, `enrollment:17`; a repetition of the same milestone and reference means the same.
    func record(
        of learner: Int64, on day: CalendarDate, title: String, trade: String, level: SkillLevel, reference: String,
        in db: Connection
    ) throws {
        let row = try db.first("SELECT aid_person FROM learner WHERE learner_id = \(learner)")
        guard let person: String = try row?.get("aid_person") else { return }
        if let state = needState {
            try db.execute(
                "UPDATE training_need SET state = \(state.rawValue), version = version + 1 WHERE aid_person = \(person)"
            )
        }
        let body = Body(
            milestone: self, on: day.description, title: title, trade: trade, level: level.rawValue,
            reference: reference)
        try Outbox.add([OutgoingEvent(Self.eventType, subject: person, data: body)], in: db)
    }
}
