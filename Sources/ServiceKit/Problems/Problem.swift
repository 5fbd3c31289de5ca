package import Hummingbird
package import SocialDomain

/// What went wrong, in words that may reach a client: the public face of an error (RFC 9457).
package struct Problem: Error, Sendable {
    package var status: HTTPResponse.Status
    /// Stable and kebab-case; programs may go by it.
    package var code: String
    package var title: LocalizedText
    package var detail: LocalizedText
    package var errors: [FieldFault] = []
    package var headers: HTTPFields = [:]

    package init(
        _ status: HTTPResponse.Status, code: String, title: LocalizedText, detail: LocalizedText,
        errors: [FieldFault] = [], headers: HTTPFields = [:]
    ) {
        self.status = status
        self.code = code
        self.title = title
        self.detail = detail
        self.errors = errors
        self.headers = headers
    }
}

/// One field of a request that cannot stand.
package struct FieldFault: Sendable, Hashable {
    /// The field's name in the form, its JSON pointer (`/note`), or the parameter's name.
    package let field: String
    package let message: LocalizedText
    /// It stood in the address or in a header, and not in the body.
    package let isParameter: Bool

    package init(field: String, message: LocalizedText, isParameter: Bool = false) {
        self.field = field
        self.message = message
        self.isParameter = isParameter
    }

    package static func parameter(_ name: String, _ message: LocalizedText) -> FieldFault {
        FieldFault(field: name, message: message, isParameter: true)
    }
}
