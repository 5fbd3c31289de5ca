/// What readers say and do, and what officials make of it.
extension GuideContract {
    package static let sayFeedback = EndpointDescription.page(
        .post, "/guide/items/{code}/feedback", id: "sayFeedback", tag: "pages", access: .open, "反馈：说得对不对",
        "Say whether an item's page is right", parameters: [itemCode],
        form: [
            .optional("verdict", .words("对或不对", "right or wrong")),
            .optional("note", .words("哪里不对，最多 500 字", "What is wrong, at most 500 characters")),
        ], leadsOn: true)
    package static let feedbackList = EndpointDescription.page(
        .get, "/guide/manage/feedback", id: "showFeedback", tag: "feedback", access: viewing, "群众反馈",
        "What readers said",
        parameters: ["state", "item", "after"].map { .query($0, .words("筛选", "A filter")) })
    package static let answerFeedback = EndpointDescription.page(
        .post, "/guide/manage/feedback/{id}", id: "answerFeedback", tag: "feedback", access: editing, "办结一条反馈",
        "Say what was done about it",
        parameters: [.path("id", .text("编号", "Its number", from: 1, to: 20, example: "1"))],
        form: [.optional("answer", .words("怎么处理的", "What was done"))], leadsOn: true)

    private static let span: [Parameter] = ["from", "to", "days"].map { .query($0, .words("哪些天", "Which days")) }
    package static let figures = EndpointDescription.page(
        .get, "/guide/manage/figures", id: "showFigures", tag: "figures", access: viewing, "使用情况",
        "How the signboard is used", parameters: span)
    private static let table = Parameter.path(
        "table", .choice(["days", "items", "missing", "plates", "freshness"], "哪张表", "Which table"))
    package static let figuresCSV = EndpointDescription.bytes(
        "text/csv", "/guide/manage/figures/{table}/export.csv", id: "exportFiguresCSV", tag: "figures", access: viewing,
        "导出（CSV）", "A table as CSV", parameters: [table] + span)
    package static let figuresWorkbook = EndpointDescription.bytes(
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "/guide/manage/figures/{table}/export.xlsx", id: "exportFiguresWorkbook", tag: "figures", access: viewing,
        "导出（XLSX）", "A table as a workbook", parameters: [table] + span)

    package static var figureRoutes: [EndpointDescription] {
        [sayFeedback, feedbackList, answerFeedback, figures, figuresCSV, figuresWorkbook]
    }
}
