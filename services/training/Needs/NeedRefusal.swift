import SocialDomain

/// Why a place is not offered to a person for whom aid asked; nothing was changed then.
enum NeedRefusal: ExplainedFault, Hashable {
    /// Someone else changed it; as it is now.
    case changed(TrainingNeed)
    case notOpen(TrainingNeed.State)
    case classGone
    case classFull
    case hasPlace(title: String, EnrollmentState)
    case numberDiffers
    case otherPerson
    case aidNotConnected
    case aidUnreachable
    case aidRefuses
    case unknownInAid
    case numberMissingInAid
    case badNumber

    /// Whether pressing again later may help.
    var isPassing: Bool { self == .aidUnreachable }

    var explanation: LocalizedText {
        switch self {
        case .changed(let need):
            LocalizedText(
                zh:
                    "别人刚刚改过：现在的愿望是\(need.wish.title.zh)，学历\(need.schooling.title.zh)，状态\(need.state.title.zh)。没有改动任何数据，请核对后再提交。",
                en: "Somebody else has just changed it: the wish is now “\(need.wish.title.en)”, the schooling "
                    + "“\(need.schooling.title.en)”, the state “\(need.state.title.en)”. Nothing was changed; compare and send it again."
            )
        case .notOpen(let state):
            LocalizedText(
                zh: "目前状态是\(state.title.zh)，不能再安排。", en: "No place is offered: the state is “\(state.title.en)”.")
        case .classGone:
            LocalizedText(
                zh: "这个班已经停止报名或者不在您的辖区，请另选一个班。",
                en: "The class takes no more people, or lies outside your division: choose another.")
        case .classFull:
            LocalizedText(zh: "这个班刚刚满员，请另选一个班。", en: "The class has just filled up: choose another.")
        case .hasPlace(let title, let state):
            LocalizedText(
                zh: "此人在“\(title)”已是\(state.title.zh)，不再安排。",
                en: "The person has a place in “\(title)” already: \(state.title.en.lowercased()).")
        case .numberDiffers:
            LocalizedText(
                zh: "救助系统里的身份证号与这名学员的档案不一致，请先核实改正。",
                en: "The identity number in aid differs from the learner's file: find out which is right first.")
        case .otherPerson:
            LocalizedText(
                zh: "这个身份证号在培训档案里属于救助系统的另一个人员编号，请先在救助系统合并重复的人。",
                en: "The identity number belongs to another person's id in aid: have aid merge the two first.")
        case .aidNotConnected:
            LocalizedText(
                zh: "还没有连接社会救助服务，无法取得姓名和身份证号，请联系系统管理员。",
                en: "The aid service is not connected, so name and number cannot be had: ask the operator.")
        case .aidUnreachable:
            LocalizedText(
                zh: "现在联系不上社会救助服务，没有改动任何数据。请过一会儿再点一次。",
                en: "The aid service cannot be reached just now; nothing was changed. Press again in a while.")
        case .aidRefuses:
            LocalizedText(
                zh: "社会救助服务没有同意提供身份信息，没有改动任何数据。请联系系统管理员。",
                en: "The aid service would not say who the person is; nothing was changed. Ask the operator.")
        case .unknownInAid:
            LocalizedText(
                zh: "社会救助服务的名册里已经没有这个人，没有改动任何数据。",
                en: "The person is no longer in aid's register; nothing was changed.")
        case .numberMissingInAid:
            LocalizedText(
                zh: "社会救助服务的名册里没有此人的身份证号，请他们先补正。",
                en: "Aid's register has no identity number of the person: have it corrected there first.")
        case .badNumber:
            LocalizedText(
                zh: "社会救助服务给出的身份证号不正确，请他们先改正。",
                en: "The identity number that aid gave is wrong: have it corrected there first.")
        }
    }
}
