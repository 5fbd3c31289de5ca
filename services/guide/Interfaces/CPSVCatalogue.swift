import SocialDomain

/// A published item with the division that it holds in.
struct PublishedService: Hashable, Sendable {
    let item: PublishedItem
    let division: String
}

/// A department with the division that it works for.
struct CompetentAuthority: Hashable, Sendable {
    let department: Department
    let division: String
}

/// The catalogue in the words of CPSV-AP 3.2.0, item by item. What items share (departments, places, themes, laws) is
/// told before the first that names it and never again.
struct CPSVCatalogue: Sendable {
    let addresses: GuideAddresses
    let authorities: [String: CompetentAuthority]
    let divisions: DivisionTree
    private var told: Set<String> = []
    /// What is new, in the order in which it was met.
    private var nodes: [RDFNode] = []

    static let chinese = "http://publications.europa.eu/resource/authority/language/ZHO"
    static let yuan = "http://publications.europa.eu/resource/authority/currency/CNY"
    static let inForce = "http://purl.org/adms/status/Completed"

    init(
        addresses: GuideAddresses, authorities: [String: CompetentAuthority],
        divisions: DivisionTree = .innerMongolia
    ) {
        self.addresses = addresses
        self.authorities = authorities
        self.divisions = divisions
    }

    /// Everything to be told of an item, itself last.
    mutating func describe(_ service: PublishedService) -> [RDFNode] {
        nodes = []
        let node = publicService(service)
        nodes.append(node)
        return nodes
    }

    mutating func tell(_ node: RDFNode) -> RDFTerm {
        if told.insert(node.address).inserted { nodes.append(node) }
        return .node(node.address)
    }

    // MARK: - What items share

    mutating func concept(_ scheme: String, _ name: String, en: String? = nil, id: String? = nil) -> RDFTerm {
        concept(at: addresses.concept(scheme, id ?? name), zh: name, en: en)
    }

    mutating func concept(at address: String, zh: String, en: String?) -> RDFTerm {
        var node = RDFNode(address, "skos:Concept")
        node.say("skos:prefLabel", [.zh(zh)] + (en.map { [.en($0)] } ?? []))
        return tell(node)
    }

    mutating func language() -> RDFTerm {
        var node = RDFNode(Self.chinese, "dct:LinguisticSystem")
        node.say("dct:title", [.zh("中文"), .en("Chinese")])
        return tell(node)
    }

    mutating func location(_ division: String) -> RDFTerm {
        var node = RDFNode(addresses.concept("division", division), "dct:Location")
        node.say("dct:identifier", .plain(division))
        if let known = DivisionCode(prefix: division).flatMap({ divisions[$0] }) {
            node.say("skos:prefLabel", .zh(known.name))
        }
        return tell(node)
    }

    mutating func hours(_ text: String) -> RDFTerm {
        var node = RDFNode(addresses.concept("hours", text), "time:TemporalEntity")
        node.say("dct:description", .zh(text))
        return tell(node)
    }

    /// A department that the catalogue does not know is told by its id.
    mutating func authority(_ id: String, division: String) -> RDFTerm {
        let known = authorities[id]
        let name = known?.department.name ?? id
        var node = RDFNode(addresses.department(id), "cv:PublicOrganisation", "org:Organization", "foaf:Agent")
        node.say("dct:identifier", .plain(id))
        node.say("dct:title", .zh(name))
        node.say("skos:prefLabel", .zh(name))
        if let short = known?.department.short, !short.isEmpty { node.say("skos:altLabel", .zh(short)) }
        node.say("dct:spatial", location(known?.division ?? division))
        return tell(node)
    }

    mutating func law(_ title: String) -> RDFTerm {
        var node = RDFNode(addresses.concept("law", title), "eli:LegalResource")
        node.say("dct:title", .zh(title))
        return tell(node)
    }
}
