import SocialDomain

/// Why an expression cannot be used, and where in it.
struct ExpressionFault: Error, Hashable, Sendable {
    /// The place, in UTF-8 bytes from the expression's start.
    let offset: Int
    let message: LocalizedText
    /// The fault only repeats one that was told of another part of the file.
    let isEcho: Bool

    init(at offset: Int, zh: String, en: String, isEcho: Bool = false) {
        self.offset = offset
        message = LocalizedText(zh: zh, en: en)
        self.isEcho = isEcho
    }
}
