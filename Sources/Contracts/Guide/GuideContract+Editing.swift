import SocialDomain

/// The life of an item (动态调整): claim, complete, review, publish, withdraw; for editors and for programs.
extension GuideContract {
    private static let tagField = Schema.Property("tag", .words("依据的版本", "The state that the change is made on"))
    private static let noteField = Schema.Property.optional("note", .words("说明", "A note"))
    private static let editPath = "/guide/editing/items/{code}"

    private static func step(
        _ name: String, id: String, access: Access = editing, _ zh: String, _ en: String,
        form: [Schema.Property] = []
    ) -> EndpointDescription {
        .page(
            .post, "\(editPath)/\(name)", id: id, tag: "editing", access: access, zh, en, parameters: [itemCode],
            form: form)
    }

    // MARK: - Pages

    package static let workList = EndpointDescription.page(
        .get, "/guide/editing", id: "showWork", tag: "editing", access: viewing, "事项维护：待办清单", "Items to work on",
        parameters: [
            .query("list", .words("哪个清单", "Which list")), .query("department", .words("部门", "Department")),
            .query("q", .words("名称或编码", "A name or a code")),
            .query("after", .words("上一页末条的序号", "The last entry of the page before")),
        ])
    package static let freshnessPage = EndpointDescription.page(
        .get, "/guide/editing/overdue", id: "showFreshness", tag: "editing", access: viewing, "各部门逾期未核对的事项",
        "Items not confirmed in time, by department")
    package static let newItemPage = EndpointDescription.page(
        .get, "/guide/editing/new", id: "showNewItem", tag: "editing", access: editing, "新建事项", "A new item")
    package static let beginItem = EndpointDescription.page(
        .post, "/guide/editing/new", id: "beginItem", tag: "editing", access: editing, "新建事项", "Begins a new item",
        form: [
            .init("code", .words("事项编码", "Its code")), .init("name", .words("名称", "Its name")),
            .init("department", .words("部门编号", "Its department")),
        ])
    package static let workItemPage = EndpointDescription.page(
        .get, editPath, id: "showWorkItem", tag: "editing", access: viewing, "一个事项的维护情况", "Where an item stands",
        parameters: [itemCode])
    package static let editPage = EndpointDescription.page(
        .get, "\(editPath)/edit", id: "showEditForm", tag: "editing", access: editing, "填写全部要素",
        "The form of every element",
        parameters: [itemCode])
    package static let previewPage = EndpointDescription.page(
        .get, "\(editPath)/preview", id: "showPreview", tag: "editing", access: viewing, "预览",
        "As citizens would see it",
        parameters: [
            itemCode, .query("edition", .words("第几版", "Which edition")), .query("variant", .words("情形", "Variant")),
            .query("channel", .words("办理方式", "Channel")),
        ])
    package static let changesPage = EndpointDescription.page(
        .get, "\(editPath)/changes", id: "showChanges", tag: "editing", access: viewing, "两版的区别",
        "What one edition says otherwise than another",
        parameters: [
            itemCode, .query("from", .words("旧版", "The older edition")),
            .query("to", .words("新版", "The newer edition")),
        ])
    package static let saveForm = EndpointDescription.page(
        .post, "\(editPath)/edit", id: "saveEditForm", tag: "editing", access: editing, "保存草稿", "Saves the draft",
        parameters: [itemCode], form: [tagField])

    package static let claimItem = step("claim", id: "claimItem", "认领", "Claims the item")
    package static let releaseItem = step("release", id: "releaseItem", "放开认领", "Releases the item")
    package static let submitItem = step("submit", id: "submitItem", "提交审核", "Hands it in", form: [tagField])
    package static let takeBackItem = step("take-back", id: "takeBackItem", "收回修改", "Takes it back", form: [tagField])
    package static let reviewItem = step(
        "review", id: "reviewItem", access: reviewing, "审核", "Reviews it",
        form: [tagField, .init("decision", .words("approve 或 return", "approve or return")), noteField])
    package static let publishItem = step(
        "publish", id: "publishItem", access: reviewing, "发布", "Publishes it",
        form: [tagField, .optional("on", .words("发布日期", "The day"))])
    package static let withdrawItem = step(
        "withdraw", id: "withdrawItem", access: reviewing, "撤销", "Withdraws it", form: [noteField])
    package static let restoreItem = step(
        "restore", id: "restoreItem", access: reviewing, "恢复", "Takes it up again")
    package static let confirmItem = step("confirm", id: "confirmItem", "核对无误", "Confirms that it is right")

    // MARK: - For programs

