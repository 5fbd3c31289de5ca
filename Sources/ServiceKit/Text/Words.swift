package import SocialDomain

/// The catalogue in one language: `words["alerts.title"]` in code; in templates `{{t.alerts.title}}`, where `Site` puts the
/// text in before they are parsed.
package struct Words: Sendable {
    package let catalogue: Catalogue
    package let language: Language

    /// The text; a key that is not there shows itself, so that a gap is seen and not hidden.
    package subscript(key: String) -> String { catalogue[key]?[language] ?? "⟦\(key)⟧" }

    package func callAsFunction(_ key: String, _ values: KeyValuePairs<String, String> = [:]) -> String {
        fill(self[key], values)
    }

    package subscript(text: LocalizedText) -> String { text[language] }
}

/// Puts values where a text has `{name}`.
package func fill(_ text: String, _ values: KeyValuePairs<String, String>) -> String {
    guard !values.isEmpty else { return text }
    var filled = ""
    var rest = text[...]
    while let open = rest.utf8.firstIndex(of: UInt8(ascii: "{")),
        let close = rest.utf8[open...].firstIndex(of: UInt8(ascii: "}"))
    {
        filled += rest[..<open]
        let name = rest[rest.index(after: open)..<close]
        filled += values.first { $0.key == name }?.value ?? String(rest[open...close])
        rest = rest[rest.index(after: close)...]
    }
    return filled + rest
}
