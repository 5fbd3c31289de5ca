import CCurl

/// One request under way. Lives on the loop's thread only.
final class Transfer {
    let job: TransferJob
    let handle: EasyHandle
    private let options: ClientOptions
    private let sockets: OpenSockets
    private let clock = ContinuousClock()

    private var status = 0
    private var headers = HeaderList()
    private var headerBytes = 0
    private var isHeadComplete = false
    private var body: [UInt8] = []
    private var received = 0
    private var sent = 0
    private var fault: ClientFault?

    private var isConnected = false
    private var connection: OpenSockets.Ends?
    /// A kept connection turned out not to be usable, before anything was sent.
    private var isStale = false
    private var isPaused = false
    private var lastActivity: ContinuousClock.Instant
    private var sentBefore = 0
    /// When the loop should look at it again.
    private(set) var deadline: ContinuousClock.Instant

    /// In bytes; what libcurl sends of a body with one call.
    private static let sentAtOnce = 64 << 10

    private var host: String { job.address.name }

    private var bodyLimit: Int? {
        if case .stream = job.sink { return job.request.bodyLimit }
        return job.request.bodyLimit ?? options.bodyLimit
    }

    init(_ job: TransferJob, handle: EasyHandle, sockets: OpenSockets, options: ClientOptions) {
        self.job = job
        self.handle = handle
        self.sockets = sockets
        self.options = options
        lastActivity = clock.now
        deadline = min(job.end, lastActivity + min(job.timeouts.firstByte, job.timeouts.idle))
    }

    // MARK: - Setting up

    func prepare() throws(ClientFault) {
        do throws(CurlFailure) {
            let plain = plainSettings
            // The settings of one plain read are those of the next.
            let isReady = plain != nil && handle.plain == plain
            if !isReady { try handle.reset(options, timeouts: job.timeouts) }
            try handle.set(CURLOPT_URL, job.request.url)
            try handle.setHeaders(job.headerLines)
            try connectContext()
            if isReady { return }
            if job.request.isFollowing {
                try handle.set(CURLOPT_FOLLOWLOCATION, 1)
                try handle.set(CURLOPT_MAXREDIRS, job.request.redirectLimit)
                try handle.set(CURLOPT_REDIR_PROTOCOLS_STR, job.address.isSecure ? "https" : "http,https")
            }
            // Rather a stream of a connection that is being made than a connection more.
            if options.mayMultiplex(job.address) { try handle.set(CURLOPT_PIPEWAIT, 1) }
            try prepareBody()
            try connectCallbacks()
            handle.plain = plain
        } catch {
            throw .other(code: Int(error.code.rawValue), host: host)
        }
    }

    /// Nil for a request that sets more than these.
    private var plainSettings: EasyHandle.Plain? {
        guard job.request.method == .get, case .none = job.request.body, !job.request.isFollowing else { return nil }
        return EasyHandle.Plain(
            connect: job.timeouts.connect.wholeMilliseconds, mayMultiplex: options.mayMultiplex(job.address))
    }

    private func prepareBody() throws(CurlFailure) {
        let method = job.request.method
        switch (job.request.body, method) {
        case (.none, .get): try handle.set(CURLOPT_HTTPGET, 1)
        case (.none, .head): try handle.set(CURLOPT_NOBODY, 1)
        case (.none, .delete), (.none, .options): try handle.set(CURLOPT_CUSTOMREQUEST, method.rawValue)
        case (.none, _):
            // libcurl sends a request again where a kept connection turns out dead. With nothing to rewind it
            // cannot be told not to, except by a new connection.
            if !job.request.isRepeatable { try handle.set(CURLOPT_FRESH_CONNECT, 1) }
            try prepareFields([])
        case (.bytes(let bytes), _) where job.request.isRepeatable: try prepareFields(bytes)
        case (.bytes(let bytes), _):
            if bytes.isEmpty { try handle.set(CURLOPT_FRESH_CONNECT, 1) }
            // Read by the callback without a way to rewind, so that libcurl cannot send it twice.
            try prepareUpload(length: bytes.count)
        case (.stream(let length, _), _): try prepareUpload(length: length)
        }
    }

