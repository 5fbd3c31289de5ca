import Synchronization

/// The sending side of a streamed request body: holds little, and waits while the server takes its time.
package struct BodyWriter: Sendable {
    let channel: UploadChannel

    /// Returns when there is room for more.
    package func write(_ bytes: [UInt8]) async throws(ClientFault) {
        try await channel.write(bytes)
    }
}

/// Bytes on their way from a task to the loop's thread.
final class UploadChannel: Sendable {
    /// Above this the writer waits.
    static let room = 256 << 10

    private struct State {
        var chunks: [[UInt8]] = []
        var offset = 0
        var waiting = 0
        var written = 0
        var end: Ending?
        var isPaused = false
        var writer: CheckedContinuation<Void, Never>?
    }

    private enum Ending {
        case complete
        case failed
        /// The transfer is over: nobody reads any more.
        case over
    }

    enum Reading {
        case bytes(Int)
        case empty
        case end
        case failed
    }

    private let state = Mutex(State())
    private let length: Int?
    private let wake: @Sendable () -> Void

    init(length: Int?, wake: @escaping @Sendable () -> Void) {
        self.length = length
        self.wake = wake
    }

    // MARK: - The writer's task

    func write(_ bytes: [UInt8]) async throws(ClientFault) {
        if Task.isCancelled { throw .cancelled }
        if bytes.isEmpty { return }
        let (isTaken, isWoken) = state.withLock { state in
            guard state.end == nil else { return (false, false) }
            state.written += bytes.count
            if let length, state.written > length {
                state.end = .failed
            } else {
                state.chunks.append(bytes)
                state.waiting += bytes.count
            }
            defer { state.isPaused = false }
            return (state.end == nil, state.isPaused)
        }
        if isWoken { wake() }
        guard isTaken else { throw state.withLock { $0.end == .over } ? .closed : .requestBody }
        // The loop drains or ends the channel, also when the task is cancelled: that ends the transfer.
        await withCheckedContinuation { continuation in
            let isRoom = state.withLock { state in
                if state.waiting < Self.room || state.end != nil { return true }
                state.writer = continuation
                return false
            }
            if isRoom { continuation.resume() }
        }
    }

    func finish(isComplete: Bool) {
        let isWoken = state.withLock { state in
            guard state.end == nil else { return false }
            let isWhole = length.map { $0 == state.written } ?? true
            state.end = isComplete && isWhole ? .complete : .failed
            defer { state.isPaused = false }
            return state.isPaused
        }
        if isWoken { wake() }
    }

    // MARK: - The loop's thread

    func read(into target: UnsafeMutableRawBufferPointer) -> Reading {
        let (reading, writer) = state.withLock { state -> (Reading, CheckedContinuation<Void, Never>?) in
            if state.end == .failed || state.end == .over { return (.failed, nil) }
            guard let chunk = state.chunks.first else {
                if state.end == .complete { return (.end, nil) }
                state.isPaused = true
                return (.empty, nil)
            }
            let count = min(chunk.count - state.offset, target.count)
            chunk.withUnsafeBytes { source in
                target.copyMemory(from: UnsafeRawBufferPointer(rebasing: source[state.offset..<state.offset + count]))
            }
            state.offset += count
            state.waiting -= count
            if state.offset == chunk.count {
                state.chunks.removeFirst()
                state.offset = 0
            }
            guard state.waiting < Self.room else { return (.bytes(count), nil) }
            defer { state.writer = nil }
            return (.bytes(count), state.writer)
        }
        writer?.resume()
        return reading
    }

    func close() {
        let writer = state.withLock { state in
            if state.end == nil { state.end = .over }
            state.chunks = []
            state.waiting = 0
            defer { state.writer = nil }
            return state.writer
        }
        writer?.resume()
    }
}
