import SocialDomain

/// A run's report as a few lines for a terminal.
struct MonitoringSummary {
    private let report: MonitoringReport

    init(_ report: MonitoringReport) {
        self.report = report
    }

    var text: String {
        let rows = report.feeds.map(\.counts).reduce(RowCounts(), +)
        var lines = [
            "as of \(report.asOf), rules \(report.rules)",
            "register 名册   \(report.households) households 户, \(report.persons) persons 人, "
                + "\(report.registryProblems.count) problems 问题",
            "rows 数据行     \(rows.rows): matched 命中 \(rows.matched), duplicate 重复 \(rows.duplicate), "
                + "conflict 姓名不符 \(rows.conflict), unmatched 不在册 \(rows.unmatched), rejected 退回 \(rows.rejected)",
        ]
        for file in report.refused {
            lines.append(
                "refused 拒收    \(file.file): \(file.reason.english(file.field)) (\(file.reason.chinese(file.field)))")
        }
        if !report.ignored.isEmpty { lines.append("ignored 忽略    \(report.ignored.joined(separator: ", "))") }
        for (direction, words) in [(Direction.support, "support 帮扶"), (.review, "review 复核")] {
            let tiers = [(Tier.red, "red 红"), (.orange, "orange 橙"), (.yellow, "yellow 黄")].map {
                "\($0.1) \(report.alerts[direction]?[$0.0] ?? 0)"
            }
            lines.append("\(words)    \(tiers.joined(separator: ", "))")
        }
        for failure in report.failures {
            let name =
                switch failure.expression {
                case .indicator(let id): "indicator \(id)"
                case .fact(let name): "fact \(name)"
                }
            lines.append("failed 无法计算  \(name): \(failure.count) times 次, see report.json")
        }
        let seconds = report.seconds.map { "\($0.phase) \(Self.rounded($0.seconds))" }
        lines.append("seconds 用时    \(seconds.joined(separator: ", ")); peak memory \(report.peakBytes >> 20) MiB")
        return lines.joined(separator: "\n") + "\n"
    }

    private static func rounded(_ seconds: Double) -> String {
        let hundredths = Int((seconds * 100).rounded())
        let decimals = hundredths % 100
        return "\(hundredths / 100).\(decimals < 10 ? "0" : "")\(decimals)"
    }
}
