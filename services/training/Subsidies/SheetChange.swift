import Foundation
import SocialDomain

/// How one line differs from that of an earlier sheet.
struct SheetChange: Hashable, Codable, Sendable {
    let enrollment: Int64
    let kind: SubsidyKind
    /// Fen; nil where the line was not there.
    let before: Int64?
    let beforeRule: SubsidyRule?
    let after: Int64?
    let afterRule: SubsidyRule?
    /// Amount and rule are the same, what they rest on is not.
    var isEvidenceOnly: Bool { before == after && beforeRule == afterRule }

    static func between(_ old: [SubsidyLine], _ new: [SubsidyLine]) -> [SheetChange] {
        struct Key: Hashable {
            let enrollment: Int64
            let kind: SubsidyKind
        }
        var before: [Key: SubsidyLine] = [:]
        for line in old { before[Key(enrollment: line.enrollment, kind: line.kind)] = line }
        var changes: [SheetChange] = []
        for line in new {
            let earlier = before.removeValue(forKey: Key(enrollment: line.enrollment, kind: line.kind))
            if let earlier, earlier.amount == line.amount, earlier.refusal == line.refusal,
                earlier.basis == line.basis, earlier.toLearner == line.toLearner
            {
                continue
            }
            changes.append(
                SheetChange(
                    enrollment: line.enrollment, kind: line.kind, before: earlier?.amount.fen,
                    beforeRule: earlier?.refusal, after: line.amount.fen, afterRule: line.refusal))
        }
        for line in old where before[Key(enrollment: line.enrollment, kind: line.kind)] != nil {
            changes.append(
                SheetChange(
                    enrollment: line.enrollment, kind: line.kind, before: line.amount.fen, beforeRule: line.refusal,
                    after: nil, afterRule: nil))
        }
        return changes
    }

    static func json(_ changes: [SheetChange]) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return (try? encoder.encode(changes)).map { String(decoding: $0, as: UTF8.self) } ?? "[]"
    }

    static func read(_ json: String) -> [SheetChange] {
        (try? JSONDecoder().decode([SheetChange].self, from: Data(json.utf8))) ?? []
    }
}
