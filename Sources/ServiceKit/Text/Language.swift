package import SocialDomain

/// The two languages of the pages; Chinese is what a reader gets who has not chosen.
package enum Language: String, CaseIterable, Sendable {
    case zh
    case en

    /// BCP 47, for the page's `lang` attribute: fonts and screen readers go by it.
    package var tag: String {
        switch self {
        case .zh: "zh-Hans-CN"
        case .en: "en"
        }
    }

    package var other: Language { self == .zh ? .en : .zh }
}

extension LocalizedText {
    package subscript(language: Language) -> String {
        switch language {
        case .zh: zh
        case .en: en
        }
    }
}
