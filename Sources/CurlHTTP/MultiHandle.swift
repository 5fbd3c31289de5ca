import CCurl

/// libcurl's multi handle with the transfers under way. Lives on the loop's thread only.
final class MultiHandle {
    let pointer: UnsafeMutableRawPointer
    private let options: ClientOptions
    private let clock = ContinuousClock()
    private var byHandle: [UnsafeMutableRawPointer: Transfer] = [:]
    private var byID: [UInt64: Transfer] = [:]
    private var idle: [EasyHandle] = []
    /// No transfer's deadline is earlier.
    private var nextCheck: ContinuousClock.Instant?

    private static let idleLimit = 64

    init?(options: ClientOptions) {
        guard let pointer = curl_multi_init() else { return nil }
        self.pointer = pointer
        self.options = options
        let settings = [
            (CURLMOPT_MAX_HOST_CONNECTIONS, options.connectionsPerHost), (CURLMOPT_MAXCONNECTS, 256),
            (CURLMOPT_PIPELINING, Int(CURLPIPE_MULTIPLEX)),
        ]
        for (option, value) in settings where ccurl_multi_set_long(pointer, option, value) != CURLM_OK {
            curl_multi_cleanup(pointer)
            return nil
        }
    }

    deinit { curl_multi_cleanup(pointer) }

    func start(_ job: TransferJob) {
        guard let handle = idle.popLast() ?? EasyHandle() else { return Transfer.refuse(job) }
        let transfer = Transfer(job, handle: handle, options: options)
        do throws(ClientFault) {
            try transfer.prepare()
        } catch {
            return transfer.finish(error)
        }
        let code = curl_multi_add_handle(pointer, handle.pointer)
        guard code == CURLM_OK else {
            return transfer.finish(.other(code: Int(code.rawValue), host: job.address.name))
        }
        byHandle[handle.pointer] = transfer
        byID[job.id] = transfer
        nextCheck = min(nextCheck ?? transfer.deadline, transfer.deadline)
    }

    func cancel(_ id: UInt64) {
        guard let transfer = byID[id] else { return }
        remove(transfer)
        transfer.finish(.cancelled)
    }

    func resume(_ id: UInt64) {
        guard let transfer = byID[id] else { return }
        let code = transfer.resume()
        if code != CURLE_OK { end(transfer, code) }
    }

    /// All transfers end with the reason.
    func end(_ reason: ClientFault) {
        for transfer in Array(byHandle.values) {
            remove(transfer)
            transfer.finish(reason)
        }
        idle = []
    }

    /// Does what can be done without waiting; false where libcurl cannot go on.
    func perform() -> Bool {
        var running: Int32 = 0
        guard curl_multi_perform(pointer, &running) == CURLM_OK else { return false }
        var left: Int32 = 0
        while let message = curl_multi_info_read(pointer, &left) {
            guard message.pointee.msg == CURLMSG_DONE, let handle = message.pointee.easy_handle,
                let transfer = byHandle[handle]
            else { continue }
            // Read before the handle leaves, which ends the message.
            let code = ccurl_result(message)
            end(transfer, code)
        }
        checkDeadlines()
        return true
    }

    /// Until something happens, the next deadline, or a call from another thread.
    func wait() -> Bool {
        let left = nextCheck.map { max(0, ($0 - clock.now) / .milliseconds(1)) } ?? 60_000
        var count: Int32 = 0
        return curl_multi_poll(pointer, nil, 0, Int32(min(left + 1, 60_000)), &count) == CURLM_OK
    }

    private func end(_ transfer: Transfer, _ code: CURLcode) {
        // The result's details are read from the handle before it goes back.
        curl_multi_remove_handle(pointer, transfer.handle.pointer)
        forget(transfer)
        transfer.finish(code)
        keep(transfer.handle)
    }

    private func remove(_ transfer: Transfer) {
        curl_multi_remove_handle(pointer, transfer.handle.pointer)
        forget(transfer)
        keep(transfer.handle)
    }

    private func forget(_ transfer: Transfer) {
        byHandle[transfer.handle.pointer] = nil
        byID[transfer.job.id] = nil
        if byID.isEmpty { nextCheck = nil }
    }

    private func keep(_ handle: EasyHandle) {
        if idle.count < Self.idleLimit { idle.append(handle) }
    }

    private func checkDeadlines() {
        guard let check = nextCheck else { return }
        let now = clock.now
        guard check <= now else { return }
        for transfer in byHandle.values.filter({ $0.deadline <= now }) {
            guard let fault = transfer.lateness(at: now) else { continue }
            remove(transfer)
            transfer.finish(fault)
        }
        nextCheck = byHandle.values.map(\.deadline).min()
    }
}
