/// An identifier that the register gave, as a type of its own for each kind of thing: a household's cannot be passed where
/// a person's is meant.
///
/// Compared, sorted and hashed by code points, without Unicode normalisation, as monitoring asks.
package struct TextID<Subject>: RawRepresentable, Sendable {
    package let rawValue: String

    package init(rawValue: String) {
        self.rawValue = rawValue
    }

    package init(_ rawValue: String) {
        self.rawValue = rawValue
    }
}

/// What a household's identifier names.
package enum HouseholdSubject {}
/// What a person's identifier names.
package enum PersonSubject {}

package typealias HouseholdID = TextID<HouseholdSubject>
package typealias PersonID = TextID<PersonSubject>

extension TextID: Hashable, Comparable {
    package static func == (left: TextID, right: TextID) -> Bool {
        left.rawValue.utf8.elementsEqual(right.rawValue.utf8)
    }

    package static func < (left: TextID, right: TextID) -> Bool {
        left.rawValue.utf8.lexicographicallyPrecedes(right.rawValue.utf8)
    }

    package func hash(into hasher: inout Hasher) {
        for byte in rawValue.utf8 { hasher.combine(byte) }
        hasher.combine(UInt8(0xFF))
    }
}

extension TextID: CustomStringConvertible {
    package var description: String { rawValue }
}

extension TextID: Codable {
    package init(from decoder: any Decoder) throws {
        rawValue = try decoder.singleValueContainer().decode(String.self)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(rawValue)
    }
}
