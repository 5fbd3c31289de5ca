import ServiceKit
import SocialDomain

/// The words, colours and shapes in which alerts are shown: never colour alone.
enum AlertTerms {
    static let directions = ["support", "review"]
    static let tiers = ["red", "orange", "yellow"]
    static let states = ["open", "cleared", "closed"]

    static func tone(ofTier tier: String) -> Chart.Tone {
        switch tier {
        case "red": Chart.Tone(style: "tier-red", mark: "▲")
        case "orange": Chart.Tone(style: "tier-orange", mark: "◆")
        default: Chart.Tone(style: "tier-yellow", mark: "●")
        }
    }

    /// The mark and the word of a tier.
    static func badge(_ tier: String, _ words: Words) -> String {
        let tone = tone(ofTier: tier)
        return "<span class=\"badge \(tone.style)\"><span aria-hidden=\"true\">\(tone.mark)</span> "
            + "\(HTML.escaped(words["tier.\(tier)"]))</span>"
    }
}
