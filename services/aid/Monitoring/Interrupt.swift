import Dispatch
import Foundation
import SocialDomain
import Synchronization

/// A wish to stop, asked for now and then by long work.
final class StopFlag: Sendable {
    private let raised = Atomic<Bool>(false)

    var isRaised: Bool { raised.load(ordering: .relaxed) }

    func raise() { raised.store(true, ordering: .relaxed) }
}

/// Turns Ctrl-C and SIGTERM into a flag; the second signal ends the process at once.
final class Interrupt {
    let flag = StopFlag()
    private let sources: [any DispatchSourceSignal]

    init() {
        let queue = DispatchQueue(label: "interrupt")
        sources = [SIGINT, SIGTERM].map { [flag] number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler {
                flag.raise()
                signal(number, SIG_DFL)
            }
            source.resume()
            return source
        }
    }
}

/// How far the work is, on one line of a terminal; nothing where nobody watches.
final class ProgressLine: Sendable {
    private let last = Mutex<(phase: String, percent: Int)>(("", -1))
    private let isWatched = isatty(STDERR_FILENO) == 1

    func show(_ progress: MonitoringProgress) {
        guard isWatched else { return }
        let percent = progress.totalBytes > 0 ? progress.doneBytes * 100 / progress.totalBytes : 0
        let isNew = last.withLock { last in
            guard last != (progress.phase, percent) else { return false }
            last = (progress.phase, percent)
            return true
        }
        if isNew { Self.write("\r\u{1B}[K\(Self.words(progress.phase)) \(percent) %") }
    }

    func clear() {
        let wasShown = last.withLock { last in
            defer { last = ("", -1) }
            return last.percent >= 0
        }
        if isWatched, wasShown { Self.write("\r\u{1B}[K") }
    }

    private static func words(_ phase: String) -> String {
        switch phase {
        case "register": "reading the register 读取名册"
        case "feeds": "matching 比对数据"
        case "alerts": "evaluating 计算预警"
        default: "writing 写出结果"
        }
    }

    private static func write(_ text: String) {
        FileHandle.standardError.write(Data(text.utf8))
    }
}
