import Foundation

/// The secret part of the address of a learner's own page.
///
/// It is made with the sign-up form and travels in it, so that whoever presses twice, or never sees the answer, still has
/// it; whoever only knows somebody's number has not. The database keeps its digest.
struct LearnerToken: Hashable, Sendable {
    let text: String
    private static let characters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
    private static let length = 43

    /// 258 bits of the system's generator.
    static func random() -> LearnerToken {
        LearnerToken(made: String((0..<length).compactMap { _ in characters.randomElement() }))
    }

    private init(made text: String) { self.text = text }

    /// Nil for what this program never made.
    init?(_ text: String) {
        guard text.utf8.count == Self.length, text.allSatisfy(Self.characters.contains) else { return nil }
        self.text = text
    }

    var digest: [UInt8] { LearnerSeal.digest(of: text) }
    var path: String { "/training/my/\(text)" }
}
