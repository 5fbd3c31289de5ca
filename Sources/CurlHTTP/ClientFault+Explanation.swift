extension ClientFault: CustomStringConvertible {
    /// What went wrong and how to mend it, for people: Chinese and English.
    package var explanation: (zh: String, en: String) {
        connectionWords ?? answerWords ?? requestWords
    }

    package var description: String { "\(code): \(explanation.en)" }

    private var connectionWords: (zh: String, en: String)? {
        switch self {
        case .unknownName(let host):
            ("找不到主机 \(host)。请检查地址和域名解析。", "the name \(host) is not known: check the address and the DNS")
        case .unreachable(let host):
            (
                "连不上 \(host)。请检查对方是否运行、地址和网络是否正确。",
                "\(host) cannot be reached: check that it runs, its address and the network"
            )
        case .proxy(let host):
            (
                "代理服务器无法使用，未能访问 \(host)。请检查代理设置。",
                "the proxy cannot be used to reach \(host): check its settings"
            )
        case .tls(let host):
            (
                "与 \(host) 建立加密连接失败。请检查双方的 TLS 设置。",
                "no secure connection to \(host) could be made: check the TLS settings of both sides"
            )
        case .certificate(let flaw, let host):
            ("\(host) 的证书\(flaw.words.zh)。", "the certificate of \(host) \(flaw.words.en)")
        case .timedOut(let phase, let host):
            (
                "等待 \(host) 超时（\(phase.words.zh)）。请稍后重试。",
                "\(host) took too long (\(phase.words.en)): try again later"
            )
        case .connectionLost(let host):
            (
                "与 \(host) 的连接中断，回答不完整。请稍后重试。",
                "the connection to \(host) broke before the answer was complete: try again later"
            )
        case .circuitOpen(let host):
            (
                "\(host) 连续出错，暂停访问。请稍后重试，并检查对方是否正常。",
                "\(host) failed again and again and is left alone for a while: check it and try again later"
            )
        default: nil
        }
    }

    private var answerWords: (zh: String, en: String)? {
        switch self {
        case .badResponse(let host):
            (
                "\(host) 的回答不符合 HTTP 规范。请检查地址和端口。",
                "the answer of \(host) is not HTTP: check the address and the port"
            )
        case .badCoding(let host):
            ("\(host) 回答的压缩内容已损坏。", "the answer of \(host) is not compressed as it says: report it there")
        case .headersTooLarge(let host, let limit):
            ("\(host) 回答的头部超过 \(limit) 字节。", "the headers of \(host)'s answer exceed \(limit) bytes")
        case .bodyTooLarge(let host, let limit):
            (
                "\(host) 回答的内容超过 \(limit) 字节。请缩小查询范围。",
                "the answer of \(host) exceeds \(limit) bytes: ask for less"
            )
        case .tooManyRedirects(let host, let limit):
            (
                "\(host) 的重定向超过 \(limit) 次。请检查地址。",
                "\(host) redirects more than \(limit) times: check the address"
            )
        case .other(let code, let host):
            ("访问 \(host) 失败（libcurl \(code)）。", "the request to \(host) failed (libcurl \(code))")
        default: nil
        }
    }

    private var requestWords: (zh: String, en: String) {
        switch self {
        case .badAddress:
            (
                "地址无效，应为 http:// 或 https:// 开头，且不含用户名。",
                "the address must begin with http:// or https:// and hold no user name"
            )
        case .badHeader(let name):
            ("请求头 \(name) 无效，或不能自行设置。", "the header \(name) is not valid, or not the caller's to set")
        case .requestBody:
            (
                "要发送的内容读取失败，或与声明的长度不符。请重新提供。",
                "the body to send could not be read or has another length than said: supply it again"
            )
        case .cancelled: ("请求已取消。", "the request was cancelled")
        case .badAuthorities:
            (
                "无法读取证书颁发机构文件。请检查配置中的路径和权限。",
                "the file of authorities cannot be read: check its path and permissions in the configuration"
            )
        default: ("HTTP 客户端已关闭。", "the HTTP client is closed")
        }
    }
}

extension ClientFault.CertificateFlaw {
    fileprivate var words: (zh: String, en: String) {
        switch self {
        case .expired: ("已过期，请对方更新", "has expired: have it renewed")
        case .notYetValid: ("尚未生效，请检查时钟", "is not valid yet: check the clocks")
        case .wrongName: ("不属于这个主机名，请检查地址", "is for another name: check the address")
        case .unknownIssuer:
            ("由未知机构签发，请在配置中加入其颁发机构", "is from an unknown issuer: add its authority to the configuration")
        case .other: ("未通过验证", "was not accepted")
        }
    }
}

extension ClientFault.Phase {
    fileprivate var words: (zh: String, en: String) {
        switch self {
        case .connect: ("连接", "connecting")
        case .firstByte: ("首字节", "the first byte")
        case .idle: ("中途停顿", "a pause within the answer")
        case .total: ("总时间", "in all")
        }
    }
}
