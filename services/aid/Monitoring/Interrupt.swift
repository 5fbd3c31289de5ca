import Dispatch
import Foundation
import SocialDomain
import Synchronization

/// Ctrl-C and SIGTERM as a question that long work asks now and then; the second signal ends the process at once.
final class Interrupt: Sendable {
    private let raised = Mutex(false)
    private let sources: Mutex<[any DispatchSourceSignal]> = Mutex([])

    init() {
        let queue = DispatchQueue(label: "interrupt")
        for number in [SIGINT, SIGTERM] {
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler { [self] in
                raised.withLock { $0 = true }
                signal(number, SIG_DFL)
            }
            source.resume()
            sources.withLock { $0.append(source) }
        }
    }

    var isRaised: Bool { raised.withLock { $0 } }
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
