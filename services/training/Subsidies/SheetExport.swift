import ServiceKit
import SocialDomain
import Tabular

/// A sheet as CSV for an office: text that a spreadsheet would take for a formula is defused.
enum SheetExport {
    static func bytes(_ claim: Claim, _ lines: [SubsidyLine], words: Words) -> [UInt8] {
        var writer = CSVWriter(forPeople: true, lineEnd: .crlf, hasByteOrderMark: true)
        writer.append(
            [
                "claim", "learner", "name", "kind", "hours", "held", "certificate", "groups", "amount", "toLearner",
                "toSchool", "rule",
            ].map { words["subsidy.column.\($0)"] })
        for line in lines {
            writer.append([
                .text(claim.id), .text("L\(line.learner)"), .text(line.name), .text(words[line.kind.title]),
                .integer(Int(line.basis.hours)), .integer(Int(line.basis.hoursHeld)),
                .text(line.basis.certificate ?? ""),
                .text(line.basis.groups.map { words[$0.title] }.joined(separator: "、")),
                .money(fen: line.amount.fen), .money(fen: line.toLearner.fen), .money(fen: line.toSchool.fen),
                .text(line.refusal.map { "\($0.rawValue) \(words[$0.title])" } ?? ""),
            ])
        }
        return writer.bytes
    }
}
