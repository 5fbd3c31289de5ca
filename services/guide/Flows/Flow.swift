/// Guided questions for one event of life (一件事): answers lead from question to question and collect the items to settle.
///
/// Texts that are missing read as empty, so that the check can name all of them at once.
struct Flow: Codable, Hashable, Sendable {
    struct Text: Codable, Hashable, Sendable {
        var zh = ""
        var en = ""
    }

    struct Node: Codable, Hashable, Sendable {
        var question: Text
        var hint: Text?
        var options: [Option]
    }

    struct Option: Codable, Hashable, Sendable {
        /// Stands in the address of the page: small letters, digits and hyphens.
        var id: String
        var label: Text
        var items: [Wanted]
        /// A node or an end.
        var next: String
    }

    /// An item that an answer calls for.
    struct Wanted: Codable, Hashable, Sendable {
        /// Its name or its code in the catalogue.
        var item: String
        var variant: String?
        var reason: Text?
    }

    struct End: Codable, Hashable, Sendable {
        var title: Text
        var note: Text?
    }

    var id: String
    var title: Text
    var lead: Text
    /// The first node.
    var start: String
    var nodes: [String: Node]
    var ends: [String: End]
    /// The items in the order in which they are settled.
    var order: [String]
}

extension Flow.Text {
    init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        zh = try values.decodeIfPresent(String.self, forKey: .zh) ?? ""
        en = try values.decodeIfPresent(String.self, forKey: .en) ?? ""
    }
}

extension Flow.Option {
    init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        id = try values.decode(String.self, forKey: .id)
        label = try values.decode(Flow.Text.self, forKey: .label)
        items = try values.decodeIfPresent([Flow.Wanted].self, forKey: .items) ?? []
        next = try values.decode(String.self, forKey: .next)
    }
}

extension Flow {
    /// Every item that some answer calls for, each once, in no particular order.
    var wanted: Set<String> { Set(nodes.values.flatMap(\.options).flatMap(\.items).map(\.item)) }
}
