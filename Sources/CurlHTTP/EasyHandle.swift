import CCurl

/// A code of libcurl that is not `CURLE_OK`.
struct CurlFailure: Error {
    let code: CURLcode
}

/// One of libcurl's easy handles. Lives on the loop's thread only.
final class EasyHandle {
    /// What tells the settings of two reads without body and redirects apart, besides address and headers.
    struct Plain: Equatable {
        let connect: Int
        let mayMultiplex: Bool
    }

    let pointer: UnsafeMutableRawPointer
    /// Set where the handle stands as such a read left it.
    var plain: Plain?
    private var list: UnsafeMutablePointer<curl_slist>?

    init?() {
        guard let pointer = curl_easy_init() else { return nil }
        self.pointer = pointer
    }

    deinit {
        curl_easy_cleanup(pointer)
        curl_slist_free_all(list)
    }

    /// Back to the client's settings; connections, names and TLS sessions are kept.
    func reset(_ options: ClientOptions, timeouts: ClientOptions.Timeouts) throws(CurlFailure) {
        plain = nil
        curl_easy_reset(pointer)
        try set(CURLOPT_NOSIGNAL, 1)
        try set(CURLOPT_PROTOCOLS_STR, "http,https")
        try set(CURLOPT_DISALLOW_USERNAME_IN_URL, 1)
        try set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        try set(CURLOPT_ACCEPT_ENCODING, "gzip, deflate")
        try set(CURLOPT_USERAGENT, options.userAgent)
        try set(CURLOPT_CONNECTTIMEOUT_MS, timeouts.connect.wholeMilliseconds)
        try set(CURLOPT_SSL_VERIFYPEER, 1)
        try set(CURLOPT_SSL_VERIFYHOST, 2)
        try set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        if let authorities = options.authorities {
            try set(CURLOPT_CAINFO, authorities)
            try set(CURLOPT_CAPATH, nil)
        }
        // An empty text keeps libcurl from reading the environment.
        try set(CURLOPT_PROXY, options.proxy ?? "")
        try set(CURLOPT_NOPROXY, options.proxyExceptions ?? "")
        let version =
            switch options.version {
            case .automatic: CURL_HTTP_VERSION_2TLS
            case .http1: CURL_HTTP_VERSION_1_1
            case .http2PriorKnowledge: CURL_HTTP_VERSION_2_PRIOR_KNOWLEDGE
            }
        try set(CURLOPT_HTTP_VERSION, Int(version))
    }

    // MARK: - Options

    func set(_ option: CURLoption, _ value: Int) throws(CurlFailure) {
        try check(ccurl_set_long(pointer, option, value))
    }

    func setOffset(_ option: CURLoption, _ value: Int64) throws(CurlFailure) {
        try check(ccurl_set_offset(pointer, option, curl_off_t(value)))
    }

    /// libcurl copies the text.
    func set(_ option: CURLoption, _ value: String?) throws(CurlFailure) {
        try check(ccurl_set_text(pointer, option, value))
    }

    func set(_ option: CURLoption, pointer value: UnsafeRawPointer) throws(CurlFailure) {
        try check(ccurl_set_pointer(pointer, option, value))
    }

    func set(_ option: CURLoption, _ function: @escaping ccurl_data_function) throws(CurlFailure) {
        try check(ccurl_set_function(pointer, option, function))
    }

    /// Called when the connection is there and the request about to be sent.
    func setReady(_ function: @escaping ccurl_ready_function) throws(CurlFailure) {
        try check(ccurl_set_ready_function(pointer, function))
    }

    /// Sockets are opened and closed through these. They must outlive the connections.
    func setSockets(_ sockets: OpenSockets) throws(CurlFailure) {
        let context = UnsafeRawPointer(Unmanaged.passUnretained(sockets).toOpaque())
        try set(CURLOPT_OPENSOCKETDATA, pointer: context)
        try set(CURLOPT_CLOSESOCKETDATA, pointer: context)
        try check(
            ccurl_set_open_function(pointer) { context, _, address in
                guard let context, let address else { return -1 }
                return Unmanaged<OpenSockets>.fromOpaque(context).takeUnretainedValue().open(address)
            })
        try check(
            ccurl_set_close_function(pointer) { context, socket in
                guard let context else { return 1 }
                return Unmanaged<OpenSockets>.fromOpaque(context).takeUnretainedValue().close(socket)
            })
    }

    func setHeaders(_ lines: [String]) throws(CurlFailure) {
        curl_slist_free_all(list)
        list = nil
        for line in lines {
            guard let longer = curl_slist_append(list, line) else { throw CurlFailure(code: CURLE_OUT_OF_MEMORY) }
            list = longer
        }
        try check(ccurl_set_list(pointer, CURLOPT_HTTPHEADER, list))
    }

    func copyFields(_ bytes: [UInt8]) throws(CurlFailure) {
        try setOffset(CURLOPT_POSTFIELDSIZE_LARGE, Int64(bytes.count))
        // Without bytes the pointer would be null, which means "ask the read callback".
        let code = (bytes.isEmpty ? [0] : bytes).withUnsafeBytes { source in
            ccurl_set_pointer(pointer, CURLOPT_COPYPOSTFIELDS, source.baseAddress)
        }
        try check(code)
    }

    private func check(_ code: CURLcode) throws(CurlFailure) {
        if code != CURLE_OK { throw CurlFailure(code: code) }
    }

    // MARK: - State

    func resume() -> CURLcode {
        curl_easy_pause(pointer, CURLPAUSE_CONT)
    }

    /// Zero while a kept connection serves.
    var newConnections: Int { number(CURLINFO_NUM_CONNECTS) }

    var isHTTP1: Bool {
        let version = number(CURLINFO_HTTP_VERSION)
        return version == Int(CURL_HTTP_VERSION_1_0) || version == Int(CURL_HTTP_VERSION_1_1)
    }

    var sentBytes: Int { offset(CURLINFO_SIZE_UPLOAD_T) }

    /// OpenSSL's `X509_V_…`.
    var verification: Int { number(CURLINFO_SSL_VERIFYRESULT) }

    /// What a proxy answered to `CONNECT`; zero where it was not asked.
    var tunnelStatus: Int { number(CURLINFO_HTTP_CONNECTCODE) }

    private func number(_ info: CURLINFO) -> Int {
        var value = 0
        return ccurl_get_long(pointer, info, &value) == CURLE_OK ? value : 0
    }

    private func offset(_ info: CURLINFO) -> Int {
        var value: curl_off_t = 0
        return ccurl_get_offset(pointer, info, &value) == CURLE_OK ? Int(value) : 0
    }
}

extension Duration {
    /// At least one, as none would mean for ever.
    var wholeMilliseconds: Int {
        Int(min(max(self / .milliseconds(1), 1), 2_000_000_000))
    }
}
