package import SocialDomain

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Every string of the pages, by key, in both languages.
///
/// The file is a JSON object, `{"alerts.title": ["预警", "Alerts"]}`; `{name}` in a text is filled when it is used.
package struct Catalogue: Sendable {
    private var messages: [String: LocalizedText] = [:]

    package init() {}

    package var keys: [String] { messages.keys.sorted() }

    /// Adds the strings of a file; of two with one key the later stays.
    package mutating func add(json: [UInt8], file: String) throws {
        let decoded: [String: [String]]
        do {
            decoded = try JSONDecoder().decode([String: [String]].self, from: Data(json))
        } catch {
            throw CatalogueFault.unreadable(file: file)
        }
        for (key, texts) in decoded {
            guard texts.count == 2 else { throw CatalogueFault.languages(file: file, key: key) }
            messages[key] = LocalizedText(zh: texts[0], en: texts[1])
        }
    }

    package subscript(key: String) -> LocalizedText? { messages[key] }

    package func words(in language: Language) -> Words { Words(catalogue: self, language: language) }
}

package enum CatalogueFault: Error, CustomStringConvertible {
    case unreadable(file: String)
    case languages(file: String, key: String)

    package var description: String {
        switch self {
        case .unreadable(let file): "\(file) is not a JSON object of string pairs"
        case .languages(let file, let key): "\(file): \(key) needs exactly two texts, Chinese and English"
        }
    }
}
