import ServiceKit
import SocialDomain

/// One item as its page shows it: conditions, materials with a list to tick, steps; by variant and channel.
struct ItemView {
    let item: PublishedItem
    let department: String
    let variant: String?
    let channel: String?
    let words: Words
    private var content: ItemContent { item.content }
    private let path: String

    /// - Parameter path: of the page, for the choices of variant and channel; the item's own where it is nil.
    init(item: PublishedItem, department: String, query: QueryItems, words: Words, path: String? = nil) {
        self.item = item
        self.department = department
        self.words = words
        self.path = path ?? "/guide/items/\(QueryItems.encoded(item.content.code))"
        let content = item.content
        variant =
            query["variant"].flatMap { id in content.variants.contains { $0.id == id } ? id : nil }
            ?? content.variants.first?.id
        channel = query["channel"].flatMap { content.channels.contains($0) ? $0 : nil } ?? content.channels.first
    }

    func fields() -> Fields {
        var fields = Fields()
        fields["department"] = department
        fields["code"] = content.code
        fields["plainName"] = content.plainName.isEmpty ? nil : content.plainName
        fields["isSample"] = content.isSample
        fields["facts"] = facts()
        if content.variants.count > 1 {
            fields["variants"] =
                [
                    "list": content.variants.map { choice($0.name, variant: $0.id, channel: channel, $0.id == variant) }
                ] as Fields
        }
        if content.channels.count > 1 {
            fields["channels"] =
                [
                    "list": content.channels.map {
                        choice(words["channel.\($0)"], variant: variant, channel: $0, $0 == channel)
                    }
                ] as Fields
        }
        fields["conditions"] = applying(content.conditions).map { ["text": $0.text] as Fields }
        fields["materials"] = materials()
        fields["steps"] = applying(content.steps).enumerated().map { index, step -> Fields in
            var fields: Fields = ["number": "\(index + 1)", "name": step.name, "text": step.text]
            fields["time"] = step.time
            return fields
        }
        fields["places"] = content.places.map { place -> Fields in
            [
                "name": place.name, "address": place.address, "window": place.window, "hours": place.hours,
                "phone": place.phone, "phoneHref": Self.dial(place.phone),
            ]
        }
        fields["questions"] = content.questions.map { ["question": $0.question, "answer": $0.answer] as Fields }
        fields["legalBasis"] = content.legalBasis.map { ["title": $0.title, "article": $0.article] as Fields }
        fields["video"] = content.video
        fields["consultPhone"] = content.consultPhone.isEmpty ? nil : content.consultPhone
        fields["consultHref"] = Self.dial(content.consultPhone)
        fields["complaintPhone"] = content.complaintPhone.isEmpty ? nil : content.complaintPhone
        fields["confirmed"] = item.confirmedOn.map {
            words("item.confirmed", ["day": Figures.date($0, in: words.language)])
        }
        fields["edition"] = words(
            "item.edition", ["n": "\(item.number)", "day": Figures.day(item.publishedAt, in: words.language)])
        return fields
    }

    private func applying<Part: Applicable>(_ parts: [Part]) -> [Part] {
        parts.filter { $0.applies(variant: variant, channel: channel) }
    }

    private func choice(_ name: String, variant: String?, channel: String?, _ isChosen: Bool) -> Fields {
        var query = QueryItems()
        query = query.setting("variant", variant).setting("channel", channel)
        return ["name": name, "href": path + query.suffix, "isChosen": isChosen]
    }

    private func facts() -> [Fields] {
        var facts: [(String, String)] = []
        if let days = content.promisedDays {
            facts.append(
                (words["item.promised"], days == 0 ? words["item.atOnce"] : words("item.days", ["n": "\(days)"])))
        }
        if let days = content.statutoryDays {
            facts.append((words["item.statutory"], words("item.days", ["n": "\(days)"])))
        }
        if !content.fee.amount.isEmpty {
            let amount =
                content.fee.amount == "0.00" ? words["item.free"] : words("item.yuan", ["n": content.fee.amount])
            facts.append(
                (
                    words["item.fee"],
                    content.fee.note.isEmpty || content.fee.amount == "0.00" ? amount : "\(amount)，\(content.fee.note)"
                ))
        }
        if let visits = content.visits {
            facts.append(
                (words["item.visits"], visits == 0 ? words["item.noVisit"] : words("item.times", ["n": "\(visits)"])))
        }
        if !content.results.isEmpty {
            facts.append((words["item.results"], content.results.joined(separator: words["list.comma"])))
        }
        if !content.audience.isEmpty {
            facts.append((words["item.audience"], content.audience.joined(separator: words["list.comma"])))
        }
        return facts.map { ["name": $0.0, "value": $0.1] }
    }

    private func materials() -> [Fields] {
        applying(content.materials).enumerated().map { index, material in
            var fields: Fields = [
                "id": "m\(index)", "name": material.name, "source": material.source,
                "isOptional": !material.isRequired,
            ]
            var copies: [String] = []
            if material.originals > 0 { copies.append(words("item.originals", ["n": "\(material.originals)"])) }
            if material.copies > 0 { copies.append(words("item.copies", ["n": "\(material.copies)"])) }
            fields["copies"] = copies.isEmpty ? nil : copies.joined(separator: words["list.comma"])
            fields["note"] = material.note.flatMap { $0.isEmpty ? nil : $0 }
            // What the departments tell each other need not be brought.
            fields["waiver"] = material.waiver.flatMap { $0.isEmpty ? nil : $0 }
            return fields
        }
    }

    static func dial(_ phone: String) -> String { "tel:" + phone.filter { $0.isNumber } }
}
