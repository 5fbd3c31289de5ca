/// Why a request got no answer. Names the host at most: neither the address's path or query nor any data.
package enum ClientFault: Error, Hashable, Sendable {
    package enum Phase: String, Hashable, Sendable {
        case connect
        case firstByte = "first-byte"
        case idle
        case total
    }

    package enum CertificateFlaw: String, Hashable, Sendable {
        case expired
        case notYetValid = "not-yet-valid"
        case wrongName = "wrong-name"
        case unknownIssuer = "unknown-issuer"
        case other
    }

    case badAddress
    case badHeader(name: String)
    case unknownName(host: String)
    case unreachable(host: String)
    case proxy(host: String)
    case tls(host: String)
    case certificate(CertificateFlaw, host: String)
    case timedOut(Phase, host: String)
    /// The connection broke before the answer was complete.
    case connectionLost(host: String)
    /// The answer is not HTTP.
    case badResponse(host: String)
    /// The body is not in the coding that the answer names.
    case badCoding(host: String)
    case headersTooLarge(host: String, limit: Int)
    case bodyTooLarge(host: String, limit: Int)
    case tooManyRedirects(host: String, limit: Int)
    /// The host failed so often that it is left alone for a while.
    case circuitOpen(host: String)
    /// The source of the request's body failed, or gave another length than it said.
    case requestBody
    case cancelled
    case closed
    /// A file of authorities that cannot be read.
    case badAuthorities
    /// Any other of libcurl's codes.
    case other(code: Int, host: String)

    /// Stable, for programs.
    package var code: String {
        switch self {
        case .badAddress: "http-address"
        case .badHeader: "http-header"
        case .unknownName: "http-unknown-name"
        case .unreachable: "http-unreachable"
        case .proxy: "http-proxy"
        case .tls: "http-tls"
        case .certificate(let flaw, _): "http-certificate-\(flaw.rawValue)"
        case .timedOut(let phase, _): "http-time-out-\(phase.rawValue)"
        case .connectionLost: "http-connection-lost"
        case .badResponse: "http-bad-response"
        case .badCoding: "http-bad-coding"
        case .headersTooLarge: "http-headers-too-large"
        case .bodyTooLarge: "http-body-too-large"
        case .tooManyRedirects: "http-too-many-redirects"
        case .circuitOpen: "http-circuit-open"
        case .requestBody: "http-request-body"
        case .cancelled: "http-cancelled"
        case .closed: "http-closed"
        case .badAuthorities: "http-authorities"
        case .other: "http-failed"
        }
    }

    /// Whether the host, or the way to it, is what failed.
    var isHostFailure: Bool {
        switch self {
        case .unknownName, .unreachable, .proxy, .tls, .certificate, .timedOut, .connectionLost, .badResponse,
            .badCoding, .headersTooLarge, .tooManyRedirects, .other:
            true
        case .badAddress, .badHeader, .bodyTooLarge, .circuitOpen, .requestBody, .cancelled, .closed,
            .badAuthorities:
            false
        }
    }

    /// Whether another try may go better.
    var isPassing: Bool {
        switch self {
        case .unknownName, .unreachable, .connectionLost, .timedOut(.connect, _), .timedOut(.firstByte, _),
            .timedOut(.idle, _):
            true
        default: false
        }
    }
}
