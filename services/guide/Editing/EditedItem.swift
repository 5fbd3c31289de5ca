import SocialDomain

/// Where an edition stands.
enum EditionState: String, CaseIterable, Sendable {
    case draft
    case submitted
    case approved
    case published
    case returned
}

/// One edition of an item, as those who work on it see it.
struct Edition: Hashable, Sendable {
    let number: Int64
    let state: EditionState
    let version: Int64
    let content: ItemContent
    let editedBy: String
    let editedName: String
    let editedAt: String
    let submittedAt: String?
    let reviewedBy: String?
    let reviewedName: String?
    let reviewedAt: String?
    let note: String
    let publishOn: String?
    let publishedAt: String?

    /// What is known by the number of the edition and of its change: no two states of an item share one.
    var tag: Int64 { number * 1_000_000 + version }
}

/// An item with its newest edition, as those who work on it see it.
struct EditedItem: Hashable, Sendable {
    let id: Int64
    let code: String
    let name: String
    let department: String
    let division: String
    let score: Int
    let claimedBy: String?
    let claimedName: String?
    let publishedNumber: Int64?
    let withdrawnAt: String?
    let withdrawnWhy: String?
    let confirmedOn: String?
    let reviewBy: String?
    let head: Edition

    var isPublished: Bool { publishedNumber != nil && withdrawnAt == nil }

    /// Whether the newest edition can be written at, by itself or by beginning the next.
    var isOpenToEditing: Bool { head.state != .submitted && head.state != .approved }
}

/// Why a step of an item's life is not taken.
enum EditingRefusal: ExplainedFault, Hashable {
    case notClaimed
    case claimedBy(String)
    case notYours
    case underReview
    case notSubmitted
    case notApproved
    case notDraft
    case samePerson
    case incomplete([Completeness.Element])
    case noteMissing
    case noteTooLong(Int)
    case dayPassed
    case dayTooFar
    case notPublished
    case withdrawn
    case notWithdrawn
    case codeTaken
    case unchanged

    var explanation: LocalizedText {
        switch self {
        case .notClaimed: LocalizedText(zh: "请先认领这个事项，再修改。", en: "Claim the item first, then change it.")
        case .claimedBy(let name):
            LocalizedText(
                zh: "这个事项已由\(name.isEmpty ? "别人" : name)认领。需要时请对方先放开，或请审核人放开。",
                en:
                    "\(name.isEmpty ? "Somebody else" : name) has claimed this item: ask for its release, or ask a reviewer."
            )
        case .notYours: LocalizedText(zh: "只有认领人或审核人可以放开。", en: "Only the claimant or a reviewer may release it.")
        case .underReview:
            LocalizedText(
                zh: "这一版已提交审核，不能直接修改。请先收回，再修改。", en: "This edition is handed in. Take it back first, then change it.")
        case .notSubmitted: LocalizedText(zh: "这一版没有待审核。", en: "This edition does not wait for a review.")
        case .notApproved:
            LocalizedText(zh: "这一版还没有通过审核，不能发布。", en: "This edition is not approved yet: it cannot be published.")
        case .notDraft: LocalizedText(zh: "没有可提交的草稿。", en: "There is no draft to hand in.")
        case .samePerson:
            LocalizedText(
                zh: "写过或提交这一版的人不能审核它，请另一位审核人审核。",
                en: "Whoever wrote or handed in an edition may not review it: ask another reviewer.")
        case .incomplete(let missing):
            LocalizedText(
                zh: "群众办事必须知道的内容还没有填：\(missing.map(\.title.zh).joined(separator: "、"))。",
                en: "What citizens must know is missing: \(missing.map(\.title.en).joined(separator: ", ")).")
        case .noteMissing: LocalizedText(zh: "请写明原因。", en: "Say why.")
        case .noteTooLong(let most):
            LocalizedText(zh: "说明最多 \(most) 个字符。", en: "The note has at most \(most) characters.")
        case .dayPassed:
            LocalizedText(zh: "发布日期已过，请选今天或以后的日期。", en: "That day has passed: choose today or a later one.")
        case .dayTooFar: LocalizedText(zh: "发布日期最远一年。", en: "At most a year ahead.")
        case .notPublished: LocalizedText(zh: "这个事项还没有发布。", en: "The item is not published yet.")
        case .withdrawn: LocalizedText(zh: "这个事项已撤销，请先恢复。", en: "The item is withdrawn: take it up again first.")
        case .notWithdrawn: LocalizedText(zh: "这个事项没有撤销。", en: "The item is not withdrawn.")
        case .codeTaken: LocalizedText(zh: "已有这个编码的事项。", en: "There is an item with this code already.")
        case .unchanged:
            LocalizedText(zh: "与现行版本相同，没有可提交的改动。", en: "It says the same as before: there is nothing to hand in.")
        }
    }
}

extension Completeness.Element {
    /// What no citizen can do without.
    static let essential: [Completeness.Element] = [.summary, .steps, .phone]

    var title: LocalizedText {
        switch self {
        case .summary: LocalizedText(zh: "简介", en: "summary")
        case .plainName: LocalizedText(zh: "通俗名称", en: "plain name")
        case .aliases: LocalizedText(zh: "别名", en: "aliases")
        case .kind: LocalizedText(zh: "事项类型", en: "kind")
        case .audience: LocalizedText(zh: "服务对象", en: "audience")
        case .days: LocalizedText(zh: "承诺时限", en: "promised time")
        case .fee: LocalizedText(zh: "收费", en: "fee")
        case .place: LocalizedText(zh: "办理地点和时间", en: "place and hours")
        case .phone: LocalizedText(zh: "咨询电话", en: "phone for questions")
        case .legalBasis: LocalizedText(zh: "依据", en: "legal basis")
        case .results: LocalizedText(zh: "办理结果", en: "results")
        case .channels: LocalizedText(zh: "办理方式", en: "channels")
        case .conditions: LocalizedText(zh: "条件", en: "conditions")
        case .materials: LocalizedText(zh: "材料", en: "materials")
        case .steps: LocalizedText(zh: "步骤", en: "steps")
        case .questions: LocalizedText(zh: "常见问题", en: "questions")
        }
    }
}
