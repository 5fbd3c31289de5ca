import CCurl

/// libcurl's multi handle with the transfers under way. Lives on the loop's thread only.
final class MultiHandle {
    let pointer: UnsafeMutableRawPointer
    private let options: ClientOptions
    private let clock = ContinuousClock()
    private var byHandle: [UnsafeMutableRawPointer: Transfer] = [:]
    private var byID: [UInt64: Transfer] = [:]
    private var waiting: [ServerAddress: WaitingJobs] = [:]
    private var idle: [EasyHandle] = []
    private let sockets = OpenSockets()
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

    // The sockets' closing needs `sockets`, which goes after this.
    deinit { curl_multi_cleanup(pointer) }

    func start(_ job: TransferJob) {
        // Over HTTP/2 many share a connection: there libcurl counts.
        if !options.mayMultiplex(job.address) {
            guard waiting[job.address, default: WaitingJobs()].running < options.connectionsPerHost else {
                waiting[job.address]?.add(job)
                check(by: job.end)
                return
            }
            waiting[job.address, default: WaitingJobs()].running += 1
        }
        begin(job)
    }

    private func begin(_ job: TransferJob) {
        guard let handle = idle.popLast() ?? EasyHandle() else { return refuse(job, .closed) }
        let transfer = Transfer(job, handle: handle, sockets: sockets, options: options)
        do throws(ClientFault) {
            try transfer.prepare()
        } catch {
            return refuse(job, error)
        }
        let code = curl_multi_add_handle(pointer, handle.pointer)
        guard code == CURLM_OK else {
            return refuse(job, .other(code: Int(code.rawValue), host: job.address.name))
        }
        byHandle[handle.pointer] = transfer
        byID[job.id] = transfer
        check(by: transfer.deadline)
    }

    private func refuse(_ job: TransferJob, _ fault: ClientFault) {
        job.refuse(fault)
        startNext(at: job.address)
    }

    /// A place is free.
    private func startNext(at address: ServerAddress) {
        guard waiting[address] != nil else { return }
        if let job = waiting[address]?.takeFirst() {
            begin(job)
        } else {
            waiting[address]?.running -= 1
            if waiting[address]?.running == 0 { waiting[address] = nil }
        }
    }

    func cancel(_ id: UInt64) {
        if let transfer = byID[id] {
            remove(transfer)
            transfer.finish(.cancelled)
            startNext(at: transfer.job.address)
            return
        }
        for address in waiting.keys {
            if let job = waiting[address]?.remove(id) { return job.refuse(.cancelled) }
        }
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
        for address in waiting.keys {
            while let job = waiting[address]?.takeFirst() { job.refuse(reason) }
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
        if transfer.mayRestart(after: code) {
            if curl_multi_remove_handle(pointer, transfer.handle.pointer) == CURLM_OK,
                curl_multi_add_handle(pointer, transfer.handle.pointer) == CURLM_OK
            {
                return
            }
        }
        // The result's details are read from the handle before it goes back.
        forget(transfer)
        transfer.finish(code)
        keep(transfer.handle)
        startNext(at: transfer.job.address)
    }

    private func remove(_ transfer: Transfer) {
        forget(transfer)
        keep(transfer.handle)
    }

    private func forget(_ transfer: Transfer) {
        let code = curl_multi_remove_handle(pointer, transfer.handle.pointer)
        assert(code == CURLM_OK, "only handles that were added are removed, and not from a callback")
        byHandle[transfer.handle.pointer] = nil
        byID[transfer.job.id] = nil
    }

    private func keep(_ handle: EasyHandle) {
        if idle.count < Self.idleLimit { idle.append(handle) }
    }

    private func check(by deadline: ContinuousClock.Instant) {
        nextCheck = min(nextCheck ?? deadline, deadline)
    }

    private func checkDeadlines() {
        guard let check = nextCheck else { return }
        let now = clock.now
        guard check <= now else { return }
        for transfer in byHandle.values.filter({ $0.deadline <= now }) {
            guard let fault = transfer.lateness(at: now) else { continue }
            remove(transfer)
            transfer.finish(fault)
            startNext(at: transfer.job.address)
        }
        var next = byHandle.values.map(\.deadline).min()
        for address in waiting.keys {
            let late = waiting[address]?.removeEnded(at: now) ?? []
            for job in late { job.refuse(.timedOut(.total, host: address.name)) }
            if let end = waiting[address]?.earliestEnd { next = min(next ?? end, end) }
        }
        nextCheck = next
    }
}