    package static let draft = Endpoint<ItemReference, NoBody, DraftRecord>(
        .get, "/guide/v1/drafts/{code}", id: "getDraft", tag: "drafts", access: viewing, "最新一版，含草稿",
        "The newest edition, a draft too"
    ) { $0.isVersioned = true }
    package static let saveDraft = Endpoint<ItemReference, DraftBody, DraftRecord>(
        .put, "/guide/v1/drafts/{code}", id: "saveDraft", tag: "drafts", access: editing, "保存草稿",
        "Saves the draft, or begins the next edition"
    ) {
        $0.isVersioned = true
        $0.needsMatch = true
        $0.bodyLimit = 512 * 1024
        $0.problems = [.refused]
    }
    package static let editions = Endpoint<ItemReference, NoBody, Listing<EditionEntry>>(
        .get, "/guide/v1/drafts/{code}/editions", id: "listEditions", tag: "drafts", access: viewing, "各版",
        "Its editions, the newest first")

    private static func action<Body: APIBody>(
        _ name: String, id: String, access: Access = editing, _ zh: String, _ en: String, isMatched: Bool
    ) -> Endpoint<ItemReference, Body, DraftRecord> {
        Endpoint(.post, "/guide/v1/drafts/{code}/\(name)", id: id, tag: "drafts", access: access, zh, en) {
            $0.isVersioned = true
            $0.needsMatch = isMatched
            $0.takesKey = true
            $0.problems = [.refused]
        }
    }

    package static let claimDraft: Endpoint<ItemReference, NoBody, DraftRecord> = action(
        "claim", id: "claimDraft", "认领", "Claims the item", isMatched: false)
    package static let releaseDraft: Endpoint<ItemReference, NoBody, DraftRecord> = action(
        "release", id: "releaseDraft", "放开认领", "Releases the item", isMatched: false)
    package static let submitDraft: Endpoint<ItemReference, NoBody, DraftRecord> = action(
        "submit", id: "submitDraft", "提交审核", "Hands the draft in", isMatched: true)
    package static let takeBackDraft: Endpoint<ItemReference, NoBody, DraftRecord> = action(
        "take-back", id: "takeBackDraft", "收回修改", "Takes it back", isMatched: true)
    package static let reviewDraft: Endpoint<ItemReference, ReviewBody, DraftRecord> = action(
        "review", id: "reviewDraft", access: reviewing, "审核", "Approves or returns it; another person than its writers",
        isMatched: true)
    package static let publishDraft: Endpoint<ItemReference, PublicationBody, DraftRecord> = action(
        "publish", id: "publishDraft", access: reviewing, "发布", "Publishes an approved edition, now or on a day",
        isMatched: true)
    package static let withdrawDraft: Endpoint<ItemReference, ReasonBody, DraftRecord> = action(
        "withdraw", id: "withdrawDraft", access: reviewing, "撤销", "Takes the item from citizens' sight",
        isMatched: false)
    package static let restoreDraft: Endpoint<ItemReference, NoBody, DraftRecord> = action(
        "restore", id: "restoreDraft", access: reviewing, "恢复", "Takes a withdrawn item up again", isMatched: false)
    package static let confirmDraft: Endpoint<ItemReference, NoBody, DraftRecord> = action(
        "confirm", id: "confirmDraft", "核对无误", "Confirms that what citizens see is right", isMatched: false)

    package static var lifeCycle: [EndpointDescription] {
        [
            workList, freshnessPage, newItemPage, beginItem, workItemPage, editPage, saveForm, previewPage, changesPage,
            claimItem, releaseItem, submitItem, takeBackItem, reviewItem, publishItem, withdrawItem, restoreItem,
            confirmItem, draft.description, saveDraft.description, editions.description, claimDraft.description,
            releaseDraft.description, submitDraft.description, takeBackDraft.description, reviewDraft.description,
            publishDraft.description, withdrawDraft.description, restoreDraft.description, confirmDraft.description,
        ]
    }
}

