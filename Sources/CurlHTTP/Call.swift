/// A request that was looked at, ready to be sent any number of times.
struct Call: Sendable {
    let request: ClientRequest
    let address: ServerAddress
    let timeouts: ClientOptions.Timeouts
    private let headerLines: [String]

    /// They are libcurl's own: a wrong one would let one request pass for two.
    private static let reserved: Set<String> = [
        "connection", "content-length", "expect", "host", "http2-settings", "keep-alive", "proxy-authorization",
        "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade",
    ]

    init(_ request: ClientRequest, options: ClientOptions) throws(ClientFault) {
        self.request = request
        address = try ServerAddress(request.url)
        timeouts = request.timeouts ?? options.timeouts
        // Without "Expect" a body is sent at once, without the type libcurl does not make one up.
        var lines = ["Expect:"]
        var hasType = false
        var hasTrace = false
        for field in request.headers.fields {
            let name = field.name.lowercased()
            guard Self.isToken(field.name), Self.isValue(field.value), !Self.reserved.contains(name) else {
                throw .badHeader(name: field.name.filter { $0.isASCII && !$0.isNewline })
            }
            hasType = hasType || name == "content-type"
            hasTrace = hasTrace || name == "traceparent"
            // libcurl takes "Name;" for a header without a value.
            lines.append(field.value.isEmpty ? "\(field.name);" : "\(field.name): \(field.value)")
        }
        if !hasType { lines.append("Content-Type:") }
        if !hasTrace, let trace = Trace.traceparent, Self.isValue(trace) { lines.append("traceparent: \(trace)") }
        headerLines = lines
    }

    func job(
        _ id: UInt64, _ upload: UploadChannel?, _ end: ContinuousClock.Instant, _ sink: TransferJob.Sink
    ) -> TransferJob {
        TransferJob(
            id: id, request: request, address: address, headerLines: headerLines, timeouts: timeouts, end: end,
            upload: upload, sink: sink)
    }

    /// RFC 9110 §5.6.2.
    private static func isToken(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5a, 0x61...0x7a: true
                default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
                }
            }
    }

    private static func isValue(_ text: String) -> Bool {
        text.utf8.allSatisfy { $0 == 0x09 || ($0 >= 0x20 && $0 != 0x7f) }
    }
}
