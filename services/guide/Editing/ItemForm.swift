import Contracts
import Hummingbird
import NIOCore
import ServiceKit
import SocialDomain

/// The form of every element. Lists are lines of text, so that it works without a script.
struct ItemForm: Sendable {
    let app: GuideApplication
    let pages: EditingPages

    private struct Group {
        let title: String
        let elements: [ItemElement]
    }

    private static let groups = [
        Group(title: "form.what", elements: [.name, .plainName, .aliases, .summary, .results]),
        Group(
            title: "form.who",
            elements: [.department, .kind, .level, .baseCode, .audience, .themes, .isFrequent, .isSample]),
        Group(title: "form.how", elements: [.channels, .variants, .conditions, .materials, .steps]),
        Group(title: "form.when", elements: [.statutoryDays, .promisedDays, .visits, .feeAmount, .feeNote]),
        Group(title: "form.where", elements: [.places, .consultPhone, .complaintPhone]),
        Group(title: "form.more", elements: [.questions, .legalBasis, .video]),
    ]

    func addRoutes(to routes: inout RouteTable) {
        routes.on(GuideContract.editPage) { request, context in
            let item = try await pages.find(context)
            return try await show(request, context, item: item, texts: Self.texts(item.head.content))
        }
        routes.on(GuideContract.saveForm) { request, context in try await save(request, context) }
    }

    private static func texts(_ content: ItemContent) -> [ItemElement: String] {
        Dictionary(uniqueKeysWithValues: ItemElement.allCases.map { ($0, ItemText.text($0, of: content)) })
    }

    private static func texts(_ form: Form) -> [ItemElement: String] {
        var texts: [ItemElement: String] = [:]
        for element in ItemElement.allCases where element != .code {
            texts[element] =
                element == .channels
                ? ItemContent.allChannels.filter { form["channels:\($0)"] != nil }.joined(separator: "\n")
                : form[element.rawValue] ?? ""
        }
        return texts
    }

    // MARK: - Saving

    private func save(_ request: Request, _ context: KitContext) async throws -> Response {
        let form: Form
        do {
            form = try await Form.read(request, limit: Form.longSizeLimit)
        } catch is NIOTooManyBytesError {
            throw Problem.tooLarge(limit: Figures.bytes(Form.longSizeLimit))
        }
        let item = try await pages.find(context)
        let (tag, texts) = (try EditingPages.tag(form), Self.texts(form))
        var content = item.head.content
        var faults: [ElementFault] = []
        for element in ItemElement.allCases {
            if let text = texts[element] { faults += ItemText.set(element, to: text, in: &content) }
        }
        guard faults.isEmpty else {
            return try await show(
                request, context, item: item, texts: texts, tag: tag,
                faults: faults.map { FieldFault(field: $0.element.rawValue, message: $0.sentence) })
        }
        do {
            let (content, code) = (content, item.code)
            try await pages.perform(context) { try $0.save(content, of: code, tag: tag) }
        } catch let refusal as EditingRefusal {
            return try await show(
                request, context, item: item, texts: texts, tag: tag, status: .conflict,
                faults: [FieldFault(field: "name", message: refusal.explanation)])
        } catch let problem as Problem where problem.code == Problem.stale.code {
            return try await showBoth(request, context, mine: content, texts: texts)
        } catch let problem as Problem where problem.code == "invalid" {
            return try await show(request, context, item: item, texts: texts, tag: tag, faults: problem.errors)
        }
        return Response(status: .seeOther, headers: [.location: EditingPages.address(item.code)])
    }

    /// Somebody saved meanwhile: what they say otherwise stands above the form with what was typed here, and saving
    /// again is done knowingly.
    private func showBoth(
        _ request: Request, _ context: KitContext, mine: ItemContent, texts: [ItemElement: String]
    ) async throws -> Response {
        let words = app.site.words(context)
        let item = try await pages.find(context)
        let diff = ItemDiff(from: item.head.content, to: ItemText.normalised(mine))
        let view = EditingView(words: words, today: "", departments: app.catalogue.snapshot.departments)
        let message = LocalizedText(
            zh: "在您填写的时候，\(item.head.editedName.isEmpty ? "别人" : item.head.editedName)保存了另一份。下面列出两份的区别；"
                + "核对后再按保存，就以您填写的为准。",
            en:
                "\(item.head.editedName.isEmpty ? "Somebody else" : item.head.editedName) saved another version while you "
                + "were writing. What differs stands below; save again to put yours in its place.")
        return try await show(
            request, context, item: item, texts: texts, status: .preconditionFailed,
            faults: [FieldFault(field: "both", message: message)], both: view.changes(diff))
    }

