import Foundation
import ServiceKit
import SocialDomain

/// An account in the words of its pages.
struct AccountView {
    let account: Account
    let divisions: DivisionTree
    let words: Words

    func fields() -> Fields {
        [
            "id": account.id, "login": account.login, "name": account.name, "division": place,
            "organisation": account.organisation ?? "",
            "roles": rolesText, "hasAuthenticator": account.hasAuthenticator,
            "authenticator": words[account.hasAuthenticator ? "account.authenticator.on" : "account.authenticator.off"],
            "state": state, "isBlocked": account.isBlocked, "mustChange": account.mustChange,
        ]
    }

    var place: String {
        let path = divisions.path(of: account.division).map(\.name).joined()
        return path.isEmpty ? account.division.text : path
    }

    var rolesText: String {
        let texts = Roles.all.flatMap { group in
            group.roles.filter { account.roles[group.service]?.contains($0) == true }.map { role in
                "\(words["service.\(group.service)"])·\(words["role.\(role)"])"
            }
        }
        return texts.isEmpty ? words["account.roles.none"] : texts.joined(separator: words["list.comma"])
    }

    var state: String {
        if account.isBlocked { return words["account.state.blocked"] }
        if account.mustChange { return words["account.state.new"] }
        return words["account.state.active"]
    }

    /// Beijing time.
    static func time(_ second: Int64) -> String {
        let day = CalendarDate(dayNumber: Int32((second + 8 * 3600) / 86_400))
        let minutes = (second + 8 * 3600) % 86_400 / 60
        return "\(day) \(minutes / 60 < 10 ? "0" : "")\(minutes / 60):\(minutes % 60 < 10 ? "0" : "")\(minutes % 60)"
    }
}
