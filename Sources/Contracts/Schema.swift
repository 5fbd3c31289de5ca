package import SocialDomain

/// What a JSON value may be: the document of it, and the check of what comes in, from one description.
package struct Schema: Hashable, Sendable {
    package indirect enum Kind: Hashable, Sendable {
        /// - Parameters: lengths in code points.
        case text(from: Int, to: Int)
        case formatted(TextFormat)
        case choice([String])
        case integer(from: Int64, to: Int64)
        case number
        case boolean
        case list(of: Schema, most: Int?)
        case object([Property])
        /// Anything that is JSON.
        case any
    }

    package struct Property: Hashable, Sendable {
        package let name: String
        package let schema: Schema
        package let isRequired: Bool

        package init(_ name: String, _ schema: Schema, isRequired: Bool = true) {
            self.name = name
            self.schema = schema
            self.isRequired = isRequired
        }
    }

    package var kind: Kind
    package var about: LocalizedText?
    /// The name under which the document keeps it once, for objects that stand in several places.
    package var name: String?
    package var mayBeNull = false
    package var example: JSONValue?

    package init(_ kind: Kind, _ zh: String? = nil, _ en: String? = nil, example: JSONValue? = nil) {
        self.kind = kind
        if let zh, let en { about = LocalizedText(zh: zh, en: en) }
        self.example = example
    }

    package static func text(
        _ zh: String, _ en: String, from: Int = 0, to: Int = 1000, example: JSONValue? = nil
    ) -> Schema {
        Schema(.text(from: from, to: to), zh, en, example: example)
    }

    /// A text of any length, where pages pass over what means nothing.
    package static func words(_ zh: String, _ en: String) -> Schema { Schema(.text(from: 0, to: .max), zh, en) }

    package static func formatted(
        _ format: TextFormat, _ zh: String, _ en: String, example: JSONValue? = nil
    ) -> Schema {
        Schema(.formatted(format), zh, en, example: example)
    }

    package static func choice(_ values: [String], _ zh: String, _ en: String) -> Schema {
        Schema(.choice(values), zh, en)
    }

    package static func integer(
        _ zh: String, _ en: String, from: Int64 = 0, to: Int64 = .max, example: JSONValue? = nil
    ) -> Schema {
        Schema(.integer(from: from, to: to), zh, en, example: example)
    }

    package static func boolean(_ zh: String, _ en: String) -> Schema { Schema(.boolean, zh, en) }

    package static func list(_ zh: String, _ en: String, of schema: Schema, most: Int? = nil) -> Schema {
        Schema(.list(of: schema, most: most), zh, en)
    }

    /// An object that has a name in the document.
    package static func object(_ name: String, _ zh: String, _ en: String, _ properties: [Property]) -> Schema {
        var schema = Schema(.object(properties), zh, en)
        schema.name = name
        return schema
    }

    /// The same, or null.
    package var orNull: Schema {
        var schema = self
        schema.mayBeNull = true
        return schema
    }

    /// The same value meaning something else here.
    package func called(_ zh: String, _ en: String) -> Schema {
        var schema = self
        schema.about = LocalizedText(zh: zh, en: en)
        return schema
    }
}

extension Schema.Property {
    /// A member that may be left out.
    package static func optional(_ name: String, _ schema: Schema) -> Schema.Property {
        Schema.Property(name, schema, isRequired: false)
    }
}

/// What travels as a JSON body.
package protocol APIBody: Codable, Sendable {
    static var schema: Schema { get }
}

/// The place of "no body".
package struct NoBody: APIBody, Hashable {
    package init() {}
    package static let schema = Schema(.object([]))
}
