import SocialDomain

/// The remote helper (云帮办): citizens ask or book, helpers answer; a room with video, chat and pictures.
extension GuideContract {
    /// The longest description of a call (SDP), in characters.
    package static let longestContent = 64 * 1024
    package static let signalKinds = [
        "hello", "welcome", "description", "candidate", "media", "typing", "chat", "hang-up",
    ]

    static let roomToken = Parameter.path(
        "token", .text("会话地址中的口令", "The secret part of the room's address", from: 1, to: 100))
    static let sessionID = Parameter.path("session", .text("会话编号", "The session's id", from: 1, to: 40))
    static let pictureID = Parameter.path("picture", .text("图片编号", "The picture's id", from: 1, to: 40))
    private static let helpItem = Parameter.query("item", .words("事项编码", "The item it is about"))
    private static let after = Parameter.query("after", .words("已收到的最后序号", "The last sequence number that was seen"))

    private static let who: [Schema.Property] = [
        .init("name", .text("怎么称呼", "What to be called", to: 50)),
        .optional("phone", .text("电话", "A phone number", to: 30)),
        .optional("topic", .text("想问什么", "What it is about", to: 500)),
        .optional("item", .text("事项编码", "The item's code", to: 200)),
    ]
    private static let said: [Schema.Property] = [.init("text", .text("文字", "What is said", from: 1, to: 2000))]

    // MARK: - Citizens

    package static let helpPage = EndpointDescription.page(
        .get, "/guide/help", id: "showHelp", tag: "help", access: .open, "找人帮办", "Ask a helper",
        parameters: [helpItem])
    package static let askForHelp = EndpointDescription.page(
        .post, "/guide/help", id: "askForHelp", tag: "help", access: .open, "现在排队", "Join the queue now", form: who,
        leadsOn: true)
    package static let bookingPage = EndpointDescription.page(
        .get, "/guide/help/booking", id: "showBooking", tag: "help", access: .open, "选预约时间", "Choose a time",
        parameters: [helpItem, .query("day", .words("哪一天", "Which day"))])
    package static let bookHelp = EndpointDescription.page(
        .post, "/guide/help/booking", id: "bookHelp", tag: "help", access: .open, "预约", "Book a time",
        form: [.init("slot", .text("时段", "The slot", to: 20))] + who, leadsOn: true)
    package static let helpRoom = EndpointDescription.page(
        .get, "/guide/help/rooms/{token}", id: "showHelpRoom", tag: "help", access: .open, "群众的会话页",
        "The citizen's room",
        parameters: [roomToken])
    package static let arrive = roomAction("arrive", id: "arriveForHelp", "按预约到场", "Arrive for a booking")
    package static let leave = roomAction("leave", id: "leaveHelp", "离开或取消", "Leave, or cancel")
    package static let citizenChat = roomAction("chat", id: "sayToHelper", "发文字", "Say something", form: said)
    package static let rate = roomAction(
        "rating", id: "rateHelp", "评价", "Rate the session",
        form: [
            .init("stars", .text("一到五", "One to five", from: 1, to: 1)),
            .optional("word", .text("一句话", "A word", to: 200)),
        ])
    package static let citizenPicture = pictureUpload(
        "/guide/help/rooms/{token}/pictures", id: "sendPictureToHelper", access: .open, [roomToken])
    package static let citizenPictureFile = EndpointDescription.bytes(
        "image/*", "/guide/help/rooms/{token}/pictures/{picture}", id: "showPictureToCitizen", tag: "help",
        access: .open,
        "会话中的图片", "A picture of the session", parameters: [roomToken, pictureID])
    package static let citizenSignal = Endpoint<RoomReference, RoomSignal, RoomReceipt>(
        .post, "/guide/v1/help/rooms/{token}/messages", id: "signalToHelper", tag: "help", access: .open, "发一条信令或文字",
        "Send a signal or a text"
    ) {
        $0.bodyLimit = signalLimit
        $0.problems = [.refused]
    }
    package static let citizenEvents = EndpointDescription.bytes(
        "text/event-stream", "/guide/v1/help/rooms/{token}/events", id: "followHelpRoom", tag: "help", access: .open,
        "跟随会话（SSE）", "Follow the session (server-sent events)", parameters: [roomToken, after])

    // MARK: - Helpers

