import Synchronization

/// An answer whose body is read while it comes.
package struct ResponseStream: Sendable, AsyncSequence {
    package typealias Element = [UInt8]
    package typealias Failure = ClientFault

    package let status: Int
    package let headers: HeaderList
    let channel: DownloadChannel

    /// There is one body: of several readers each gets a part.
    package func makeAsyncIterator() -> Iterator { Iterator(channel: channel) }

    package struct Iterator: AsyncIteratorProtocol {
        let channel: DownloadChannel

        package func next() async throws(ClientFault) -> [UInt8]? {
            try await channel.next()
        }

        package func next(isolation actor: isolated (any Actor)?) async throws(ClientFault) -> [UInt8]? {
            try await channel.next()
        }
    }
}

/// Bytes on their way from the loop's thread to a task.
final class DownloadChannel: Sendable {
    typealias Head = (status: Int, headers: HeaderList)

    /// Above this the server waits.
    static let room = 256 << 10

    private struct State {
        var head: Result<Head, ClientFault>?
        var chunks: [UInt8] = []
        var end: Result<Void, ClientFault>?
        var isPaused = false
        var headReader: CheckedContinuation<Result<Head, ClientFault>, Never>?
        var reader: CheckedContinuation<Result<[UInt8]?, ClientFault>, Never>?
    }

    private let state = Mutex(State())
    private let wake: @Sendable () -> Void

    init(wake: @escaping @Sendable () -> Void) {
        self.wake = wake
    }

    /// Why the body broke off, if it did.
    var fault: ClientFault? {
        state.withLock { state in
            guard case .failure(let fault) = state.end else { return nil }
            return fault
        }
    }

    // MARK: - The reader's task

    func head() async throws(ClientFault) -> Head {
        let result = await withCheckedContinuation { continuation in
            let head = state.withLock { state in
                if state.head == nil { state.headReader = continuation }
                return state.head
            }
            if let head { continuation.resume(returning: head) }
        }
        return try result.get()
    }

    func next() async throws(ClientFault) -> [UInt8]? {
        // Cancellation ends the transfer, which ends this wait.
        let result = await withCheckedContinuation { continuation in
            let (bytes, isWoken) = state.withLock { state -> (Result<[UInt8]?, ClientFault>?, Bool) in
                if !state.chunks.isEmpty {
                    defer {
                        state.chunks = []
                        state.isPaused = false
                    }
                    return (.success(state.chunks), state.isPaused)
                }
                if let end = state.end { return (end.map { nil }, false) }
                if state.reader != nil { return (.failure(.cancelled), false) }
                state.reader = continuation
                return (nil, false)
            }
            if isWoken { wake() }
            if let bytes { continuation.resume(returning: bytes) }
        }
        return try result.get()
    }

    // MARK: - The loop's thread

    func begin(_ head: Head) {
        let reader = state.withLock { state in
            state.head = .success(head)
            defer { state.headReader = nil }
            return state.headReader
        }
        reader?.resume(returning: .success(head))
    }

    /// False where there is no room: the same bytes come again later.
    func write(_ bytes: UnsafeRawBufferPointer) -> Bool {
        let (isTaken, reader) = state.withLock { state in
            if let reader = state.reader {
                state.reader = nil
                return (true, reader as CheckedContinuation?)
            }
            if state.chunks.count >= Self.room {
                state.isPaused = true
                return (false, nil)
            }
            state.chunks.append(contentsOf: bytes)
            return (true, nil)
        }
        reader?.resume(returning: .success([UInt8](bytes)))
        return isTaken
    }

    func end(_ result: Result<Void, ClientFault>) {
        let (headReader, reader) = state.withLock { state in
            defer { (state.headReader, state.reader) = (nil, nil) }
            if state.end == nil { state.end = result }
            if state.head == nil { state.head = result.flatMap { .failure(.closed) } }
            return (state.headReader, state.reader)
        }
        headReader?.resume(returning: result.flatMap { .failure(.closed) })
        reader?.resume(returning: result.map { nil })
    }
}
