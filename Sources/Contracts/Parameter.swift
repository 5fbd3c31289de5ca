import SocialDomain

/// A value in an address or a header of a request.
package struct Parameter: Hashable, Sendable {
    package enum Place: String, Hashable, Sendable {
        case path
        case query
        case header
    }

    package let name: String
    package let place: Place
    /// Of text, choice, integer or boolean: what fits into an address.
    package let schema: Schema
    package let isRequired: Bool

    package init(_ name: String, in place: Place, _ schema: Schema, isRequired: Bool) {
        self.name = name
        self.place = place
        self.schema = schema
        self.isRequired = isRequired
    }

    package static func path(_ name: String, _ schema: Schema) -> Parameter {
        Parameter(name, in: .path, schema, isRequired: true)
    }

    package static func query(_ name: String, _ schema: Schema) -> Parameter {
        Parameter(name, in: .query, schema, isRequired: false)
    }

    /// What the text says, or nil where it is none of the schema's kind.
    package func value(of text: String) -> JSONValue? {
        switch schema.kind {
        case .integer:
            // As it would be written: no sign that means nothing, no leading zeros.
            Int64(text).flatMap { String($0) == text ? .integer($0) : nil }
        case .boolean:
            switch text {
            case "true": .boolean(true)
            case "false": .boolean(false)
            default: nil
            }
        default: .text(text)
        }
    }
}

/// The parameters of an endpoint as one value; its members are named as the parameters.
package protocol APIParameters: Codable, Sendable {
    static var parameters: [Parameter] { get }
}

package struct NoParameters: APIParameters, Hashable {
    package init() {}
    package static let parameters: [Parameter] = []
}

extension Parameter {
    /// How many entries a list gives at once.
    package static let limit = Parameter.query(
        "limit", .integer("一次最多几条", "How many entries at most", from: 1, to: 200, example: 50))
    package static let cursor = Parameter.query(
        "cursor", .text("上一页给出的 next", "What the page before gave as next", from: 1, to: 500))
}
