import ServiceKit
import SocialDomain

/// Points of a hundred, in tenths.
enum Points {
    static let most: Int64 = 1000

    /// `85`, `85.5`; nil for anything else.
    static func parsed(_ text: String) -> Int64? {
        let parts = TextForm.folded(TextForm.trimmed(text)).split(separator: ".", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), parts.allSatisfy({ !$0.isEmpty && $0.allSatisfy(\.isASCIIDigit) }),
            parts[0].count <= 3, let whole = Int64(parts[0])
        else { return nil }
        var tenths: Int64 = 0
        if parts.count == 2 {
            // 85.50 is how a spreadsheet may write it.
            let digits = parts[1].reversed().drop { $0 == "0" }
            guard digits.count <= 1 else { return nil }
            tenths = digits.first.flatMap { Int64(String($0)) } ?? 0
        }
        let points = whole * 10 + tenths
        return points <= most ? points : nil
    }

    static func text(_ points: Int64?) -> String {
        guard let points else { return "" }
        return points % 10 == 0 ? "\(points / 10)" : "\(points / 10).\(points % 10)"
    }
}

extension Character {
    fileprivate var isASCIIDigit: Bool { "0"..."9" ~= self }
}

/// What must be reached; a part that is nil is not assessed.
struct PassMark: Hashable, Sendable {
    let theory: Int64?
    let practice: Int64?

    static let usual = PassMark(theory: 600, practice: 600)

    func isPassed(theory: Int64?, practice: Int64?) -> Bool {
        func reaches(_ points: Int64?, _ mark: Int64?) -> Bool { mark.map { $0 <= points ?? -1 } ?? true }
        return reaches(theory, self.theory) && reaches(practice, self.practice)
    }
}

/// One attempt of a learner.
struct AssessmentResult: Hashable, Sendable {
    /// Above 1 a re-sit.
    let attempt: Int64
    let takenOn: CalendarDate
    let theory: Int64?
    let practice: Int64?
    let examiner: String

    /// A first attempt and two re-sits.
    static let mostAttempts: Int64 = 3
}

/// Why a result cannot be recorded.
enum AssessmentRefusal: ExplainedFault, Hashable {
    case field(String, LocalizedText)
    case attendance(String)
    case passedAlready
    case noAttemptLeft
    case attemptTaken
    case wrongAttempt(next: Int64)
    case certified
    case ownException
    case enoughAttendance
    case changedMeanwhile

    var explanation: LocalizedText {
        switch self {
        case .field(_, let message): message
        case .attendance(let ratio):
            LocalizedText(
                zh: "出勤 \(ratio)，不到 80%，不能参加考核；确有理由的，由审核人员准予例外。",
                en: "Attendance is \(ratio), below 80 %: there is no assessment unless a reviewer records an exception."
            )
        case .passedAlready:
            LocalizedText(zh: "已经合格，不用再考。", en: "The learner has passed already.")
        case .noAttemptLeft:
            LocalizedText(zh: "已考满三次，不能再考。", en: "All three attempts are used up.")
        case .attemptTaken:
            LocalizedText(
                zh: "这一次的成绩已经登记过。要更正，请写明理由。",
                en: "This attempt's result is recorded already: to put it right, give the reason.")
        case .wrongAttempt(let next):
            LocalizedText(zh: "现在应登记第 \(next) 次考核。", en: "The next result to record is that of attempt \(next).")
        case .certified:
            LocalizedText(zh: "证书已经颁发，成绩不能再改。", en: "The certificate has been issued: results stay as they are.")
        case .ownException:
            LocalizedText(
                zh: "例外是您本人准予的，成绩须由别人登记。",
                en: "You granted the exception yourself: somebody else must record the result.")
        case .enoughAttendance:
            LocalizedText(zh: "出勤已达 80%，不需要例外。", en: "Attendance reaches 80 %: no exception is needed.")
        case .changedMeanwhile:
            LocalizedText(zh: "别人刚刚改过。请重新打开后再改。", en: "Somebody else has just changed it: open it again.")
        }
    }

    var field: String {
        switch self {
        case .field(let name, _): name
        case .attemptTaken: "reason"
        default: "theory"
        }
    }
}