/// The newest edition of an item and where it stands.
package struct DraftRecord: APIBody, Hashable {
    package let code: String
    package let edition: Int64
    package let state: String
    package let elements: JSONValue
    package let editedAt: String
    package let editedBy: String
    package let claimedBy: String?
    package let note: String
    package let publishOn: String?
    package let isPublished: Bool
    package let isWithdrawn: Bool
    package let confirmedOn: String?
    package let reviewBy: String?
    /// 0 to 100.
    package let score: Int
    package let missing: [String]

    package init(
        code: String, edition: Int64, state: String, elements: JSONValue, editedAt: String, editedBy: String,
        claimedBy: String?, note: String, publishOn: String?, isPublished: Bool, isWithdrawn: Bool,
        confirmedOn: String?, reviewBy: String?, score: Int, missing: [String]
    ) {
        self.code = code
        self.edition = edition
        self.state = state
        self.elements = elements
        self.editedAt = editedAt
        self.editedBy = editedBy
        self.claimedBy = claimedBy
        self.note = note
        self.publishOn = publishOn
        self.isPublished = isPublished
        self.isWithdrawn = isWithdrawn
        self.confirmedOn = confirmedOn
        self.reviewBy = reviewBy
        self.score = score
        self.missing = missing
    }

    package static let state = Schema.choice(
        ["draft", "submitted", "approved", "published", "returned"], "状态", "Where it stands")

    package static let schema = Schema.object(
        "Draft", "最新一版", "The newest edition",
        [
            .init("code", .text("事项编码", "The item's code", to: 200)),
            .init("edition", .integer("第几版", "The edition's number", from: 1)),
            .init("state", state),
            .init("elements", Schema(.any, "全部要素", "Every element, as in the catalogue's files")),
            .init("editedAt", .formatted(.moment, "修改时间", "When it was changed last")),
            .init("editedBy", .text("修改人", "Who changed it last", to: 200)),
            .optional("claimedBy", .text("认领人", "Who has claimed it", to: 200)),
            .init("note", .text("审核说明", "The reviewer's note", to: 500)),
            .optional("publishOn", .formatted(.date, "定于发布", "The day on which it appears")),
            .init("isPublished", .boolean("群众是否可见", "Whether citizens see an edition")),
            .init("isWithdrawn", .boolean("是否已撤销", "Whether it is withdrawn")),
            .optional("confirmedOn", .formatted(.date, "最近核对", "When it was last confirmed")),
            .optional("reviewBy", .formatted(.date, "应核对于", "To be confirmed again by")),
            .init("score", .integer("完整度", "Completeness", to: 100)),
            .init("missing", .list("还缺", "What is missing", of: .text("要素", "An element", to: 50))),
        ])
}

package struct DraftBody: APIBody, Hashable {
    package let elements: JSONValue

    package init(elements: JSONValue) {
        self.elements = elements
    }

    package static let schema = Schema.object(
        "DraftContent", "全部要素", "What the edition is to say",
        [.init("elements", Schema(.any, "全部要素", "Every element, as in the catalogue's files"))])
}

package struct ReviewBody: APIBody, Hashable {
    package let decision: String
    package let note: String?

    package init(decision: String, note: String?) {
        self.decision = decision
        self.note = note
    }

    package static let schema = Schema.object(
        "Review", "审核意见", "A review",
        [
            .init("decision", .choice(["approve", "return"], "通过或退回", "Approved, or returned")),
            .optional("note", .text("说明，退回时必填", "A note; needed where it is returned", to: 500)),
        ])
}

package struct PublicationBody: APIBody, Hashable {
    package let on: String?

    package init(on: String?) {
        self.on = on
    }

    package static let schema = Schema.object(
        "Publication", "何时发布", "When it appears",
        [.optional("on", .formatted(.date, "发布日期，不写即刻发布", "The day; at once where it is left out"))])
}

package struct ReasonBody: APIBody, Hashable {
    package let reason: String

    package init(reason: String) {
        self.reason = reason
    }

    package static let schema = Schema.object(
        "Reason", "原因", "A reason", [.init("reason", .text("原因", "Why", from: 1, to: 500))])
}

package struct EditionEntry: APIBody, Hashable {
    package let edition: Int64
    package let state: String
    package let editedAt: String
    package let editedBy: String
    package let reviewedBy: String?
    package let publishedAt: String?

    package init(
        edition: Int64, state: String, editedAt: String, editedBy: String, reviewedBy: String?, publishedAt: String?
    ) {
        self.edition = edition
        self.state = state
        self.editedAt = editedAt
        self.editedBy = editedBy
        self.reviewedBy = reviewedBy
        self.publishedAt = publishedAt
    }

    package static let schema = Schema.object(
        "Edition", "一版", "One edition",
        [
            .init("edition", .integer("第几版", "Its number", from: 1)), .init("state", DraftRecord.state),
            .init("editedAt", .formatted(.moment, "修改时间", "When it was changed last")),
            .init("editedBy", .text("修改人", "Who changed it last", to: 200)),
            .optional("reviewedBy", .text("审核人", "Who reviewed it", to: 200)),
            .optional("publishedAt", .formatted(.moment, "发布时间", "When it was published")),
        ])
}