    // MARK: - The page

    private func show(
        _ request: Request, _ context: KitContext, item: EditedItem, texts: [ItemElement: String],
        tag: Int64? = nil, status: HTTPResponse.Status = .unprocessableContent, faults: [FieldFault] = [],
        both: Fields? = nil
    ) async throws -> Response {
        let words = app.site.words(context)
        var page = Page("editing-form", title: words("form.title", ["name": item.name]), place: "editing")
        page.lead = words["form.lead"]
        let address = EditingPages.address(item.code)
        page.crumbs = [(words["editing.title"], EditingPages.path), (item.name, address)]
        page.addressAfterPost = "\(address)/edit"
        page.fields = ["address": address, "tag": "\(tag ?? item.head.tag)", "code": item.code]
        page.fields["both"] = both
        page.faults = faults.map { Self.named($0, words) }
        if !faults.isEmpty { page.status = status }
        page.fields["groups"] = Self.groups.map { group -> Fields in
            [
                "title": words[group.title],
                "fields": group.elements.map { element in
                    field(element, texts, faults.filter { $0.field == element.rawValue }, words)
                },
            ]
        }
        return app.site.page(page, request, context)
    }

    /// In the summary each fault says which element it is about.
    private static func named(_ fault: FieldFault, _ words: Words) -> FieldFault {
        guard let label = words.catalogue["element.\(fault.field)"] else { return fault }
        return FieldFault(
            field: fault.field,
            message: LocalizedText(
                zh: "\(label.zh)：\(fault.message.zh)", en: "\(label.en): \(fault.message.en)"))
    }

    private func field(
        _ element: ItemElement, _ texts: [ItemElement: String], _ faults: [FieldFault], _ words: Words
    ) -> Fields {
        let text = texts[element] ?? ""
        let id = element.rawValue
        let hint = words.catalogue["element.\(id).hint"].map { words[$0] }
        var fields: Fields = ["id": id, "label": words["element.\(id)"]]
        fields["hint"] = hint
        fields["faults"] =
            faults.isEmpty ? nil : ["list": faults.map { ["message": words[$0.message]] as Fields }] as Fields
        let notes = [hint == nil ? nil : "\(id)-hint", faults.isEmpty ? nil : "\(id)-fault"].compactMap(\.self)
        fields["describedBy"] = notes.isEmpty ? nil : notes.joined(separator: " ")
        let view = EditingView(words: words, today: "", departments: [])
        switch element {
        case .department:
            fields["select"] =
                [
                    "options": view.options(app.catalogue.snapshot.departments.map { ($0.id, $0.name) }, chosen: text)
                ] as Fields
        case .kind:
            let kinds = [("", words["form.choose"])] + ItemElement.kinds.map { ($0.name, $0.name) }
            fields["select"] = ["options": view.options(kinds, chosen: text)] as Fields
        case .isFrequent, .isSample:
            fields["select"] =
                [
                    "options": view.options([("否", words["form.no"]), ("是", words["form.yes"])], chosen: text)
                ] as Fields
        case .channels:
            let chosen = text.split(whereSeparator: \.isNewline).compactMap { EntryLine.channel(String($0)) }
            fields["boxes"] =
                [
                    "list": ItemContent.allChannels.map { channel -> Fields in
                        [
                            "name": "channels:\(channel)", "label": words["channel.\(channel)"],
                            "isChosen": chosen.contains(channel),
                        ]
                    }
                ] as Fields
        case _ where element.isList || element == .summary:
            let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).count
            fields["area"] = ["text": text, "rows": "\(min(16, max(3, lines + 1)))"] as Fields
        default: fields["input"] = ["text": text] as Fields
        }
        return fields
    }
}
