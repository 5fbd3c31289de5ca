import Dispatch
import Foundation

/// Work shared out over the machine's processors; returns when all of it is done.
enum SideBySide {
    static func run(_ tasks: [@Sendable () -> Void]) {
        DispatchQueue.concurrentPerform(iterations: tasks.count) { tasks[$0]() }
    }

    static func run(rangesOf count: Int, _ body: @Sendable (Range<Int>) -> Void) {
        let shares = count < 10_000 ? 1 : ProcessInfo.processInfo.activeProcessorCount
        DispatchQueue.concurrentPerform(iterations: shares) { share in
            body(count * share / shares..<count * (share + 1) / shares)
        }
    }
}