    package static let helperQueue = EndpointDescription.page(
        .get, "/guide/helper", id: "showHelperQueue", tag: "helper", access: helping, "帮办台", "The helpers' queue")
    package static let takeNext = EndpointDescription.page(
        .post, "/guide/helper/next", id: "takeNext", tag: "helper", access: helping, "接下一位", "Take the next", form: [],
        leadsOn: true)
    package static let newSessionPage = EndpointDescription.page(
        .get, "/guide/helper/new", id: "showNewSession", tag: "helper", access: helping, "登记现场或电话来访",
        "Add a walk-in or a caller", parameters: [.query("item", .words("事项编码", "The item"))])
    package static let addSession = EndpointDescription.page(
        .post, "/guide/helper/sessions", id: "addSession", tag: "helper", access: helping, "登记现场或电话来访",
        "Add a walk-in or a caller", form: [.init("channel", .text("渠道", "The channel", to: 20))] + who, leadsOn: true)
    package static let sessionPage = EndpointDescription.page(
        .get, "/guide/helper/sessions/{session}", id: "showSession", tag: "helper", access: helping, "一次会话",
        "One session", parameters: [sessionID])
    package static let takeSession = sessionAction("take", id: "takeSession", "接这一位", "Take this one")
    package static let missSession = sessionAction("no-show", id: "missSession", "未到", "Note a no-show")
    package static let noteSession = sessionAction(
        "notes", id: "noteSession", "记工作记录", "Write notes",
        form: [
            .optional("notes", .text("记录", "Notes", to: 5000)),
            .optional("outcome", .text("结果", "The outcome", to: 40)),
            .optional("follow_up_on", .text("回访日期", "The day to follow up", to: 10)),
        ])
    package static let handOver = sessionAction(
        "hand-over", id: "handOverSession", "转交", "Hand over",
        form: [.optional("to", .text("交给谁；空为退回队列", "To whom; back to the queue if empty", to: 100))])
    package static let endSession = sessionAction(
        "end", id: "endSession", "结束", "End",
        form: [
            .optional("notes", .text("记录", "Notes", to: 5000)),
            .optional("outcome", .text("结果", "The outcome", to: 40)),
            .optional("follow_up_on", .text("回访日期", "The day to follow up", to: 10)),
        ])
    package static let helperChat = sessionAction("chat", id: "sayToCitizen", "发文字", "Say something", form: said)
    package static let helperPicture = pictureUpload(
        "/guide/helper/sessions/{session}/pictures", id: "sendPictureToCitizen", access: helping, [sessionID])
    package static let helperPictureFile = EndpointDescription.bytes(
        "image/*", "/guide/helper/sessions/{session}/pictures/{picture}", id: "showPictureToHelper", tag: "helper",
        access: helping, "会话中的图片", "A picture of the session", parameters: [sessionID, pictureID])
    package static let helperSignal = Endpoint<SessionReference, RoomSignal, RoomReceipt>(
        .post, "/guide/v1/helper/sessions/{session}/messages", id: "signalToCitizen", tag: "helper", access: helping,
        "发一条信令或文字", "Send a signal or a text"
    ) {
        $0.bodyLimit = signalLimit
        $0.problems = [.refused]
    }
    package static let helperEvents = EndpointDescription.bytes(
        "text/event-stream", "/guide/v1/helper/sessions/{session}/events", id: "followSession", tag: "helper",
        access: helping, "跟随会话（SSE）", "Follow the session (server-sent events)", parameters: [sessionID, after])

    package static var sessions: [EndpointDescription] {
        [
            helpPage, askForHelp, bookingPage, bookHelp, helpRoom, arrive, leave, citizenChat, rate, citizenPicture,
            citizenPictureFile, citizenSignal.description, citizenEvents, helperQueue, takeNext, newSessionPage,
            addSession, sessionPage, takeSession, missSession, noteSession, handOver, endSession, helperChat,
            helperPicture, helperPictureFile, helperSignal.description, helperEvents,
        ]
    }

    /// A description in JSON, where a character may become six bytes.
    private static let signalLimit = 160 * 1024
    /// A picture with the form around it.
    package static let pictureLimit = 10_000_000

    private static func roomAction(
        _ name: String, id: String, _ zh: String, _ en: String, form: [Schema.Property] = []
    ) -> EndpointDescription {
        .page(
            .post, "/guide/help/rooms/{token}/\(name)", id: id, tag: "help", access: .open, zh, en,
            parameters: [roomToken], form: form, leadsOn: true)
    }

    private static func sessionAction(
        _ name: String, id: String, _ zh: String, _ en: String, form: [Schema.Property] = []
    ) -> EndpointDescription {
        .page(
            .post, "/guide/helper/sessions/{session}/\(name)", id: id, tag: "helper", access: helping, zh, en,
            parameters: [sessionID], form: form, leadsOn: true)
    }

    private static func pictureUpload(
        _ path: String, id: String, access: Access, _ parameters: [Parameter]
    ) -> EndpointDescription {
        var page = EndpointDescription.page(
            .post, path, id: id, tag: access == .open ? "help" : "helper", access: access, "发图片", "Send a picture",
            parameters: parameters, leadsOn: true)
        page.body = .upload(field: "picture")
        page.bodyLimit = pictureLimit + 64 * 1024
        return page
    }
}

package struct RoomReference: APIParameters, Hashable {
    package let token: String

    package static let parameters: [Parameter] = [GuideContract.roomToken]
}

package struct SessionReference: APIParameters, Hashable {
    package let session: String

    package static let parameters: [Parameter] = [GuideContract.sessionID]
}

/// What one side of a room sends to the other.
package struct RoomSignal: APIBody, Hashable {
    package let kind: String
    /// Names the page that sends, so that a page loaded anew is told from the one before.
    package let page: String
    /// The page that it is meant for.
    package let to: String?
    package let content: String?

    package init(kind: String, page: String, to: String? = nil, content: String? = nil) {
        self.kind = kind
        self.page = page
        self.to = to
        self.content = content
    }

    package static let schema = Schema.object(
        "RoomSignal", "发给对方的一条", "What one side sends to the other",
        [
            .init("kind", .choice(GuideContract.signalKinds, "种类", "Its kind")),
            .init("page", .text("发出的页面", "The page that sends", from: 1, to: 40)),
            .optional("to", .text("给哪个页面", "The page that it is meant for", from: 1, to: 40)),
            .optional("content", .text("内容", "What it says", to: GuideContract.longestContent)),
        ])
}

package struct RoomReceipt: APIBody, Hashable {
    package let sequence: Int64

    package init(sequence: Int64) {
        self.sequence = sequence
    }

    package static let schema = Schema.object(
        "RoomReceipt", "已记下", "It was taken",
        [.init("sequence", .integer("序号", "Its sequence number", from: 1))])
}
