import ServiceKit
import SocialDomain

/// Why a mark, a list or a sheet cannot stand.
enum AttendanceRefusal: ExplainedFault, Hashable {
    case cancelled
    case notBegun
    case notEnded
    case reasonMissing
    case stateMissing
    case reasonTooLong
    /// Somebody else, or the learner himself, changed the entry meanwhile: what it says now.
    case changedMeanwhile(LocalizedText)
    case notOnList

    var explanation: LocalizedText {
        switch self {
        case .cancelled:
            LocalizedText(zh: "这场课已取消，不记考勤。", en: "This session was cancelled: there is nothing to mark.")
        case .notBegun:
            LocalizedText(
                zh: "课还没有开始，现在只能登记请假。", en: "The session has not begun: only leave can be marked before.")
        case .notEnded:
            LocalizedText(zh: "课还没有结束，下课后再关闭考勤表。", en: "The session has not ended: close its list afterwards.")
        case .reasonMissing:
            LocalizedText(
                zh: "请写明原因：除当日登记“到课”外，都要有原因。",
                en: "Give the reason: everything but “present” on the day itself needs one.")
        case .stateMissing: LocalizedText(zh: "请选择一种情况。", en: "Choose what to mark.")
        case .reasonTooLong: LocalizedText(zh: "原因最多 200 个字。", en: "A reason has at most 200 characters.")
        case .changedMeanwhile(let now):
            LocalizedText(
                zh: "这一条刚刚有了变化，现在是“\(now.zh)”。请看清后再登记。",
                en: "The entry has just changed and says “\(now.en)” now. Look again before you mark it.")
        case .notOnList:
            LocalizedText(zh: "这名学员不在这个班里。", en: "This learner is not in the class.")
        }
    }

    var field: String {
        switch self {
        case .reasonMissing, .reasonTooLong: "reason"
        default: "state-present"
        }
    }
}

/// Why a phone's check-in is not taken; each is an answer of its own.
enum CheckInRefusal: ExplainedFault, Hashable {
    case noSession
    case cancelled
    case early(opens: String)
    case over
    case closed
    case learnerUnknown
    case notSeated
    case codeMissing
    case oldCode
    case otherSession
    case wrongCode
    case proofRefused
    case already(LocalizedText, at: String)

    /// The words' key.
    var code: String {
        switch self {
        case .noSession: "no-session"
        case .cancelled: "cancelled"
        case .early: "early"
        case .over: "over"
        case .closed: "closed"
        case .learnerUnknown: "learner-unknown"
        case .notSeated: "not-seated"
        case .codeMissing: "code-missing"
        case .oldCode: "old-code"
        case .otherSession: "other-session"
        case .wrongCode: "wrong-code"
        case .proofRefused: "proof-refused"
        case .already: "already"
        }
    }

    var explanation: LocalizedText {
        switch self {
        case .noSession:
            LocalizedText(zh: "没有这场课。请重新扫屏幕上的二维码。", en: "There is no such session: scan the code on the screen again.")
        case .cancelled: LocalizedText(zh: "这场课已取消，不用签到。", en: "This session was cancelled: no check-in is needed.")
        case .early(let opens):
            LocalizedText(zh: "还没到时间，\(opens) 开始签到。", en: "It is too early: check-in opens at \(opens).")
        case .over:
            LocalizedText(
                zh: "签到时间已过。请告诉老师，由老师登记。", en: "Check-in is over: tell the teacher, who can mark you.")
        case .closed:
            LocalizedText(
                zh: "老师已经关闭这场课的考勤表。请告诉老师，由老师登记。",
                en: "The teacher has closed this session's list: tell the teacher, who can mark you.")
        case .learnerUnknown:
            LocalizedText(
                zh: "没有认出您是谁。请打开自己的报名页面，点“用这部手机签到”，或把页面地址粘贴在下面。",
                en:
                    "We do not know who you are. Open your own page and tap “check in with this phone”, or paste its address."
            )
        case .notSeated:
            LocalizedText(
                zh: "您不在这个班的学员名单里。请核对是不是走错了教室，或向老师询问。",
                en: "You have no seat in this class. See whether this is the right room, or ask the teacher.")
        case .codeMissing:
            LocalizedText(zh: "请输入屏幕上的六位签到码。", en: "Type the six digits on the screen.")
        case .oldCode:
            LocalizedText(
                zh: "这个签到码过期了，屏幕上已经换了新的。请扫新的码。", en: "This code is out of date; the screen shows a new one. Use that.")
        case .otherSession:
            LocalizedText(
                zh: "这是另一场课的签到码。请扫自己教室屏幕上的码。",
                en: "This code belongs to another session. Use the one on the screen of your own room.")
        case .wrongCode:
            LocalizedText(
                zh: "签到码不对。请看着屏幕重新输入六位数字。", en: "The code is wrong. Type the six digits from the screen again.")
        case .proofRefused:
            LocalizedText(
                zh: "这次签到是为另一部手机或另一个人准备的，或者等得太久。请重新扫码。",
                en: "This check-in was made ready for another phone or person, or waited too long. Scan the code again."
            )
        case .already(let state, let time):
            LocalizedText(
                zh: "您已经签到：\(state.zh)，\(time)。不用再签。", en: "You are checked in already: \(state.en), \(time).")
        }
    }
}
