import CCurl
import Glibc
import Synchronization

/// The thread that runs libcurl's multi loop. All handles are made, used and closed on it.
final class TransferLoop: Sendable {
    private enum Command: Sendable {
        case start(TransferJob)
        case cancel(UInt64)
        case resume(UInt64)
    }

    private struct Inbox {
        var commands: [Command] = []
        var isAsleep = false
        var isStopping = false
        var isOver = false
        var waiters: [CheckedContinuation<Void, Never>] = []
        /// Taken away before the handle is closed.
        var bell: Bell?
    }

    /// Sendable, because it is used for `curl_multi_wakeup` only, the one call that libcurl allows from any thread, and
    /// only under the inbox's lock, while the handle is open.
    private struct Bell: @unchecked Sendable {
        let multi: UnsafeMutableRawPointer

        func ring() -> Bool { curl_multi_wakeup(multi) == CURLM_OK }
    }

    private let inbox = Mutex(Inbox())
    private let options: ClientOptions
    private let counter = Atomic<UInt64>(0)

    private static let isCurlReady = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

    init(options: ClientOptions) {
        self.options = options
        let context = Unmanaged.passRetained(self)
        var thread = pthread_t()
        let code = pthread_create(
            &thread, nil,
            { context in
                ccurl_name_thread("http-client")
                if let context { Unmanaged<TransferLoop>.fromOpaque(context).takeRetainedValue().run() }
                return nil
            }, context.toOpaque())
        if code == 0 {
            pthread_detach(thread)
        } else {
            // Without a thread every request is refused.
            context.takeRetainedValue().finish()
        }
    }

    // MARK: - From any thread

    func nextID() -> UInt64 { counter.add(1, ordering: .relaxed).newValue }

    func start(_ job: TransferJob) {
        if !send(.start(job)) { job.refuse(.closed) }
    }

    func cancel(_ id: UInt64) { _ = send(.cancel(id)) }

    /// A paused direction may go on.
    func resume(_ id: UInt64) { _ = send(.resume(id)) }

    /// What is under way ends with `closed`.
    func stop() {
        inbox.withLock { inbox in
            inbox.isStopping = true
            wake(&inbox)
        }
    }

    /// Returns when every handle is closed.
    func stopped() async {
        stop()
        await withCheckedContinuation { continuation in
            let isOver = inbox.withLock { inbox in
                if !inbox.isOver { inbox.waiters.append(continuation) }
                return inbox.isOver
            }
            if isOver { continuation.resume() }
        }
    }

    private func send(_ command: Command) -> Bool {
        inbox.withLock { inbox in
            guard !inbox.isStopping else { return false }
            inbox.commands.append(command)
            wake(&inbox)
            return true
        }
    }

    private func wake(_ inbox: inout Inbox) {
        if inbox.isAsleep, let bell = inbox.bell { inbox.isAsleep = !bell.ring() }
    }

    // MARK: - On the thread

    private func run() {
        if Self.isCurlReady, let multi = MultiHandle(options: options) {
            let bell = Bell(multi: multi.pointer)
            inbox.withLock { $0.bell = bell }
            work(multi)
            // Nobody may wake what is about to be closed.
            inbox.withLock { $0.bell = nil }
            multi.end(.closed)
        }
        finish()
    }

    private func finish() {
        let (left, waiters) = inbox.withLock { inbox in
            inbox.isStopping = true
            inbox.isOver = true
            defer { (inbox.commands, inbox.waiters) = ([], []) }
            return (inbox.commands, inbox.waiters)
        }
        for case .start(let job) in left { job.refuse(.closed) }
        for waiter in waiters { waiter.resume() }
    }

    private func work(_ multi: MultiHandle) {
        while true {
            let (commands, isStopping) = inbox.withLock { inbox in
                inbox.isAsleep = false
                defer { inbox.commands.removeAll(keepingCapacity: true) }
                return (inbox.commands, inbox.isStopping)
            }
            if isStopping {
                for case .start(let job) in commands { job.refuse(.closed) }
                return
            }
            for command in commands {
                switch command {
                case .start(let job): multi.start(job)
                case .cancel(let id): multi.cancel(id)
                case .resume(let id): multi.resume(id)
                }
            }
            guard multi.perform() else { return }
            let isIdle = inbox.withLock { inbox in
                inbox.isAsleep = inbox.commands.isEmpty && !inbox.isStopping
                return inbox.isAsleep
            }
            if isIdle, !multi.wait() { return }
        }
    }
}
