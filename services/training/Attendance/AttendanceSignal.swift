import SocialDomain

/// Something in a session's attendance that an inspector should look at. It changes nobody's attendance.
struct AttendanceSignal: Hashable, Sendable {
    enum Kind: String, CaseIterable, Hashable, Sendable {
        /// One phone checked several learners in.
        case oneDevice = "one-device"
        /// Three or more check-ins within one second.
        case sameSecond = "same-second"
        /// One account showed codes in two sessions, or from two networks, in the same minute.
        case twoPlaces = "two-places"
        /// At least three entries, a fifth of the list, were made after the session's day.
        case markedLate = "marked-late"

        var title: LocalizedText {
            switch self {
            case .oneDevice: LocalizedText(zh: "一机多签", en: "One phone for several")
            case .sameSecond: LocalizedText(zh: "同一秒签到", en: "Check-ins in one second")
            case .twoPlaces: LocalizedText(zh: "教师同时在两处", en: "Teacher in two places")
            case .markedLate: LocalizedText(zh: "大量事后补登", en: "Many late entries")
            }
        }
    }

    enum Outcome: String, CaseIterable, Hashable, Sendable {
        case fine
        case follow

        var title: LocalizedText {
            switch self {
            case .fine: LocalizedText(zh: "已核查，没有问题", en: "Checked: fine")
            case .follow: LocalizedText(zh: "需要跟进", en: "To be followed")
            }
        }
    }

    struct Finding: Hashable, Sendable {
        let outcome: Outcome
        let note: String
        let weight: Int64
        let decidedBy: String
        let decidedAt: String
        let version: Int64
    }

    let session: Int64
    let classNumber: Int64
    let classTitle: String
    let division: String
    /// Minutes of the timetable.
    let startsAt: Int64
    let kind: Kind
    /// What it is about within the session: a device's digest, a second, an account; empty for the whole list.
    let place: String
    /// How many entries, or minutes, it rests on.
    let weight: Int64
    var finding: Finding?

    /// Not looked at, or more has come since.
    var isOpen: Bool { finding.map { $0.weight < weight } ?? true }

    var sentence: LocalizedText {
        switch kind {
        case .oneDevice:
            LocalizedText(
                zh: "同一部手机为 \(weight) 名学员签到。", en: "One phone checked \(weight) learners in.")
        case .sameSecond:
            LocalizedText(zh: "同一秒内有 \(weight) 人签到。", en: "\(weight) check-ins came within one second.")
        case .twoPlaces:
            LocalizedText(
                zh: "同一账号有 \(weight) 分钟同时在两处展示签到码。",
                en: "One account showed codes in two places during \(weight) minutes.")
        case .markedLate:
            LocalizedText(
                zh: "\(weight) 条考勤是上课日之后补登的。", en: "\(weight) entries were made after the session's day.")
        }
    }
}

/// Why a finding cannot be noted.
enum SignalRefusal: ExplainedFault, Hashable {
    case outcomeMissing
    case noteMissing
    case changedMeanwhile

    var explanation: LocalizedText {
        switch self {
        case .outcomeMissing: LocalizedText(zh: "请选择核查结果。", en: "Choose what was found.")
        case .noteMissing:
            LocalizedText(
                zh: "请写明怎样核查、看到什么（最多 500 字）。",
                en: "Write how it was checked and what was seen, in at most 500 characters.")
        case .changedMeanwhile:
            LocalizedText(
                zh: "别人刚刚记下了结果，或有了新的记录。请看清后再记。",
                en: "Somebody else has just noted a finding, or more has come. Look again.")
        }
    }

    var field: String { self == .noteMissing ? "note" : "outcome-fine" }
}
