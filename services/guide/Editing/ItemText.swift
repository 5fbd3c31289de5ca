import SocialDomain

/// Every element as a text that a person can read and type: forms, spreadsheets and comparisons all use this one form.
enum ItemText {
    static func text(_ element: ItemElement, of content: ItemContent) -> String {
        if element.isList { return lines(element, of: content).joined(separator: "\n") }
        return switch element {
        case .code: content.code
        case .baseCode: content.baseCode
        case .department: content.department
        case .name: content.name
        case .plainName: content.plainName
        case .summary: content.summary
        case .kind: content.kind
        case .level: content.level
        case .isFrequent: content.isFrequent ? "是" : "否"
        case .isSample: content.isSample ? "是" : "否"
        case .statutoryDays: content.statutoryDays.map(String.init) ?? ""
        case .promisedDays: content.promisedDays.map(String.init) ?? ""
        case .visits: content.visits.map(String.init) ?? ""
        case .feeAmount: content.fee.amount
        case .feeNote: content.fee.note
        case .consultPhone: content.consultPhone
        case .complaintPhone: content.complaintPhone
        case .video: content.video ?? ""
        default: ""
        }
    }

    /// The entries of a list, a line each.
    static func lines(_ element: ItemElement, of content: ItemContent) -> [String] {
        switch element {
        case .aliases: content.aliases.map(EntryLine.escaped)
        case .audience: content.audience.map(EntryLine.escaped)
        case .themes: content.themes.map(EntryLine.escaped)
        case .results: content.results.map(EntryLine.escaped)
        case .channels: content.channels.map(EntryLine.channelWord)
        case .variants: content.variants.map { EntryLine([$0.id, $0.name]).text }
        case .places:
            content.places.map { EntryLine([$0.name, $0.address, $0.window, $0.hours, $0.phone]).text }
        case .legalBasis: content.legalBasis.map { EntryLine([$0.title, $0.article]).text }
        case .conditions:
            content.conditions.map { EntryLine([$0.text], variants: $0.variants, channels: $0.channels).text }
        case .materials: content.materials.map { material($0).text }
        case .steps:
            content.steps.map {
                EntryLine([$0.name, $0.text, $0.time ?? ""], variants: $0.variants, channels: $0.channels).text
            }
        case .questions: content.questions.map { EntryLine([$0.question, $0.answer]).text }
        default: [text(element, of: content)]
        }
    }

    private static func material(_ material: ItemContent.Material) -> EntryLine {
        EntryLine(
            [
                material.name, "\(material.originals)", "\(material.copies)", material.source,
                material.isRequired ? "必需" : "需要时", material.note ?? "", material.waiver ?? "",
            ], variants: material.variants, channels: material.channels)
    }

    /// The content with every text trimmed, and without the empty ones that mean the same as none: what two contents are
    /// compared in.
    static func normalised(_ content: ItemContent) -> ItemContent {
        var normalised = content
        for element in ItemElement.allCases where element != .department {
            _ = set(element, to: text(element, of: content), in: &normalised)
        }
        normalised.department = TextForm.trimmed(content.department)
        return normalised
    }
}
