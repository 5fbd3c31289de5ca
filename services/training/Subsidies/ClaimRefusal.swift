import ServiceKit
import SocialDomain

/// Why a step with a claim, a budget or a payment is not taken. Nothing was changed.
enum ClaimRefusal: ExplainedFault, Hashable, Sendable {
    case classNotEnded
    case nothingToPay
    case noBudget(division: String, year: Int64)
    case notOpen
    case notSubmitted
    case notNoticed
    case noticeRuns(until: CalendarDate)
    case samePerson
    case noteMissing
    case noteTooLong(Int)
    /// The evidence is another since the page was shown.
    case sheetChanged
    case belowCommitted(Money)
    case unknownDivision
    case nothingDue
    case batchSettled
    case wrongFile([LocalizedText])

    var explanation: LocalizedText {
        switch self {
        case .classNotEnded:
            LocalizedText(zh: "培训班还没有结业，结业后才能申报补贴。", en: "The class has not ended: claim when it has.")
        case .nothingToPay:
            LocalizedText(
                zh: "这张核算单上没有可以补贴的一行，不能提交。每一行下面写着原因。",
                en: "No line of this sheet can be paid, so it cannot be handed in. Each line says why.")
        case .noBudget(let division, let year):
            LocalizedText(
                zh: "\(division) 还没有 \(year) 年的补贴预算。请经办人员先录入预算。",
                en: "\(division) has no budget for \(year) yet: an officer enters it first.")
        case .notOpen:
            LocalizedText(zh: "这份申报已经提交，不能再改。", en: "This claim was handed in and is not changed any more.")
        case .notSubmitted: LocalizedText(zh: "这份申报不在待审核状态。", en: "This claim does not await review.")
        case .notNoticed: LocalizedText(zh: "这份申报不在公示状态。", en: "This claim is not under public notice.")
        case .noticeRuns(let day):
            LocalizedText(
                zh: "公示到 \(day.chinese)为止，次日起才能批准。", en: "The public notice runs until \(day): approve it after that.")
        case .samePerson:
            LocalizedText(
                zh: "编制或提交这份申报的账号不能自己审核，请换一位审核人员。",
                en: "Whoever prepared or handed in a claim may not decide it: another reviewer does.")
        case .noteMissing: LocalizedText(zh: "请写明原因。", en: "Say why.")
        case .noteTooLong(let most): LocalizedText(zh: "原因最多 \(most) 个字。", en: "At most \(most) characters.")
        case .sheetChanged:
            LocalizedText(
                zh: "您打开页面之后，核算依据有变化，没有提交。下面是按现在的依据重新核算的结果，请核对后再提交。",
                en: "What the sheet rests on has changed since you opened the page; it was not handed in. Below it is "
                    + "computed anew: look at what changed, then hand it in.")
        case .belowCommitted(let committed):
            LocalizedText(
                zh: "已经占用 \(committed.spoken)，预算不能低于这个数。",
                en: "\(committed.decimal) yuan are committed: the budget cannot be lower.")
        case .unknownDivision:
            LocalizedText(zh: "请填写本辖区的 6 位区划代码。", en: "Give the six-digit code of a division within yours.")
        case .nothingDue:
            LocalizedText(
                zh: "现在没有待发放的款项：没有已批准的申报，或者都已经在银行处理。",
                en: "Nothing is to be paid now: no approved claim, or all of it is with the bank.")
        case .batchSettled:
            LocalizedText(
                zh: "这个批次的结果已经导入过，是另一份文件。没有改动任何数据。",
                en: "The result of this batch was imported before, from another file. Nothing was changed.")
        case .wrongFile:
            LocalizedText(zh: "结果文件与批次对不上，没有导入。", en: "The result does not fit the batch; nothing was imported.")
        }
    }
}
