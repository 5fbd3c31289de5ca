import SocialDomain

/// One item: the service, and the parts that are its own.
extension CPSVCatalogue {
    mutating func publicService(_ service: PublishedService) -> RDFNode {
        let content = service.item.content
        let page = addresses.item(content.code)
        var node = RDFNode("\(page)#service", "cpsv:PublicService")
        node.say("dct:identifier", .plain(content.code))
        node.say("dct:title", .zh(content.name))
        node.say("dct:description", .zh(content.summary.isEmpty ? content.name : content.summary))
        node.say("dcat:keyword", (content.aliases + [content.plainName]).filter { !$0.isEmpty }.map(RDFTerm.zh))
        node.say("dct:language", language())
        node.say("adms:status", concept(at: Self.inForce, zh: "现行有效", en: "Completed"))
        if !service.item.publishedAt.isEmpty {
            node.say("dct:modified", .typed(service.item.publishedAt, "xsd:dateTime"))
        }
        node.say("dct:spatial", location(service.division))
        // dct:type is taken by the functions of government, which the catalogue does not name.
        if !content.kind.isEmpty { node.say("cv:isClassifiedBy", concept("kind", content.kind)) }
        for theme in content.themes { node.say("cv:thematicArea", concept("theme", theme)) }
        for audience in content.audience { node.say("dct:audience", concept("audience", audience)) }
        if let days = content.promisedDays ?? content.statutoryDays {
            node.say("cv:processingTime", .typed("P\(days)D", "xsd:duration"))
        }
        let authority = authority(content.department, division: service.division)
        node.say("cv:hasCompetentAuthority", authority)
        node.say("cv:contactPoint", contactPoint(content, page: page))
        for channel in content.channels {
            node.say("cv:hasChannel", self.channel(channel, content, page: page, authority: authority))
        }
        if let cost = cost(content, page: page, authority: authority) { node.say("cv:hasCost", cost) }
        for (index, basis) in content.legalBasis.enumerated() {
            node.say("cv:hasLegalResource", law(basis.title))
            node.say("cpsv:follows", rule(basis, index + 1, content, page: page))
        }
        for (index, condition) in content.conditions.enumerated() {
            node.say("cv:holdsRequirement", requirement(condition, index + 1, content, page: page))
        }
        for (index, material) in content.materials.enumerated() {
            node.say("cpsv:hasInput", evidence(material, index + 1, content, page: page))
        }
        for (index, result) in content.results.enumerated() {
            node.say("cpsv:produces", output(result, index + 1, content, page: page))
        }
        return node
    }

    private mutating func contactPoint(_ content: ItemContent, page: String) -> RDFTerm {
        var node = RDFNode("\(page)#contact", "cv:ContactPoint")
        if !content.consultPhone.isEmpty { node.say("cv:telephone", .plain(content.consultPhone)) }
        node.say("cv:contactPage", tell(RDFNode(page, "foaf:Document")))
        for place in content.places where !place.hours.isEmpty { node.say("cv:openingHours", hours(place.hours)) }
        return tell(node)
    }

    private mutating func channel(
        _ id: String, _ content: ItemContent, page: String, authority: RDFTerm
    ) -> RDFTerm {
        var node = RDFNode("\(page)#channel-\(id)", "cv:Channel")
        node.say("dct:identifier", .plain("\(content.code)-\(id)"))
        let name = Self.channelNames[id]
        node.say("dct:type", concept("channel", name?.zh ?? id, en: name?.en, id: id))
        node.say("cv:ownedBy", authority)
        if id == "window" {
            for place in content.places {
                let parts = [place.name, place.window, place.address].filter { !$0.isEmpty }
                if !parts.isEmpty { node.say("dct:description", .zh(parts.joined(separator: "，"))) }
                if !place.hours.isEmpty { node.say("cv:openingHours", hours(place.hours)) }
            }
        }
        return tell(node)
    }

    static let channelNames: [String: LocalizedText] = [
        "online": LocalizedText(zh: "网上办理", en: "Online"),
        "window": LocalizedText(zh: "窗口办理", en: "At the counter"),
        "post": LocalizedText(zh: "邮寄办理", en: "By post"),
    ]

