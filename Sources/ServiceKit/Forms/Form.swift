import HTTPTypes
package import Hummingbird
import NIOCore
import SocialDomain

/// A form that was sent as `application/x-www-form-urlencoded`.
package struct Form: Sendable {
    private let items: QueryItems

    package static let sizeLimit = 64 * 1024
    /// For the few forms that hold whole texts.
    package static let longSizeLimit = 512 * 1024

    package init(_ items: QueryItems) {
        self.items = items
    }

    /// Reads the body, at most 64 KB of it where no other limit is given; none lies above `longSizeLimit`.
    package static func read(_ request: Request, limit: Int = sizeLimit) async throws -> Form {
        let type = request.headers[.contentType] ?? ""
        guard type.lowercased().hasPrefix("application/x-www-form-urlencoded") else {
            throw Problem(
                .unsupportedMediaType, code: "unsupported-media-type",
                title: LocalizedText(zh: "不支持这种内容类型", en: "This kind of content is not taken"),
                detail: LocalizedText(
                    zh: "请用页面上的表单提交。", en: "Send it as application/x-www-form-urlencoded, as the page's form does."))
        }
        let body = try await request.body.collect(upTo: limit)
        return Form(QueryItems(String(buffer: body)))
    }

    /// The field's text, trimmed; nil where nothing was typed.
    package subscript(name: String) -> String? {
        guard let value = items[name] else { return nil }
        let trimmed = TextForm.trimmed(value)
        return trimmed.isEmpty ? nil : trimmed
    }
}
