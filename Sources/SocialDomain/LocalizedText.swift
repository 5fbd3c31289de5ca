/// A text for people, in the two languages of the pages.
package struct LocalizedText: Hashable, Sendable, Codable {
    package let zh: String
    package let en: String

    package init(zh: String, en: String) {
        self.zh = zh
        self.en = en
    }
}

/// A fault that can say what is wrong, where, and how to mend it, to the person who typed the value.
///
/// Neither sentence repeats the value itself: it may be personal.
package protocol ExplainedFault: Error, CustomStringConvertible {
    var explanation: LocalizedText { get }
}

extension ExplainedFault {
    package var description: String { explanation.en }
}
