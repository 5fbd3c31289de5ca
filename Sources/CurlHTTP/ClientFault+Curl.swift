import CCurl

extension ClientFault {
    /// Nil for `CURLE_OK` after a whole head.
    init?(
        _ code: CURLcode, handle: EasyHandle, job: TransferJob, options: ClientOptions, isHeadComplete: Bool
    ) {
        let host = job.address.name
        let tunnelStatus = code == CURLE_OK ? 0 : handle.tunnelStatus
        switch code {
        case CURLE_OK where isHeadComplete: return nil
        case CURLE_OK: self = .badResponse(host: host)
        case _ where tunnelStatus != 0 && tunnelStatus / 100 != 2: self = .proxy(host: host)
        case CURLE_COULDNT_RESOLVE_HOST: self = .unknownName(host: host)
        case CURLE_COULDNT_CONNECT where options.proxy != nil && options.proxyExceptions == nil:
            self = .proxy(host: host)
        case CURLE_COULDNT_CONNECT: self = .unreachable(host: host)
        case CURLE_COULDNT_RESOLVE_PROXY, CURLE_PROXY: self = .proxy(host: host)
        case CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CIPHER, CURLE_SSL_CERTPROBLEM, CURLE_SSL_ENGINE_INITFAILED,
            CURLE_SSL_SHUTDOWN_FAILED:
            self = .tls(host: host)
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_ISSUER_ERROR:
            self = .certificate(CertificateFlaw(verification: handle.verification), host: host)
        case CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CRL_BADFILE: self = .badAuthorities
        // The loop sees to the other limits.
        case CURLE_OPERATION_TIMEDOUT: self = .timedOut(.connect, host: host)
        case CURLE_PARTIAL_FILE, CURLE_GOT_NOTHING, CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_SEND_FAIL_REWIND,
            CURLE_HTTP2, CURLE_HTTP2_STREAM:
            self = .connectionLost(host: host)
        // The request's own address was looked at before: these come from an answer or a redirect.
        case CURLE_WEIRD_SERVER_REPLY, CURLE_UNSUPPORTED_PROTOCOL, CURLE_URL_MALFORMAT, CURLE_LOGIN_DENIED:
            self = .badResponse(host: host)
        case CURLE_BAD_CONTENT_ENCODING: self = .badCoding(host: host)
        case CURLE_TOO_MANY_REDIRECTS: self = .tooManyRedirects(host: host, limit: job.request.redirectLimit)
        // One header line beyond libcurl's own limit of 100 KB.
        case CURLE_OUT_OF_MEMORY where !isHeadComplete:
            self = .headersTooLarge(host: host, limit: options.headerLimit)
        default: self = .other(code: Int(code.rawValue), host: host)
        }
    }
}

extension ClientFault.CertificateFlaw {
    /// openssl/x509_vfy.h. Where only the name is wrong libcurl leaves 0 or 1, as the chain is good.
    fileprivate init(verification: Int) {
        self =
            switch verification {
            case 0, 1, 62: .wrongName
            case 9: .notYetValid
            case 10: .expired
            case 2, 18...21: .unknownIssuer
            default: .other
            }
    }
}
