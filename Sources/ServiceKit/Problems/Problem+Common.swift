import HTTPTypes
import Hummingbird
import NIOCore
import Security
package import SocialDomain
import Storage

extension Problem {
    package static let notFound = Problem(
        .notFound, code: "not-found",
        title: LocalizedText(zh: "没有找到这个页面", en: "Page not found"),
        detail: LocalizedText(
            zh: "地址可能有误，或者内容已经移走。请核对地址，或从总览重新进入。",
            en:
                "The address may be wrong, or what it named is gone. Check the address, or start again from the overview."
        ))

    package static func methodNotAllowed(allow: [String]) -> Problem {
        Problem(
            .methodNotAllowed, code: "method-not-allowed",
            title: LocalizedText(zh: "这个地址不接受这种请求", en: "This address does not take that kind of request"),
            detail: LocalizedText(
                zh: "可用的方法：\(allow.joined(separator: "、"))。",
                en: "Methods it takes: \(allow.joined(separator: ", "))."),
            headers: [.allow: allow.joined(separator: ", ")])
    }

    package static func tooLarge(limit: String) -> Problem {
        Problem(
            .contentTooLarge, code: "too-large",
            title: LocalizedText(zh: "发来的内容太大", en: "Too much was sent"),
            detail: LocalizedText(
                zh: "一次最多 \(limit)。请把文件分成几份再上传。",
                en: "At most \(limit) at a time. Split the file and send its parts."))
    }

    package static func unsupportedMediaType(_ taken: String) -> Problem {
        Problem(
            .unsupportedMediaType, code: "unsupported-media-type",
            title: LocalizedText(zh: "不支持这种内容类型", en: "This kind of content is not taken"),
            detail: LocalizedText(zh: "请发送 \(taken)。", en: "Send it as \(taken)."))
    }

    package static func badRequest(_ detail: LocalizedText, code: String = "bad-request") -> Problem {
        Problem(
            .badRequest, code: code, title: LocalizedText(zh: "请求无法读懂", en: "The request cannot be read"),
            detail: detail)
    }

    /// For what a form or an address holds and cannot stand.
    package static func invalid(_ errors: [FieldFault]) -> Problem {
        Problem(
            .unprocessableContent, code: "invalid",
            title: LocalizedText(zh: "有内容需要改正", en: "Something needs to be put right"),
            detail: LocalizedText(zh: "请按提示修改后再提交。", en: "Change what is named below, then send it again."),
            errors: errors)
    }

    package static let unexpected = Problem(
        .internalServerError, code: "unexpected",
        title: LocalizedText(zh: "系统出了问题", en: "Something went wrong here"),
        detail: LocalizedText(
            zh: "这不是您的操作造成的，已经记入日志，没有改动任何数据。请稍后再试；如仍有问题，把下面的编号告诉管理员。",
            en:
                "It was not your doing. It stands in the log, and nothing was changed. Try again later; if it stays, tell "
                + "the administrator the number below."))

    static let twoHosts = Problem.badRequest(
        LocalizedText(zh: "请求里写了两个 Host。", en: "The request names two hosts."), code: "two-hosts")

    package static let busy = Problem(
        .serviceUnavailable, code: "busy",
        title: LocalizedText(zh: "系统正忙，请稍候", en: "Busy: try again in a moment"),
        detail: LocalizedText(
            zh: "数据库暂时没有应答，没有改动任何数据。请过几秒再试。",
            en: "The database does not answer just now; nothing was changed. Try again in a few seconds."),
        headers: [.retryAfter: "5"])

    package static let foreignHost = Problem(
        .misdirectedRequest, code: "foreign-host",
        title: LocalizedText(zh: "请用本系统的地址访问", en: "Use this system's own address"),
        detail: LocalizedText(
            zh: "本服务不以这个名称提供。请使用管理员给出的地址。",
            en: "The service is not known under this name: use the address that the administrator gave.")
    )

    package static let crossSite = Problem(
        .forbidden, code: "cross-site",
        title: LocalizedText(zh: "这个请求来自别的网站", en: "This request came from another site"),
        detail: LocalizedText(
            zh: "为了安全，只接受从本系统页面提交的内容。请打开本系统的页面再操作一次。",
            en: "For safety only this system's own pages may send forms. Open the page here and do it again."))

    /// The public face of any error: what is not known to be safe becomes `unexpected`.
    package init(_ error: any Error) {
        switch error {
        case let problem as Problem: self = problem
        // What a database or a key file says is for the log and the operator.
        case DatabaseFault.engine(code: "22021", message: _):
            self = .badRequest(
                LocalizedText(zh: "内容里有看不见的字符（U+0000），请去掉。", en: "It holds the character U+0000: take it out."))
        case let fault as DatabaseFault: self = fault.isPassing ? .busy : .unexpected
        case is SecurityFault: self = .unexpected
        case let fault as any ExplainedFault:
            self = Problem(
                .conflict, code: "refused", title: LocalizedText(zh: "没有办成", en: "This was not done"),
                detail: fault.explanation)
        case is NIOTooManyBytesError: self = .tooLarge(limit: "64 KB")
        case let error as any HTTPResponseError:
            switch error.status {
            case .notFound: self = .notFound
            case .contentTooLarge: self = .tooLarge(limit: "64 KB")
            case let status where (400..<500).contains(status.code):
                self = .badRequest(LocalizedText(zh: "请核对后重试。", en: "Check it and try again."))
                self.status = status
            default: self = .unexpected
            }
        default: self = .unexpected
        }
    }
}

extension DatabaseFault {
    /// Whether waiting may help.
    fileprivate var isPassing: Bool {
        switch self {
        case .serverGone, .tooManyConnections, .timedOut, .locked, .conflict, .closed: true
        default: false
        }
    }
}
