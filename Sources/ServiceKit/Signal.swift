import Synchronization

/// Wakes those who wait for something in this process.
package final class Signal: Sendable {
    private struct State {
        var rings: UInt64 = 0
        var next: UInt64 = 0
        var waiting: [UInt64: CheckedContinuation<Void, Never>] = [:]
        /// Cancelled before they had begun to wait.
        var gone: Set<UInt64> = []
    }

    private let state = Mutex(State())

    package init() {}

    /// How often it has rung.
    package var rings: UInt64 { state.withLock { $0.rings } }

    package func ring() {
        let waiting = state.withLock { state in
            state.rings += 1
            defer { state.waiting = [:] }
            return state.waiting.values
        }
        for continuation in waiting { continuation.resume() }
    }

    /// Returns when it has rung more often than that, when the time is over, or when the task is cancelled.
    package func wait(beyond rings: UInt64, atMost time: Duration) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.wait(beyond: rings) }
            group.addTask { try? await Task.sleep(for: time) }
            await group.next()
            group.cancelAll()
        }
    }

    private func wait(beyond rings: UInt64) async {
        let number = state.withLock { state in
            state.next += 1
            return state.next
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    if state.gone.remove(number) != nil || state.rings > rings { return true }
                    state.waiting[number] = continuation
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            let continuation = state.withLock { state in
                let waiting = state.waiting.removeValue(forKey: number)
                if waiting == nil { state.gone.insert(number) }
                return waiting
            }
            continuation?.resume()
        }
        state.withLock { _ = $0.gone.remove(number) }
    }
}
