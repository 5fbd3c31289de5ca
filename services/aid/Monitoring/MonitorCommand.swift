import ArgumentParser
import Foundation
import SocialDomain

/// `aid-service monitor`: files in, files out, no database.
struct MonitorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "monitor",
        abstract: "Match extracts with the register and write the alerts. 比对各部门数据，写出预警。",
        discussion: """
            Reads REGISTRY/households*.csv and persons*.csv (or .xlsx) and every extract in FEEDS whose name begins with \
            a feed kind; writes alerts.jsonl, rejects.csv, conflicts.csv and report.json to OUT, all or none.

            Exit codes: 0 done; 64 usage; 65 rules or register refused; 66 no input; 73 cannot write; 74 read or write \
            failed midway; 130 stopped.
            """)

    @Option(help: ArgumentHelp("Folder of the register's files.", valueName: "DIR"))
    var registry: String

    @Option(help: ArgumentHelp("Folder of the departments' extracts.", valueName: "DIR"))
    var feeds: String

    @Option(help: ArgumentHelp("The rules.", valueName: "FILE"))
    var rules: String

    @Option(name: .customLong("as-of"), help: ArgumentHelp("The day from which is looked back.", valueName: "DATE"))
    var asOf: CalendarDate

    @Option(help: ArgumentHelp("Folder for the results; made where it is not there.", valueName: "DIR"))
    var out: String

    @Option(
        name: .customLong("feed-kinds"), help: ArgumentHelp("Feed kinds other than those shipped.", valueName: "FILE"))
    var feedKinds: String?

    @Option(help: "How many threads work side by side; the result is the same for any number.")
    var threads = ProcessInfo.processInfo.activeProcessorCount

    @Flag(help: "Print nothing but errors.")
    var quiet = false

    func validate() throws {
        guard (1...256).contains(threads) else { throw ValidationError("--threads takes a number from 1 to 256") }
    }

    func run() throws {
        let interrupt = Interrupt()
        let flag = interrupt.flag
        defer { withExtendedLifetime(interrupt) {} }
        do {
            let book = try RuleBook.read(rules, feedKinds: feedKinds)
            var clock = PhaseClock()
            let files = try FeedFile.list(feeds)
            let registerBytes = try FeedFile.list(registry).reduce(0) { $0 + $1.size }
            let line = ProgressLine()
            let control = RunControl(
                totalBytes: registerBytes + files.reduce(0) { $0 + $1.size }, progress: { line.show($0) },
                isStopped: { flag.isRaised })
            defer { line.clear() }
            let register = try RegisterFiles.load(folder: registry, threads: threads, control: control)
            clock.end("register")
            let run = MonitoringRun(
                rules: book, kinds: book.kinds, asOf: asOf, threads: threads, keepsEvidence: false)
            let outcome = try run.execute(register: register, feeds: files, control: control, clock: clock)
            control.enter("writing")
            try outcome.write(to: out, isStopped: { flag.isRaised })
            line.clear()
            if !quiet { print(MonitoringSummary(outcome.report).text, terminator: "") }
            // Giving a region's memory back piece by piece would take longer than writing its results did.
            withExtendedLifetime((register, outcome)) { Foundation.exit(EXIT_SUCCESS) }
        } catch let failure as MonitoringFailure {
            throw CommandEnd.report(failure.description, code: failure.exitCode)
        } catch let error as RuleFileError {
            throw CommandEnd.report(
                error.rendered { $0.en } + "\n" + error.rendered { $0.zh }, code: 65)
        }
    }
}

extension CalendarDate: ExpressibleByArgument {
    public init?(argument: String) {
        self.init(iso8601: argument)
    }
}

extension RuleBook {
    /// Reads a rules file and, where one is named, the feed kinds file that it goes with.
    static func read(_ path: String, feedKinds: String?) throws -> RuleBook {
        let kinds: FeedKindCatalogue
        if let feedKinds {
            kinds = try FeedKindCatalogue.load(yaml: try text(of: feedKinds), file: feedKinds)
        } else {
            kinds = try FeedKindCatalogue.shipped()
        }
        return try RuleBook.load(yaml: try text(of: path), file: path, kinds: kinds)
    }

    private static func text(of path: String) throws -> String {
        do {
            let data = try Data(contentsOf: URL(fileURLWithPath: path))
            guard let text = String(bytes: data, encoding: .utf8) else {
                throw MonitoringFailure.noInput(path: path, detail: "it is not UTF-8")
            }
            return text
        } catch let failure as MonitoringFailure {
            throw failure
        } catch {
            let reason = FileManager.default.fileExists(atPath: path) ? "it cannot be read" : "there is no such file"
            throw MonitoringFailure.noInput(path: path, detail: reason)
        }
    }
}

/// Ends a command with a sentence on standard error and an exit code.
enum CommandEnd {
    static func report(_ message: String, code: Int32) -> ExitCode {
        FileHandle.standardError.write(Data("error: \(message)\n".utf8))
        return ExitCode(code)
    }
}
