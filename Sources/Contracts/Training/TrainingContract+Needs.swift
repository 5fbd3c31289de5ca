import SocialDomain

/// People for whom aid asks training, for the bureau's officers.
extension TrainingContract {
    private static let person = Parameter.path(
        "person", .text("人员编号（社会救助）", "The person's id in aid", from: 1, to: 100, example: "P0000003"))
    private static let version = Schema.Property.optional(
        "version", .words("打开页面时的版本", "The version the page was shown in"))

    package static let needsPage = EndpointDescription.page(
        .get, "/training/needs", id: "showNeeds", tag: "needs", access: preparing, "培训需求",
        "People for whom aid asks training",
        parameters: [
            .query("state", .words("状态", "The state")),
            .query("after", .words("上一页最后一人", "The last of the page before")),
        ])
    package static let needsExport = EndpointDescription.bytes(
        "text/csv", "/training/needs/export.csv", id: "exportNeeds", tag: "needs", access: preparing, "培训需求导出（CSV）",
        "The needs as CSV", parameters: [.query("state", .words("状态", "The state"))])
    package static let needPage = EndpointDescription.page(
        .get, "/training/needs/{person}", id: "showNeed", tag: "needs", access: preparing, "一个人的培训需求和合适的班",
        "One person's need, with the classes that suit", parameters: [person])
    package static let setNeed = EndpointDescription.page(
        .post, "/training/needs/{person}", id: "setNeed", tag: "needs", access: preparing, "填写愿望和学历",
        "Set the wish and the schooling", parameters: [person],
        form: [
            .optional("wish", .words("就业愿望", "The wish")), .optional("schooling", .words("学历", "The schooling")),
            .optional("declined", .words("本人不参加", "The person does not want to")),
            .optional("note", .words("备注", "A note")), version,
        ], leadsOn: true)
    package static let offerPlace: EndpointDescription = {
        var page = EndpointDescription.page(
            .post, "/training/needs/{person}/offer", id: "offerPlace", tag: "needs", access: preparing, "安排一个名额",
            "Offer a place in a class", parameters: [person],
            form: [.optional("class", .words("班次编号", "The class's number")), version])
        page.problems.append(ProblemKind(503, "aid-unreachable", "联系不上社会救助服务", "The aid service cannot be reached"))
        return page
    }()

    package static var needs: [EndpointDescription] { [needsPage, needsExport, needPage, setNeed, offerPlace] }
}
