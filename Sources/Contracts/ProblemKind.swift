package import SocialDomain

/// A way in which a request can fail, with the code that programs go by (RFC 9457).
package struct ProblemKind: Hashable, Sendable {
    package let status: Int
    package let code: String
    package let meaning: LocalizedText

    package init(_ status: Int, _ code: String, _ zh: String, _ en: String) {
        self.status = status
        self.code = code
        meaning = LocalizedText(zh: zh, en: en)
    }
}

extension ProblemKind {
    package static let badRequest = ProblemKind(400, "bad-request", "请求无法读懂", "The request cannot be read")
    package static let signInNeeded = ProblemKind(
        401, "sign-in-needed", "尚未登录或令牌已过期", "Not signed in, or not any more")
    package static let notAllowed = ProblemKind(403, "not-allowed", "账号没有这项权限", "The account may not do this")
    package static let notFound = ProblemKind(
        404, "not-found", "没有，或不在本区划以内", "There is none, or it lies outside the account's division")
    package static let methodNotAllowed = ProblemKind(
        405, "method-not-allowed", "不接受这种方法（见 Allow）", "Another method is taken (see Allow)")
    package static let notAcceptable = ProblemKind(
        406, "not-acceptable", "不提供所要的内容类型", "The kind of content asked for is not given")
    package static let refused = ProblemKind(409, "refused", "与现状冲突，没有办成", "It conflicts with what is: not done")
    package static let stale = ProblemKind(
        412, "stale", "已被别人改过，请重新读取", "Changed by somebody else meanwhile: read it again")
    package static let tooLarge = ProblemKind(413, "too-large", "内容太大", "Too much was sent")
    package static let addressTooLong = ProblemKind(414, "address-too-long", "地址太长", "The address is too long")
    package static let unsupportedMediaType = ProblemKind(
        415, "unsupported-media-type", "不支持这种内容类型", "This kind of content is not taken")
    package static let foreignHost = ProblemKind(421, "foreign-host", "不是本系统的地址", "Not a name of this system")
    package static let invalid = ProblemKind(
        422, "invalid", "有内容需要改正（见 errors）", "Something needs to be put right (see errors)")
    package static let matchNeeded = ProblemKind(
        428, "match-needed", "修改须带 If-Match", "A change names the version it is made on: If-Match")
    package static let tooManyRequests = ProblemKind(
        429, "too-many-requests", "操作太频繁（见 Retry-After）", "Too many requests (see Retry-After)")
    package static let headersTooLong = ProblemKind(
        431, "headers-too-long", "请求头太长", "The headers are too long")
    package static let unexpected = ProblemKind(500, "unexpected", "系统出了问题", "Something went wrong here")
    package static let busy = ProblemKind(503, "busy", "系统正忙（见 Retry-After）", "Busy (see Retry-After)")
}
