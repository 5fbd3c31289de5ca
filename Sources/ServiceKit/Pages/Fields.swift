/// What a template sees, by name. A name that is absent shows nothing.
///
/// A page has few names, so they are looked through one by one, which costs less than hashing them.
package struct Fields: ExpressibleByDictionaryLiteral, Sendable {
    private var names: [String] = []
    private var values: [ShownField] = []

    package init() {}

    package init(dictionaryLiteral entries: (String, any FieldValue)...) {
        names.reserveCapacity(entries.count)
        values.reserveCapacity(entries.count)
        for (name, value) in entries {
            names.append(name)
            values.append(value.shown)
        }
    }

    package var isEmpty: Bool { names.isEmpty }

    package subscript(name: String) -> (any FieldValue)? {
        get { shown(name) }
        set {
            switch (names.firstIndex(of: name), newValue) {
            case (let place?, let value?): values[place] = value.shown
            case (let place?, nil):
                names.remove(at: place)
                values.remove(at: place)
            case (nil, let value?):
                names.append(name)
                values.append(value.shown)
            case (nil, nil): break
            }
        }
    }

    func shown(_ name: String) -> ShownField? { names.firstIndex(of: name).map { values[$0] } }
}

/// A value that a template can show.
package protocol FieldValue {
    var shown: ShownField { get }
}

/// How a template takes a value.
package enum ShownField: FieldValue, Sendable {
    /// As if the name were absent.
    case nothing
    /// A section shows it once, whatever it says.
    case text(String)
    /// A section shows itself where it is true.
    case flag(Bool)
    /// A section shows itself once, with these names before those around it.
    case fields(Fields)
    /// A section shows itself once for each.
    case list([ShownField])

    package var shown: ShownField { self }
}

extension String: FieldValue {
    package var shown: ShownField { .text(self) }
}

extension Substring: FieldValue {
    package var shown: ShownField { .text(String(self)) }
}

extension Int: FieldValue {
    package var shown: ShownField { .text(String(self)) }
}

extension Bool: FieldValue {
    package var shown: ShownField { .flag(self) }
}

extension Fields: FieldValue {
    package var shown: ShownField { .fields(self) }
}

extension Array: FieldValue where Element: FieldValue {
    package var shown: ShownField { .list(map { $0.shown }) }
}

extension Optional: FieldValue where Wrapped: FieldValue {
    package var shown: ShownField { self?.shown ?? .nothing }
}
