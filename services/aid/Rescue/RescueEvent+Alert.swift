import Foundation
import ServiceKit
import SocialDomain

extension RescueEvent {
    /// A run opened an alert, or found the signals of a cleared one again.
    static func found(_ alert: FoundAlert, id: Int64, run: Int64, isBack: Bool, day: String) -> RescueEvent {
        RescueEvent(
            household: alert.household, division: alert.division, kind: .alertFound, day: day,
            title: isBack ? "再次发现预警" : "发现预警", reference: "alert:\(id):run:\(run)",
            payload: """
                {"alert":\(id),"direction":"\(alert.direction.rawValue)","points":\(alert.points),"run":\(run),\
                "tier":"\(alert.tier.rawValue)"}
                """)
    }

    /// A person closed an alert; the reason is the entry's title.
    static func closed(_ alert: ClosedAlert, note: String, by event: AuditEvent, at time: String) -> RescueEvent {
        RescueEvent(
            household: alert.household, division: alert.division, kind: .alertClosed,
            day: BeijingTime.day(iso8601: time).description, title: note, actor: event.name,
            reference: "alert:\(alert.id):closed",
            payload: """
                {"alert":\(alert.id),"direction":"\(alert.direction)","points":\(alert.points),"tier":"\(alert.tier)"}
                """)
    }

    /// What the chain keeps of an alert that is closed.
    struct ClosedAlert {
        let id: Int64
        let household: String
        let division: String
        let direction: String
        let tier: String
        let points: Int64
    }
}
