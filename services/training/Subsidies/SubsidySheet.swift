import Crypto
import Foundation
import SocialDomain

/// One line of a sheet: what a person gets for one thing, or the rule that refuses it, and what that was computed from.
struct SubsidyLine: Hashable, Sendable {
    /// What a line was computed from; kept with it. The names are those of the stored JSON.
    struct Basis: Hashable, Codable, Sendable {
        var hoursHeld: Int64
        var hours: Int64
        var days: Int64
        var certificate: String?
        var revokedOn: String?
        /// Those that count.
        var groups: [LearnerGroup]
        var lowIncome: String
        var standard: Int64
        var price: Int64
        /// Of a living allowance: fen a day, and days that are paid.
        var perDay: Int64?
        var daysPaid: Int64?
        /// The claims that a duplicate stands in.
        var earlier: [String]?
    }

    var enrollment: Int64
    var learner: Int64
    var name: String
    var kind: SubsidyKind
    var slot: Int64?
    var toLearner = Money.zero
    var toSchool = Money.zero
    var refusal: SubsidyRule?
    var basis: Basis

    var amount: Money { Money(fen: toLearner.fen + toSchool.fen) }
}

/// What a class's learners are paid, line by line from the evidence. The same evidence, settings and free budget give the
/// same sheet.
struct SubsidySheet: Hashable, Sendable {
    var lines: [SubsidyLine]
    let trade: String
    let level: Int64
    let year: Int64
    let total: Money

    init(_ evidence: SubsidyEvidence, settings: SubsidySettings, free: Money) throws(MoneyFault) {
        (trade, level, year) = (evidence.trade, evidence.level, evidence.year)
        var lines: [SubsidyLine] = []
        var left = free
        for person in evidence.people {
            let judge = SubsidyJudge(evidence: evidence, person: person)
            var training = try judge.training(left: left)
            if evidence.granted.contains(.init(enrollment: person.enrollment, kind: .training)) {
                // It stands in an earlier claim of the class; what follows it may be missing still.
                switch training.refusal {
                case .sameTradeAndLevel, .moreThanThreeThisYear, .budgetUsedUp: training.refusal = nil
                default: break
                }
                training.basis.earlier = nil
            } else {
                left = try left.subtracting(training.amount)
                lines.append(training)
            }
            guard person.lowIncome == "yes",
                !evidence.granted.contains(.init(enrollment: person.enrollment, kind: .living))
            else { continue }
            let living = try judge.living(after: training, settings: settings, left: left)
            left = try left.subtracting(living.amount)
            lines.append(living)
        }
        self.lines = lines
        total = try Money.sum(of: lines.map(\.amount))
    }

    /// SHA-256 over everything that a line says, in hexadecimal.
    var digest: String {
        let text = lines.map { line in
            [
                "\(line.enrollment)", line.kind.rawValue, "\(line.toLearner.fen)", "\(line.toSchool.fen)",
                line.refusal?.rawValue ?? "", line.basis.json,
            ].joined(separator: "\t")
        }.joined(separator: "\n")
        return SHA256.hash(data: Data("\(trade)\t\(level)\t\(year)\n\(text)".utf8)).hexadecimal
    }
}

extension SubsidyLine.Basis {
    /// With sorted names, so that equal values are equal texts.
    var json: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Texts and whole numbers always encode.
        return (try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
    }

    init(json: String) throws {
        self = try JSONDecoder().decode(Self.self, from: Data(json.utf8))
    }
}

extension Sequence<UInt8> {
    var hexadecimal: String {
        map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
    }
}

/// Applies the rules to one person.
private struct SubsidyJudge {
    let evidence: SubsidyEvidence
    let person: SubsidyEvidence.Person

    func training(left: Money) throws(MoneyFault) -> SubsidyLine {
        var line = line(.training)
        let mine = evidence.earlier.filter { $0.learner == person.learner }
        let same = mine.filter { $0.trade == evidence.trade && $0.level == evidence.level }
        let thisYear = mine.filter { $0.year == evidence.year }
        let taken = Set(thisYear.map(\.slot))
        let slot = (1...Int64(SubsidySettings.mostAYear)).first { !taken.contains($0) }
        let isMatching = person.certificate.map { $0.trade == evidence.trade && $0.level == evidence.level } ?? false
        let isAttended =
            evidence.hoursHeld > 0 && person.hours * 100 >= evidence.hoursHeld * SubsidySettings.attendanceShare
        if evidence.standard == .zero {
            line.refusal = .noStandard
        } else if line.basis.groups.isEmpty {
            line.refusal = .notInGroup
        } else if !isAttended {
            line.refusal = .attendanceBelow80
        } else if !isMatching {
            line.refusal = .noCertificate
        } else if person.certificate?.revokedOn != nil {
            line.refusal = .certificateRevoked
        } else if !same.isEmpty {
            line.refusal = .sameTradeAndLevel
            line.basis.earlier = same.map(\.claim)
        } else if slot == nil {
            line.refusal = .moreThanThreeThisYear
            line.basis.earlier = thisYear.map(\.claim)
        } else if evidence.standard > left {
            line.refusal = .budgetUsedUp
        }
        guard line.refusal == nil else { return line }
        // Whoever paid the price gets it back first; the rest is the school's.
        line.toLearner = min(evidence.price, evidence.standard)
        line.toSchool = try evidence.standard.subtracting(line.toLearner)
        line.slot = slot
        return line
    }

    /// It follows the training subsidy: where that is refused, it is refused by the same rule.
    func living(
        after training: SubsidyLine, settings: SubsidySettings, left: Money
    ) throws(MoneyFault) -> SubsidyLine {
        var line = line(.living)
        let days = min(person.days, settings.livingDays)
        line.basis.perDay = settings.livingPerDay.fen
        line.basis.daysPaid = days
        let amount = try settings.livingPerDay.multiplied(by: Int(days))
        line.refusal = training.refusal
        line.basis.earlier = training.basis.earlier
        if line.refusal == nil, amount == .zero { line.refusal = .noStandard }
        if line.refusal == nil, amount > left { line.refusal = .budgetUsedUp }
        if line.refusal == nil { line.toLearner = amount }
        return line
    }

    private func line(_ kind: SubsidyKind) -> SubsidyLine {
        // Low income is what aid says, not what a learner says.
        var groups = person.groups.filter { $0 != .lowIncome }
        if person.lowIncome == "yes" { groups.insert(.lowIncome, at: 0) }
        return SubsidyLine(
            enrollment: person.enrollment, learner: person.learner, name: person.name, kind: kind,
            basis: .init(
                hoursHeld: evidence.hoursHeld, hours: person.hours, days: person.days,
                certificate: person.certificate?.number, revokedOn: person.certificate?.revokedOn, groups: groups,
                lowIncome: person.lowIncome, standard: evidence.standard.fen, price: evidence.price.fen))
    }
}
