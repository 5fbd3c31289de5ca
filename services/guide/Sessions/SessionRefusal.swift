import SocialDomain

/// Why something about a session cannot be done.
enum SessionRefusal: ExplainedFault, Hashable {
    case notOffered
    case closed(hours: String)
    case queueFull
    case slotTaken
    case noSuchSlot
    case tooEarly(from: String)
    case tooLate
    case alreadyTaken(by: String)
    case nobodyWaiting
    case notWaiting
    case notServing
    case notYours
    case alreadyEnded
    case notEnded
    case alreadyRated
    case noSuchHelper
    case tooManyPictures
    case noPicture
    case pictureTooLarge
    case tooManyMessages

    var explanation: LocalizedText {
        switch self {
        case .notOffered:
            LocalizedText(zh: "这里还没有开通帮办。请拨打 12345。", en: "No helper is offered here yet: call 12345.")
        case .closed(let hours):
            LocalizedText(
                zh: "现在不在服务时间（工作日 \(hours)）。请预约一个时段，或拨打 12345。",
                en: "Helpers answer on working days, \(hours). Book a time, or call 12345.")
        case .queueFull:
            LocalizedText(
                zh: "排队的人太多了。请预约一个时段，或拨打 12345。", en: "Too many are waiting. Book a time, or call 12345.")
        case .slotTaken:
            LocalizedText(
                zh: "这个时段刚刚约满，没有预约成功。请另选一个时段。", en: "The slot has just been taken; nothing was booked. Choose another.")
        case .noSuchSlot: LocalizedText(zh: "没有这个时段。请重新选择。", en: "There is no such slot: choose another.")
        case .tooEarly(let time):
            LocalizedText(zh: "还没有到时间，\(time) 起可以进来。", en: "It is too early: come in from \(time).")
        case .tooLate: LocalizedText(zh: "预约的时间已过。请重新排队或预约。", en: "The time has passed: join the queue or book again.")
        case .alreadyTaken(let name):
            LocalizedText(zh: "这一位已由\(name)接待。", en: "\(name) has taken this one already.")
        case .nobodyWaiting: LocalizedText(zh: "现在没有人在等。", en: "Nobody is waiting now.")
        case .notWaiting: LocalizedText(zh: "这一位没有在等。", en: "This one is not waiting.")
        case .notServing: LocalizedText(zh: "会话没有在进行。", en: "The session is not under way.")
        case .notYours: LocalizedText(zh: "这次会话不由您接待。", en: "This session is not yours.")
        case .alreadyEnded: LocalizedText(zh: "会话已经结束。", en: "The session has ended.")
        case .notEnded: LocalizedText(zh: "会话还没有结束。", en: "The session has not ended yet.")
        case .alreadyRated: LocalizedText(zh: "已经评价过了，谢谢。", en: "It has been rated already; thank you.")
        case .noSuchHelper:
            LocalizedText(zh: "没有这位帮办员，或不在本区划。请重新选择。", en: "There is no such helper in this division: choose again.")
        case .tooManyPictures:
            LocalizedText(zh: "一次会话最多 30 张图片。", en: "A session has at most 30 pictures.")
        case .noPicture:
            LocalizedText(
                zh: "请选择 JPEG、PNG 或 WebP 图片。这个文件不是，没有发送。",
                en: "Choose a JPEG, PNG or WebP picture: this file is none and was not sent.")
        case .pictureTooLarge:
            LocalizedText(
                zh: "图片不能超过 10 MB，没有发送。请把照片调小，或离近些重拍。",
                en: "A picture has at most 10 MB; it was not sent. Make it smaller, or take it again.")
        case .tooManyMessages:
            LocalizedText(zh: "这次会话的消息太多了。请拨打 12345。", en: "The session holds too many messages: call 12345.")
        }
    }
}
