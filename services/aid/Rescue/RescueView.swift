import Foundation
import ServiceKit
import SocialDomain

/// The rescue chain as the household's page shows it: a line each, the newest first.
struct RescueView {
    let entries: [RescueEntry]
    let members: [HouseholdMember]
    let words: Words

    /// What an entry's payload may hold.
    private struct Details: Decodable {
        let direction: String?
        let tier: String?
        let points: Int?
        let level: Int?
        let run: Int64?
    }

    func lines() -> [Fields] {
        entries.map { entry in
            let details = try? JSONDecoder().decode(Details.self, from: Data(entry.payload.utf8))
            var line: Fields = [
                "chainDay": Figures.date(entry.day, in: words.language),
                "chainKind": words["chain.kind.\(entry.kind)"],
                "chainText": text(entry, details),
                "chainWho": who(entry),
                "chainNumber": "\(entry.sequence)",
            ]
            if let tier = details?.tier { line["chainBadge"] = AlertTerms.badge(tier, words) }
            return line
        }
    }

    private func text(_ entry: RescueEntry, _ details: Details?) -> String {
        var parts: [String] = []
        if !entry.person.isEmpty {
            let name = members.first { $0.id == entry.person }?.name ?? ""
            parts.append(name.isEmpty ? entry.person : name)
        }
        if let direction = details?.direction { parts.append(words["direction.\(direction)"]) }
        if let points = details?.points { parts.append(words("household.points", ["n": "\(points)"])) }
        switch RescueEvent.Kind(rawValue: entry.kind) {
        // What a run says stands in the line's own words.
        case .alertFound, .trainingAsked: break
        default: parts.append(entry.title)
        }
        if let level = details?.level, level > 0 { parts.append(words["chain.level.\(level)"]) }
        return parts.joined(separator: " · ")
    }

    private func who(_ entry: RescueEntry) -> String {
        let source = words["chain.source.\(entry.source)"]
        return entry.actor.isEmpty ? source : "\(entry.actor)（\(source)）"
    }
}
