import SocialDomain

/// Why an enrollment ended: a code that can be counted.
enum EnrollmentReason: String, CaseIterable, Sendable {
    case ownWish = "own-wish"
    case work
    case health
    case family
    case moved
    case unreachable
    case absent
    case offerLapsed = "offer-lapsed"
    case age
    case papers
    case prerequisite
    case duplicate
    case otherClass = "other-class"
    /// By the cancellation or the end of the class, see ChangeDesk.
    case classCancelled = "class-cancelled"
    case classEnded = "class-ended"
    case other

    static let refusals: [EnrollmentReason] = [.age, .papers, .prerequisite, .duplicate, .other]
    static let withdrawals: [EnrollmentReason] = [.ownWish, .work, .health, .family, .moved, .unreachable, .other]
    static let dropOuts: [EnrollmentReason] = [.absent, .work, .health, .family, .moved, .other]

    var title: LocalizedText {
        switch self {
        case .ownWish: LocalizedText(zh: "本人不想参加了", en: "Does not want to any more")
        case .work: LocalizedText(zh: "找到工作或要上班", en: "Has work")
        case .health: LocalizedText(zh: "身体原因", en: "Health")
        case .family: LocalizedText(zh: "家里有事", en: "Family")
        case .moved: LocalizedText(zh: "离开本地", en: "Has moved away")
        case .unreachable: LocalizedText(zh: "联系不上", en: "Cannot be reached")
        case .absent: LocalizedText(zh: "长期缺课", en: "Was absent for long")
        case .offerLapsed: LocalizedText(zh: "保留期内未确认", en: "The offer was not accepted in time")
        case .age: LocalizedText(zh: "年龄不符合", en: "Age")
        case .papers: LocalizedText(zh: "材料不齐或不实", en: "Papers are missing or not true")
        case .prerequisite: LocalizedText(zh: "不具备报考条件", en: "The level's conditions are not met")
        case .duplicate: LocalizedText(zh: "重复参加同类培训", en: "The same training again")
        case .otherClass: LocalizedText(zh: "转到别的班", en: "Moved to another class")
        case .classCancelled: LocalizedText(zh: "开班取消", en: "The class was cancelled")
        case .classEnded: LocalizedText(zh: "开班已结束", en: "The class has ended")
        case .other: LocalizedText(zh: "其他", en: "Other")
        }
    }
}
