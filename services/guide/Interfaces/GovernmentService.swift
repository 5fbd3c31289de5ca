import SocialDomain

/// An item as schema.org's GovernmentService, for the data block of its page.
struct GovernmentService: Sendable {
    let item: PublishedItem
    let authority: String
    let addresses: GuideAddresses

    var json: String {
        let content = item.content
        return JSONText.object([
            ("@context", JSONText.quoted("https://schema.org")),
            ("@type", JSONText.quoted("GovernmentService")),
            ("@id", JSONText.quoted("\(addresses.item(content.code))#service")),
            ("url", JSONText.quoted(addresses.item(content.code))),
            ("identifier", JSONText.quoted(content.code)),
            ("name", JSONText.quoted(content.name)),
            (
                "alternateName",
                JSONText.list(ofWords: ([content.plainName] + content.aliases).filter { !$0.isEmpty })
            ),
            ("description", JSONText.words(content.summary)),
            ("serviceType", JSONText.words(content.kind)),
            ("category", JSONText.list(ofWords: content.themes)),
            ("audience", content.audience.isEmpty ? nil : JSONText.list(content.audience.map(Self.audience))),
            ("provider", provider),
            ("availableChannel", content.channels.isEmpty ? nil : JSONText.list(content.channels.map(channel))),
        ])
    }

    private var provider: String {
        JSONText.object([
            ("@type", JSONText.quoted("GovernmentOrganization")), ("name", JSONText.quoted(authority)),
            ("telephone", JSONText.words(item.content.consultPhone)),
        ])
    }

    private static func audience(_ name: String) -> String {
        JSONText.object([("@type", JSONText.quoted("Audience")), ("audienceType", JSONText.quoted(name))])
    }

    private func channel(_ id: String) -> String {
        let content = item.content
        var members: [(name: String, value: String?)] = [
            ("@type", JSONText.quoted("ServiceChannel")),
            ("name", JSONText.quoted(CPSVCatalogue.channelNames[id]?.zh ?? id)),
            ("availableLanguage", JSONText.quoted("zh")),
        ]
        if id == "online" { members.append(("serviceUrl", JSONText.quoted(addresses.item(content.code)))) }
        if id == "window", !content.places.isEmpty {
            members.append(("serviceLocation", JSONText.list(content.places.map(Self.place))))
        }
        return JSONText.object(members)
    }

    private static func place(_ place: ItemContent.Place) -> String {
        JSONText.object([
            ("@type", JSONText.quoted("Place")), ("name", JSONText.words(place.name)),
            ("address", JSONText.words(place.address)), ("telephone", JSONText.words(place.phone)),
            // Hours are told in words, not in the form that openingHours asks for.
            (
                "description",
                JSONText.words([place.window, place.hours].filter { !$0.isEmpty }.joined(separator: "，"))
            ),
        ])
    }
}
