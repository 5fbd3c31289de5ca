import SocialDomain

/// An item as a nested service of the Human Services Data Specification 3.0, with its organization and its locations.
struct HSDSService: Sendable {
    let service: PublishedService
    let authority: CompetentAuthority?
    let addresses: GuideAddresses
    var divisions = DivisionTree.innerMongolia

    private var content: ItemContent { service.item.content }
    private var page: String { addresses.item(content.code) }

    var json: String {
        let id = Self.id("\(page)#service")
        return JSONText.object([
            ("id", id),
            ("organization_id", organizationID),
            ("name", JSONText.quoted(content.name)),
            ("alternate_name", JSONText.words(content.plainName)),
            ("description", JSONText.words(content.summary)),
            // A relative address is no uri.
            ("url", addresses.base.isEmpty ? nil : JSONText.quoted(page)),
            ("status", JSONText.quoted("active")),
            (
                "application_process",
                JSONText.words(content.steps.map { "\($0.name)：\($0.text)" }.joined(separator: "\n"))
            ),
            ("fees_description", JSONText.words(content.fee.note)),
            ("wait_time", (content.promisedDays ?? content.statutoryDays).map { JSONText.quoted("\($0)个工作日") }),
            ("eligibility_description", JSONText.words(content.conditions.map(\.text).joined(separator: "\n"))),
            ("assured_date", service.item.confirmedOn.map(JSONText.quoted)),
            ("last_modified", JSONText.words(service.item.publishedAt)),
            ("organization", organization),
            ("phones", phones(content.consultPhone, of: page)),
            ("service_areas", JSONText.list([area])),
            ("service_at_locations", serviceAtLocations(id)),
            ("languages", JSONText.list([language])),
            ("cost_options", costs),
            ("required_documents", documents),
        ])
    }

    private var organizationID: String { Self.id(addresses.department(content.department)) }

    private var organization: String {
        let name = authority?.department.name ?? content.department
        return JSONText.object([
            ("id", organizationID), ("name", JSONText.quoted(name)),
            ("alternate_name", JSONText.words(authority?.department.short ?? "")),
            // The catalogue says no more of a department than its name.
            ("description", JSONText.quoted(name)),
        ])
    }

    private func phones(_ number: String, of owner: String) -> String? {
        number.isEmpty
            ? nil
            : JSONText.list([
                JSONText.object([
                    ("id", Self.id("\(owner)#phone-\(number)")), ("number", JSONText.quoted(number)),
                ])
            ])
    }

    private var area: String {
        JSONText.object([
            ("id", Self.id("\(page)#area")), ("name", JSONText.quoted(name(of: service.division))),
            ("extent", JSONText.quoted(service.division)), ("extent_type", JSONText.quoted("GB/T 2260")),
        ])
    }

    private var language: String {
        JSONText.object([
            ("id", Self.id("\(page)#language")), ("name", JSONText.quoted("中文")), ("code", JSONText.quoted("zh")),
        ])
    }

    private func name(of division: String) -> String {
        DivisionCode(prefix: division).flatMap { divisions[$0]?.name } ?? division
    }

    private func serviceAtLocations(_ id: String) -> String? {
        guard !content.places.isEmpty else { return nil }
        return JSONText.list(
            content.places.enumerated().map { index, place in
                JSONText.object([
                    ("id", Self.id("\(page)#at-\(index + 1)")), ("service_id", id),
                    ("description", JSONText.words(place.window)),
                    ("location", location(place, "\(page)#place-\(index + 1)")),
                ])
            })
    }

    private func location(_ place: ItemContent.Place, _ address: String) -> String {
        JSONText.object([
            ("id", Self.id(address)), ("location_type", JSONText.quoted("physical")),
            ("name", JSONText.words(place.name)),
            ("addresses", place.address.isEmpty ? nil : JSONText.list([postalAddress(place.address, address)])),
            ("phones", phones(place.phone, of: address)),
            (
                "schedules",
                place.hours.isEmpty
                    ? nil
                    : JSONText.list([
                        JSONText.object([
                            ("id", Self.id("\(address)-hours")), ("description", JSONText.quoted(place.hours)),
                        ])
                    ])
            ),
        ])
    }

    /// The postal code is asked for, and not known.
    private func postalAddress(_ text: String, _ address: String) -> String {
        let division = service.division
        return JSONText.object([
            ("id", Self.id("\(address)-address")), ("address_1", JSONText.quoted(text)),
            ("city", JSONText.quoted(name(of: division.count > 4 ? String(division.prefix(4)) : division))),
            ("region", JSONText.quoted(name(of: division))),
            ("state_province", JSONText.quoted(name(of: String(division.prefix(2))))),
            ("postal_code", JSONText.quoted("")), ("country", JSONText.quoted("CN")),
            ("address_type", JSONText.quoted("physical")),
        ])
    }

    private var costs: String? {
        let value = content.fee.value
        guard value != nil || !content.fee.note.isEmpty else { return nil }
        return JSONText.list([
            JSONText.object([
                ("id", Self.id("\(page)#cost")), ("currency", value.map { _ in JSONText.quoted("CNY") }),
                ("amount", value), ("amount_description", JSONText.words(content.fee.note)),
            ])
        ])
    }

    private var documents: String? {
        guard !content.materials.isEmpty else { return nil }
        return JSONText.list(
            content.materials.enumerated().map { index, material in
                JSONText.object([
                    ("id", Self.id("\(page)#material-\(index + 1)")), ("document", JSONText.quoted(material.name)),
                ])
            })
    }

    /// A UUID that an address always gives, in JSON: FNV-1a of 128 bits in the form of version 8 (RFC 9562 §5.8).
    static func id(_ address: String) -> String {
        var hash: UInt128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d
        for byte in address.utf8 { hash = (hash ^ UInt128(byte)) &* 0x0000_0000_0100_0000_0000_0000_0000_013B }
        hash &= ~(UInt128(0xF) << 76 | UInt128(0x3) << 62)
        hash |= UInt128(0x8) << 76 | UInt128(0x2) << 62
        let digits = String(hash, radix: 16)
        var text = String(repeating: "0", count: 32 - digits.count) + digits
        for offset in [20, 16, 12, 8] { text.insert("-", at: text.index(text.startIndex, offsetBy: offset)) }
        return JSONText.quoted(text)
    }
}
