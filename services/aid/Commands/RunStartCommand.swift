import ArgumentParser
import Dispatch
import Foundation
import Logging
import SocialDomain

#if canImport(Glibc)
    import Glibc
#endif

/// `run`: one run in this process, with progress on a terminal and a summary.
struct RunStartCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "start",
        abstract: "Compute one run in this process. 在本进程运行一次。",
        discussion: """
            Exit codes: 0 done, 64 usage, 65 register or rules refused, 66 no input, 73 cannot write, 74 failed midway, \
            130 stopped.
            """)

    @OptionGroup var data: DataOption
    @OptionGroup var output: OutputOption

    @Option(name: .customLong("as-of"), help: "The day as of which to compute, 2026-06-30; today if it is not given.")
    var asOf: String?

    func validate() throws {
        if let asOf, CalendarDate(iso8601: asOf) == nil {
            throw ValidationError("--as-of is a day written as 2026-06-30")
        }
    }

    func run() async throws {
        try await CommandFailure.told {
            let database = try data.open()
            let day = asOf.flatMap { CalendarDate(iso8601: $0) } ?? database.clock.today()
            guard try RegisterStore(database: database).hasHouseholds() else { throw RunFailure.noRegister }
            var logger = Logger(label: "aid.runs")
            logger.logLevel = .error
            let job = RunJob(database: database, logger: logger)
            try await job.recover(takingUpQueued: false)
            let id = try await job.submit(asOf: day)
            let interrupt = Self.onInterrupt { Task { await job.stop(id) } }
            defer { interrupt.cancel() }
            let display = Task { await Self.showProgress(of: id, job) }
            let record = try await job.finished(id)
            display.cancel()
            await display.value
            try Self.tell(record, figures: try RunStore(database: database).figures(of: id), as: output.form)
        }
    }

    /// A second interrupt ends the process at once.
    private static func onInterrupt(_ body: @escaping @Sendable () -> Void) -> any DispatchSourceSignal {
        signal(SIGINT, SIG_IGN)
        let source = DispatchSource.makeSignalSource(signal: SIGINT)
        source.setEventHandler {
            signal(SIGINT, SIG_DFL)
            body()
        }
        source.resume()
        return source
    }

    private static func showProgress(of id: Int64, _ job: RunJob) async {
        guard isatty(STDERR_FILENO) == 1 else { return }
        while !Task.isCancelled {
            if let progress = await job.progress(of: id) {
                let share =
                    progress.totalBytes > 0 ? " \(progress.doneBytes * 100 / progress.totalBytes)%" : ""
                FileHandle.standardError.write(Data("\r\u{1B}[K\(progress.phase)\(share)".utf8))
            }
            try? await Task.sleep(for: .milliseconds(200))
        }
        FileHandle.standardError.write(Data("\r\u{1B}[K".utf8))
    }

    private static func tell(_ record: RunRecord, figures: [RunFigure], as form: OutputOption.Form) throws {
        switch record.state {
        case .done: break
        case .stopped:
            FileHandle.standardError.write(Data("error: the run was stopped; no alert was changed\n".utf8))
            throw ExitCode(130)
        default:
            let words = [record.failureEnglish.map { "error: \($0)" }, record.failure.map { "错误：\($0)" }]
            FileHandle.standardError.write(Data((words.compactMap(\.self).joined(separator: "\n") + "\n").utf8))
            throw ExitCode(record.failedExitCode)
        }
        if form == .json {
            var run = CommandOutput([
                ("", "run"), ("", "asOf"), ("", "opened"), ("", "updated"), ("", "reopened"), ("", "cleared"),
                ("", "unchanged"),
            ])
            run.rows = [[String(record.id), record.asOf] + record.changes.map { String($0.1) }]
            run.print(as: form)
            return
        }
        var alerts = CommandOutput([("alerts 预警", "direction"), ("tier 等级", "tier"), ("households 户", "alerts")])
        alerts.rows = figures.map { [words(ofDirection: $0.direction), words(ofTier: $0.tier), String($0.alerts)] }
        alerts.print(as: form)
        var changes = CommandOutput([("change 变化", "change"), ("alerts 预警", "alerts")])
        changes.rows = record.changes.map { [$0.0, String($0.1)] }
        if form == .table { FileHandle.standardOutput.write(Data("\n".utf8)) }
        changes.print(as: form)
    }

    private static func words(ofDirection text: String) -> String {
        text == "support" ? "support 需帮扶" : "review 需复核"
    }

    private static func words(ofTier text: String) -> String {
        switch text {
        case "red": "red 红色"
        case "orange": "orange 橙色"
        default: "yellow 黄色"
        }
    }
}

extension RunRecord {
    fileprivate var changes: [(String, Int)] {
        [
            ("opened 新增", opened ?? 0), ("updated 更新", updated ?? 0), ("reopened 重开", reopened ?? 0),
            ("cleared 解除", cleared ?? 0), ("unchanged 未变", unchanged ?? 0),
        ]
    }

    /// The record keeps words and no number: a failed run is a failure midway.
    fileprivate var failedExitCode: Int32 { 74 }
}