    private mutating func cost(_ content: ItemContent, page: String, authority: RDFTerm) -> RDFTerm? {
        guard !content.fee.amount.isEmpty || !content.fee.note.isEmpty else { return nil }
        var node = RDFNode("\(page)#cost", "cv:Cost")
        node.say("dct:identifier", .plain("\(content.code)-cost"))
        if let value = content.fee.value {
            node.say("cv:hasValue", .typed(value, "xsd:double"))
            node.say("cv:currency", concept(at: Self.yuan, zh: "人民币", en: "Renminbi"))
        }
        if !content.fee.note.isEmpty { node.say("dct:description", .zh(content.fee.note)) }
        node.say("cv:isDefinedBy", authority)
        return tell(node)
    }

    private mutating func rule(
        _ basis: ItemContent.LegalBasis, _ number: Int, _ content: ItemContent, page: String
    ) -> RDFTerm {
        var node = RDFNode("\(page)#rule-\(number)", "cpsv:Rule")
        node.say("dct:identifier", .plain("\(content.code)-rule-\(number)"))
        node.say("dct:title", .zh(basis.title))
        node.say("dct:description", .zh(basis.article.isEmpty ? basis.title : basis.title + basis.article))
        node.say("dct:language", language())
        node.say("cpsv:implements", law(basis.title))
        return tell(node)
    }

    private mutating func requirement(
        _ condition: ItemContent.Condition, _ number: Int, _ content: ItemContent, page: String
    ) -> RDFTerm {
        var node = RDFNode("\(page)#condition-\(number)", "cv:Requirement")
        node.say("dct:identifier", .plain("\(content.code)-condition-\(number)"))
        node.say("dct:title", .zh(condition.text))
        if let reach = Self.reach(of: condition, content) { node.say("dct:description", .zh(reach)) }
        return tell(node)
    }

    private mutating func evidence(
        _ material: ItemContent.Material, _ number: Int, _ content: ItemContent, page: String
    ) -> RDFTerm {
        var node = RDFNode("\(page)#material-\(number)", "cv:Evidence")
        node.say("dct:identifier", .plain("\(content.code)-material-\(number)"))
        node.say("dct:title", .zh(material.name))
        var details: [String] = []
        if material.originals > 0 { details.append("原件\(material.originals)份") }
        if material.copies > 0 { details.append("复印件\(material.copies)份") }
        if !material.isRequired { details.append("非必要") }
        details += [material.note, material.waiver, Self.reach(of: material, content)].compactMap { $0 }
            .filter { !$0.isEmpty }
        if !details.isEmpty { node.say("dct:description", .zh(details.joined(separator: "；"))) }
        if !material.source.isEmpty { node.say("dct:type", concept("source", material.source)) }
        node.say("dct:language", language())
        return tell(node)
    }

    private mutating func output(
        _ result: String, _ number: Int, _ content: ItemContent, page: String
    ) -> RDFTerm {
        var node = RDFNode("\(page)#result-\(number)", "cv:Output")
        node.say("dct:identifier", .plain("\(content.code)-result-\(number)"))
        node.say("dct:title", .zh(result))
        node.say("dct:language", language())
        return tell(node)
    }

    /// 适用于：变更、窗口办理; nil where a part holds for all.
    private static func reach(of part: some Applicable, _ content: ItemContent) -> String? {
        let variants = part.variants?.map { id in content.variants.first { $0.id == id }?.name ?? id } ?? []
        let channels = part.channels?.map { channelNames[$0]?.zh ?? $0 } ?? []
        return variants.isEmpty && channels.isEmpty ? nil : "适用于：" + (variants + channels).joined(separator: "、")
    }
}

extension ItemContent.Fee {
    /// The amount as a number, where it is one and the price. A nought with more to say than that nothing is charged
    /// stands for a price that the note explains: no value then.
    var value: String? {
        let parts = amount.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count),
            parts.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy { (0x30...0x39).contains($0) } })
        else { return nil }
        guard parts[0] == "0" || !parts[0].hasPrefix("0") else { return nil }
        let isNought = amount.utf8.allSatisfy { $0 == 0x30 || $0 == 0x2E }
        return isNought && !["", "不收费", "免费"].contains(note) ? nil : amount
    }
}
