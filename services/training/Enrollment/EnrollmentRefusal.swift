import SocialDomain

/// Why a step of an enrollment was not done.
enum EnrollmentRefusal: ExplainedFault, Hashable {
    case classCancelled
    case classBegan
    case signUpOver(until: String)
    case tooYoung(age: Int, from: Int)
    /// The name or the phone is not the one that was given before with the number.
    case otherPerson
    case refusedBefore
    /// Another class of the person's at the same time.
    case clash(title: String, when: String)
    case offerLapsed
    /// Someone else was here first.
    case changedMeanwhile(EnrollmentState)
    case notPossible(EnrollmentState)
    case noSeat
    case otherProgram
    case sameClass
    case ownEntry
    case reasonMissing
    case noteMissing
    case notALottery
    case lotteryTooEarly(until: String)
    case lotteryDrawn
    case lotterySamePerson
    case lotteryDiffers
    case lotteryEmpty

    var explanation: LocalizedText {
        switch self {
        case .classCancelled: LocalizedText(zh: "这个班已经取消。", en: "This class was cancelled.")
        case .classBegan:
            LocalizedText(zh: "这个班已经开课或结束，不再报名。", en: "This class has begun or ended: there is no sign-up any more.")
        case .signUpOver(let until):
            LocalizedText(zh: "报名已于 \(until) 截止，请看看别的班。", en: "Sign-up ended on \(until): look at other classes.")
        case .tooYoung(let age, let from):
            LocalizedText(
                zh: "按证件号码今年 \(age) 周岁，未满 \(from) 周岁不能参加就业技能培训。",
                en: "By the number the person is \(age); training for work begins at \(from).")
        case .otherPerson:
            LocalizedText(
                zh: "这个证件号码以前报过名，但姓名或电话与当时登记的不一致。请核对；换了电话的，请用您自己的页面，或请培训机构更正。",
                en:
                    "This number has signed up before with another name or phone. Check them; if the phone is a new one, use your "
                    + "own page or ask the school to correct it.")
        case .refusedBefore:
            LocalizedText(
                zh: "这个班此前没有录取您。如有疑问请联系培训机构。",
                en: "This class has refused you before. Ask the school if you have questions.")
        case .clash(let title, let when):
            LocalizedText(
                zh: "与您已报的“\(title)”上课时间冲突（\(when)）。请选别的班，或先退出那个班。",
                en:
                    "It is at the same time as “\(title)”, where you have a seat (\(when)). Choose another class, or leave that "
                    + "one first.")
        case .offerLapsed:
            LocalizedText(zh: "保留期已过，名额已给了下一位。", en: "The seat was held until its time and has gone to the next.")
        case .changedMeanwhile(let state):
            LocalizedText(
                zh: "这份报名刚才已被改动，现在是“\(state.title.zh)”。没有做任何改动，请刷新后再决定。",
                en:
                    "It was changed meanwhile and is now “\(state.title.en)”. Nothing was done: reload the page and decide again."
            )
        case .notPossible(let state):
            LocalizedText(
                zh: "现在是“\(state.title.zh)”，不能这样做。", en: "It is “\(state.title.en)” now: this cannot be done.")
        case .noSeat:
            LocalizedText(zh: "那个班已经没有空位，没有做任何改动。", en: "That class has no free seat; nothing was changed.")
        case .otherProgram:
            LocalizedText(zh: "只能转到同一培训项目的班。", en: "A transfer leads to a class of the same program.")
        case .sameClass: LocalizedText(zh: "已经在这个班里。", en: "It is this class already.")
        case .ownEntry:
            LocalizedText(
                zh: "这份报名是您自己录入的，请由另一位同事审核。", en: "You entered this one yourself: a colleague must decide it.")
        case .reasonMissing: LocalizedText(zh: "请选择原因。", en: "Choose a reason.")
        case .noteMissing:
            LocalizedText(zh: "选“其他”时请写明原因，最多 200 字。", en: "For “other”, say why, in at most 200 characters.")
        case .notALottery: LocalizedText(zh: "这个班不摇号。", en: "This class has no lottery.")
        case .lotteryTooEarly(let until):
            LocalizedText(zh: "报名到 \(until) 截止，之后才能摇号。", en: "Sign-up ends on \(until); the draw comes after it.")
        case .lotteryDrawn: LocalizedText(zh: "已经摇过号，结果不能再改。", en: "It was drawn; the result cannot be changed.")
        case .lotterySamePerson:
            LocalizedText(zh: "随机数须由另一位同事核对后确认。", en: "Another person must confirm the number.")
        case .lotteryDiffers:
            LocalizedText(
                zh: "与先录入的随机数不一致，没有摇号。请两人一起核对。",
                en: "It differs from what was entered first, so nothing was drawn. Compare them together.")
        case .lotteryEmpty: LocalizedText(zh: "没有人参加摇号。", en: "Nobody takes part in the lottery.")
        }
    }
}
