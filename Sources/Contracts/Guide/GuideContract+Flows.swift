/// Guided questions (一件事): answered by citizens, written by editors.
extension GuideContract {
    private static let flow = Parameter.path("flow", .text("编号", "The flow's id", from: 1, to: 60, example: "newborn"))

    package static let flows = EndpointDescription.page(
        .get, "/guide/flows", id: "showFlows", tag: "pages", access: .open, "一件事", "The guided questions")
    package static let flowPage = EndpointDescription.page(
        .get, "/guide/flows/{flow}", id: "showFlow", tag: "pages", access: .open, "一个问题，或全部要办的事",
        "One question, or at the end what to do",
        parameters: [flow, .query("a", .words("已选的答案", "The answers so far"))])

    package static let flowList = EndpointDescription.page(
        .get, "/guide/manage/flows", id: "showFlowList", tag: "flows", access: viewing, "一件事的编写", "The flows to edit")
    package static let newFlow = EndpointDescription.page(
        .get, "/guide/manage/flows/new", id: "showNewFlow", tag: "flows", access: editing, "新的一件事", "A new flow")
    package static let addFlow = saving(
        "/guide/manage/flows/new", id: "addFlow", "检查或保存新的一件事", "Check or keep a new flow")
    package static let editFlowPage = EndpointDescription.page(
        .get, "/guide/manage/flows/{flow}", id: "showFlowEditor", tag: "flows", access: viewing, "编写一件事",
        "Edit a flow", parameters: [flow])
    package static let saveFlow = saving(
        "/guide/manage/flows/{flow}", id: "saveFlow", "检查或保存", "Check or keep a draft", parameters: [flow])
    package static let flowPreview = EndpointDescription.page(
        .get, "/guide/manage/flows/{flow}/preview", id: "previewFlow", tag: "flows", access: viewing, "预览草稿",
        "A draft as citizens will see it",
        parameters: [
            flow, .query("a", .words("已选的答案", "The answers so far")), .query("edition", .words("第几版", "Which edition")),
        ])
    package static let submitFlow = step("submit", "submitFlow", editing, "送审", "Hand a draft to a reviewer")
    package static let publishFlow = step("publish", "publishFlow", reviewing, "审核并发布", "Publish what another wrote")
    package static let returnFlow = step("return", "returnFlow", reviewing, "退回修改", "Give a draft back")
    package static let withdrawFlow = step(
        "withdraw", "withdrawFlow", reviewing, "下线", "Take a flow from the public pages")

    private static func saving(
        _ path: String, id: String, _ zh: String, _ en: String, parameters: [Parameter] = []
    ) -> EndpointDescription {
        var page = EndpointDescription.page(
            .post, path, id: id, tag: "flows", access: editing, zh, en, parameters: parameters, leadsOn: true)
        // Not as a plain form: in that a Chinese character takes nine bytes.
        page.body = .upload(field: "content")
        page.bodyLimit = 256 << 10
        page.answers.append(.init(200, .page, "检查的结果", "What the check found"))
        return page
    }

    private static func step(
        _ name: String, _ id: String, _ access: Access, _ zh: String, _ en: String
    ) -> EndpointDescription {
        .page(
            .post, "/guide/manage/flows/{flow}/\(name)", id: id, tag: "flows", access: access, zh, en,
            parameters: [flow],
            form: [
                .optional("number", .words("第几版", "Which edition")),
                .optional("version", .words("第几次改动", "Which change")),
                .optional("note", .words("说明", "A note")),
            ], leadsOn: true)
    }

    package static var flowRoutes: [EndpointDescription] {
        [
            flows, flowPage, flowList, newFlow, addFlow, editFlowPage, saveFlow, flowPreview, submitFlow, publishFlow,
            returnFlow, withdrawFlow,
        ]
    }
}