    private func prepareFields(_ bytes: [UInt8]) throws(CurlFailure) {
        try handle.set(CURLOPT_POST, 1)
        try handle.set(CURLOPT_CUSTOMREQUEST, job.request.method.rawValue)
        try handle.copyFields(bytes)
    }

    private func prepareUpload(length: Int?) throws(CurlFailure) {
        try handle.set(CURLOPT_UPLOAD, 1)
        try handle.set(CURLOPT_CUSTOMREQUEST, job.request.method.rawValue)
        try handle.setOffset(CURLOPT_INFILESIZE_LARGE, Int64(length ?? -1))
    }

    private func connectContext() throws(CurlFailure) {
        // The loop keeps the transfer for as long as libcurl knows the handle.
        let context = UnsafeRawPointer(Unmanaged.passUnretained(self).toOpaque())
        try handle.set(CURLOPT_HEADERDATA, pointer: context)
        try handle.set(CURLOPT_WRITEDATA, pointer: context)
        try handle.set(CURLOPT_READDATA, pointer: context)
        try handle.set(CURLOPT_PREREQDATA, pointer: context)
    }

    private func connectCallbacks() throws(CurlFailure) {
        try handle.setSockets(sockets)
        try handle.setReady { context, remote, local, remotePort, localPort in
            let ends = OpenSockets.Ends(remote: remote, local: local, remotePort: remotePort, localPort: localPort)
            return Transfer.at(context)?.connected(ends) == true ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT
        }
        try handle.set(CURLOPT_HEADERFUNCTION) { bytes, size, count, context in
            Transfer.at(context)?.header(UnsafeRawBufferPointer(start: bytes, count: size * count)) ?? 0
        }
        try handle.set(CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
            Transfer.at(context)?.receive(UnsafeRawBufferPointer(start: bytes, count: size * count)) ?? 0
        }
        try handle.set(CURLOPT_READFUNCTION) { bytes, size, count, context in
            Transfer.at(context)?.supply(UnsafeMutableRawBufferPointer(start: bytes, count: size * count))
                ?? Int(CURL_READFUNC_ABORT)
        }
    }

    private static func at(_ context: UnsafeMutableRawPointer?) -> Transfer? {
        context.map { Unmanaged<Transfer>.fromOpaque($0).takeUnretainedValue() }
    }

    // MARK: - Called by libcurl

    /// False where the connection must not be used.
    private func connected(_ ends: OpenSockets.Ends) -> Bool {
        if handle.newConnections > 0 {
            sockets.noteNew(ends)
        } else if sockets.isStale(ends) {
            isStale = true
            return false
        }
        connection = ends
        isConnected = true
        lastActivity = clock.now
        return true
    }

    private func header(_ line: UnsafeRawBufferPointer) -> Int {
        lastActivity = clock.now
        headerBytes += line.count
        if headerBytes > options.headerLimit {
            fault = .headersTooLarge(host: host, limit: options.headerLimit)
            return 0
        }
        // What follows the body (trailers) is not used.
        if isHeadComplete { return line.count }
        let text = String(decoding: line, as: UTF8.self)
        if text.hasPrefix("HTTP/") {
            headers = HeaderList()
            status = text.split(separator: " ", maxSplits: 2).dropFirst().first.flatMap { Int(trimmed($0)) } ?? 0
        } else if line.first == 0x0d || line.first == 0x0a {
            endHead()
        } else if let colon = text.utf8.firstIndex(of: 0x3a), line.first != 0x20, line.first != 0x09 {
            headers.add(String(text[..<colon]), trimmed(text[text.utf8.index(after: colon)...]))
        }
        return line.count
    }

    private func endHead() {
        let isFollowed =
            job.request.isFollowing && (300..<400).contains(status) && headers["Location"]?.isEmpty == false
        guard status >= 200, !isFollowed else { return }
        isHeadComplete = true
        if case .stream(let channel) = job.sink { channel.begin((status, headers)) }
    }

