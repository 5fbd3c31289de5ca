import ArgumentParser
import Foundation
import SocialDomain

/// `aid-service rules`: look at a rules file before it goes live.
struct RulesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rules", abstract: "Check a rules file, or see why it finds what it finds. 检查规则、解释结果。",
        subcommands: [RulesCheckCommand.self, RulesExplainCommand.self])
}

/// `rules check`: every fault with its place in the file.
struct RulesCheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Check a rules file. 检查规则文件。",
        discussion: "Exit codes: 0 no fault; 64 usage; 65 the file is refused; 66 no such file.")

    @Argument(help: "The rules file.")
    var file: String

    @Option(
        name: .customLong("feed-kinds"), help: ArgumentHelp("Feed kinds other than those shipped.", valueName: "FILE"))
    var feedKinds: String?

    func run() throws {
        try RulesFailure.told {
            let book = try RuleBook.read(file, feedKinds: feedKinds)
            print(
                """
                \(file): version \(book.version), \(book.parameters.count) parameters, \(book.facts.count) facts, \
                \(book.indicators.count) indicators: no fault
                \(file)：版本 \(book.version)，参数 \(book.parameters.count) 个，事实 \(book.facts.count) 个，\
                指标 \(book.indicators.count) 个，未发现问题
                """)
            for indicator in book.indicators {
                print(
                    "  \(indicator.id)  \(indicator.direction.rawValue)  +\(indicator.points)  "
                        + "\(indicator.title.zh) / \(indicator.title.en)")
            }
        }
    }
}

/// `rules explain`: one household, every indicator, the comparisons with their figures, and the rows behind them.
struct RulesExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "Show why a household has its alerts, and which rows. 解释某户为何预警。",
        discussion: "Exit codes: 0; 64 usage; 65 rules or register refused; 66 no input or household; 74 read failed.")

    @Argument(help: "The rules file.")
    var file: String

    @Option(help: ArgumentHelp("The household's id.", valueName: "ID"))
    var household: String

    @Option(help: ArgumentHelp("Folder of the register's files.", valueName: "DIR"))
    var registry: String

    @Option(help: ArgumentHelp("Folder of the departments' extracts.", valueName: "DIR"))
    var feeds: String

    @Option(name: .customLong("as-of"), help: ArgumentHelp("The day from which is looked back.", valueName: "DATE"))
    var asOf: CalendarDate

    @Option(
        name: .customLong("feed-kinds"), help: ArgumentHelp("Feed kinds other than those shipped.", valueName: "FILE"))
    var feedKinds: String?

    func run() throws {
        try RulesFailure.told {
            let book = try RuleBook.read(file, feedKinds: feedKinds)
            let threads = ProcessInfo.processInfo.activeProcessorCount
            let register = try RegisterFiles.load(folder: registry, threads: threads, control: RunControl())
            let run = MonitoringRun(rules: book, kinds: book.kinds, asOf: asOf, threads: threads, keepsEvidence: true)
            let outcome = try run.execute(register: register, feeds: FeedFile.list(feeds))
            guard let explanation = outcome.explanation(of: household) else {
                throw MonitoringFailure.noInput(path: registry, detail: "the register has no household \(household)")
            }
            print(ExplanationText(explanation, rules: book).text, terminator: "")
        }
    }
}

/// Turns the failures of the rules commands into a sentence and an exit code.
enum RulesFailure {
    static func told(_ body: () throws -> Void) throws {
        do {
            try body()
        } catch let error as RuleFileError {
            throw CommandEnd.report(error.rendered { $0.en } + "\n" + error.rendered { $0.zh }, code: 65)
        } catch let failure as MonitoringFailure {
            throw CommandEnd.report(failure.description, code: failure.exitCode)
        }
    }
}

/// An explanation as lines for a terminal.
struct ExplanationText {
    private let explanation: HouseholdExplanation
    private let rules: RuleBook

    init(_ explanation: HouseholdExplanation, rules: RuleBook) {
        self.explanation = explanation
        self.rules = rules
    }

    var text: String {
        var lines = ["household 家庭 \(explanation.household)"]
        if explanation.alerts.isEmpty { lines.append("no alert 无预警") }
        for alert in explanation.alerts {
            lines.append("\(alert.direction.rawValue) \(alert.tier.rawValue), \(alert.points) points 分")
        }
        for trial in explanation.trials {
            let indicator = rules.indicators[trial.indicator]
            let mark =
                switch trial.truth {
                case .yes: "✓"
                case .no: "·"
                case .failed: "!"
                }
            lines.append("")
            lines.append(
                "\(mark) \(indicator.id) \(indicator.title.zh) / \(indicator.title.en)"
                    + (trial.person.map { "  [\($0)]" } ?? "") + (trial.truth == .yes ? "  +\(indicator.points)" : ""))
            lines.append("    \(indicator.source)")
            for step in trial.steps { lines.append("    \(step.source)   →   \(step.value)") }
            if trial.truth == .failed { lines.append("    could not be computed, makes no signal 无法计算，不产生信号") }
        }
        lines.append("")
        lines.append("rows behind it 依据数据")
        lines += rows.isEmpty ? ["  none 无"] : rows
        return lines.joined(separator: "\n") + "\n"
    }

    private var rows: [String] {
        EvidenceRow.list(json: explanation.rowsJSON ?? "[]").map { row in
            let values = (Array(row.key) + Array(row.values)).map { "\($0.key)=\(Self.text($0.value))" }.sorted()
            return "  \(row.file):\(row.line)  \(row.date ?? "—")  \(row.person)  \(values.joined(separator: "  "))"
                + (row.facts.isEmpty ? "" : "  → \(row.facts.joined(separator: ", "))")
        }
    }
    private static func text(_ value: EvidenceValue) -> String {
        switch value {
        case .text(let text): text
        case .number(let number): DecimalText.text(of: number)
        case .absent: "—"
        }
    }
}
