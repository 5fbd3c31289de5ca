import CCurl

/// The part of an address that a connection is made to, as libcurl itself reads it.
struct ServerAddress: Hashable, Sendable {
    let isSecure: Bool
    let host: String
    let port: String

    /// What faults and metrics call it.
    var name: String { "\(host):\(port)" }

    init(_ url: String) throws(ClientFault) {
        guard url.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7f }), let handle = curl_url() else { throw .badAddress }
        defer { curl_url_cleanup(handle) }
        // libcurl takes "http:///name" for "http://name".
        guard !url.drop(while: { $0 != ":" }).hasPrefix(":///") else { throw .badAddress }
        guard curl_url_set(handle, CURLUPART_URL, url, 0) == CURLUE_OK else { throw .badAddress }
        func part(_ part: CURLUPart, _ flags: Int32 = 0) -> String? {
            var text: UnsafeMutablePointer<CChar>?
            guard curl_url_get(handle, part, &text, UInt32(flags)) == CURLUE_OK, let text else { return nil }
            defer { curl_free(text) }
            return String(cString: text)
        }
        guard let scheme = part(CURLUPART_SCHEME), scheme == "http" || scheme == "https",
            part(CURLUPART_USER) == nil, part(CURLUPART_PASSWORD) == nil,
            let host = part(CURLUPART_HOST), !host.isEmpty, let port = part(CURLUPART_PORT, CURLU_DEFAULT_PORT)
        else { throw .badAddress }
        isSecure = scheme == "https"
        self.host = host.lowercased()
        self.port = port
    }
}