    private func receive(_ bytes: UnsafeRawBufferPointer) -> Int {
        lastActivity = clock.now
        if let bodyLimit, received + bytes.count > bodyLimit {
            fault = .bodyTooLarge(host: host, limit: bodyLimit)
            return 0
        }
        if case .stream(let channel) = job.sink {
            guard channel.write(bytes) else {
                isPaused = true
                return Int(CURL_WRITEFUNC_PAUSE)
            }
        } else {
            body.append(contentsOf: bytes)
        }
        received += bytes.count
        return bytes.count
    }

    private func supply(_ target: UnsafeMutableRawBufferPointer) -> Int {
        lastActivity = clock.now
        if case .bytes(let bytes) = job.request.body {
            let count = min(bytes.count - sent, target.count)
            bytes.withUnsafeBytes { source in
                target.copyMemory(from: UnsafeRawBufferPointer(rebasing: source[sent..<sent + count]))
            }
            sent += count
            return count
        }
        guard let upload = job.upload else { return Int(CURL_READFUNC_ABORT) }
        switch upload.read(into: target) {
        case .bytes(let count):
            sent += count
            return count
        case .end: return 0
        case .empty:
            isPaused = true
            return Int(CURL_READFUNC_PAUSE)
        case .failed:
            fault = .requestBody
            return Int(CURL_READFUNC_ABORT)
        }
    }

    private func trimmed(_ text: Substring) -> String {
        let isSpace = { (byte: UInt8) in byte == 0x20 || byte == 0x09 || byte == 0x0d || byte == 0x0a }
        var bytes = text.utf8
        while let first = bytes.first, isSpace(first) { bytes.removeFirst() }
        while let last = bytes.last, isSpace(last) { bytes.removeLast() }
        return String(Substring(bytes))
    }

    // MARK: - Called by the loop

    /// The other side has room, or something to send, again.
    func resume() -> CURLcode {
        guard isPaused else { return CURLE_OK }
        isPaused = false
        lastActivity = clock.now
        return handle.resume()
    }

    /// Whether it should start anew, as its connection was not used and is closed now.
    func mayRestart(after code: CURLcode) -> Bool {
        defer { isStale = false }
        return isStale && code == CURLE_ABORTED_BY_CALLBACK
    }

    /// The fault of a transfer that has stood still for too long; else its next deadline is set.
    func lateness(at now: ContinuousClock.Instant) -> ClientFault? {
        if now >= job.end { return .timedOut(.total, host: host) }
        let next: ContinuousClock.Instant
        if !isConnected || isPaused {
            // libcurl limits the time to connect; waiting for a free connection or for our own side is no fault.
            next = now + min(job.timeouts.firstByte, job.timeouts.idle)
        } else if isHeadComplete || headerBytes > 0 {
            next = lastActivity + job.timeouts.idle
            if next <= now { return .timedOut(.idle, host: host) }
        } else {
            noteSending(at: now)
            next = lastActivity + job.timeouts.firstByte
            if next <= now { return .timedOut(.firstByte, host: host) }
        }
        // Not later than the next phase may end that could begin now.
        deadline = min(job.end, next, now + job.timeouts.idle)
        return nil
    }

    /// A large body that libcurl holds goes out without a call to us.
    private func noteSending(at now: ContinuousClock.Instant) {
        guard case .bytes(let bytes) = job.request.body, bytes.count > Self.sentAtOnce else { return }
        let sentNow = handle.sentBytes
        if sentNow != sentBefore { lastActivity = now }
        sentBefore = sentNow
    }

    func finish(_ code: CURLcode) {
        if code == CURLE_OK, let connection, handle.isHTTP1 { sockets.noteHTTP1(connection) }
        let reason =
            fault
            ?? ClientFault(
                code, handle: handle, job: job, options: options, isHeadComplete: isHeadComplete)
        finish(reason)
    }

    func finish(_ reason: ClientFault?) {
        job.upload?.close()
        switch (job.sink, reason) {
        case (.whole(let deliver), nil):
            deliver(.success(ClientResponse(status: status, headers: headers, body: body)))
        case (.whole(let deliver), let reason?): deliver(.failure(reason))
        case (.stream(let channel), nil): channel.end(.success(()))
        case (.stream(let channel), let reason?): channel.end(.failure(reason))
        }
    }
}
