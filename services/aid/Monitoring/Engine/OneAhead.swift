import Dispatch
import Synchronization

/// Makes values in order on another thread, one ahead of the caller who takes them.
enum OneAhead {
    static func forEach<Value: Sendable>(
        count: Int, make: @escaping @Sendable (Int) -> Value, take: (Value) throws -> Void
    ) rethrows {
        guard count > 0 else { return }
        var coming = Coming(0, make)
        for number in 0..<count {
            let value = coming.value()
            if number + 1 < count { coming = Coming(number + 1, make) }
            try take(value)
        }
    }

    /// A value that is being made.
    private final class Coming<Value: Sendable>: Sendable {
        private let made = Mutex<Value?>(nil)
        private let isMade = DispatchSemaphore(value: 0)

        init(_ number: Int, _ make: @escaping @Sendable (Int) -> Value) {
            DispatchQueue.global().async { [self] in
                let value = make(number)
                made.withLock { $0 = value }
                isMade.signal()
            }
        }

        func value() -> Value {
            isMade.wait()
            guard let value = made.withLock({ $0 }) else { preconditionFailure("it is signalled once it is there") }
            return value
        }
    }
}
