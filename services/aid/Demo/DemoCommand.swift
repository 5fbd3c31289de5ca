import ArgumentParser
import Foundation
import SocialDomain

/// `aid-service demo`: made-up data to look at, to test and to measure with.
struct DemoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Write made-up data: a register, ten departments' extracts and the rules.",
        discussion: """
            The people are fictional, the divisions of Inner Mongolia are real. The same scale and seed give the same \
            bytes on any machine. Dates run up to 2026-06-30: pass that day to monitor --as-of.

            county     7,400 households,    10,500 persons,     70,000 rows (7 MB)
            district  90,000 households,   200,000 persons,  2,500,000 rows (230 MB)
            region   900,000 households, 2,000,000 persons, 25,000,000 rows (2.4 GB)

            Exit codes: 0; 64 usage, or --out holds something other than an earlier demo; 73 cannot write.
            """)

    @Option(help: "How much: county, district or region.")
    var scale = DemoScale.county

    @Option(help: "Which people: any whole number from 0.")
    var seed: UInt64 = 1

    @Option(help: "The folder to write to: new, empty, or an earlier demo.")
    var out: String

    @Flag(help: "No dirt: UTF-8, right column counts, no bad values; for comparisons with other programs.")
    var clean = false

    func run() throws {
        let generator = DemoGenerator(scale: scale, seed: seed, isClean: clean, rules: try Self.shippedRules())
        // Progress is for somebody who watches.
        let isWatched = isatty(STDERR_FILENO) == 1
        do {
            try generator.write(to: out) { progress in
                guard isWatched else { return }
                let percent = progress.doneRows * 100 / max(1, progress.totalRows)
                Self.tell("\r\u{1B}[K\(percent) % \(progress.file)")
            }
            if isWatched { Self.tell("\r\u{1B}[K") }
        } catch {
            if isWatched { Self.tell("\r\u{1B}[K") }
            Self.tell("error: \(error.explanation.en)\n错误：\(error.explanation.zh)\n")
            switch error {
            case .folderInUse: throw ExitCode(64)
            case .cannotWrite: throw ExitCode(73)
            }
        }
        print(
            """
            \(out): \(scale.households) households, \(scale.persons) persons, \(scale.rows) rows (seed \(seed))
            \(out)：\(scale.households) 户、\(scale.persons) 人、\(scale.rows) 行数据（种子 \(seed)）
            """)
    }

    /// What the service carries along.
    static var resources: String { Bundle.module.bundlePath + "/Resources" }

    private static func shippedRules() throws -> String {
        try String(contentsOfFile: resources + "/rules.yaml", encoding: .utf8)
    }

    private static func tell(_ text: String) {
        FileHandle.standardError.write(Data(text.utf8))
    }
}

extension DemoScale: ExpressibleByArgument {}
