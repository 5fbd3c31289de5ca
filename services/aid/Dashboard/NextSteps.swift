import ServiceKit

/// What to do next, at most three things, the first of them the one that matters.
struct NextSteps {
    let figures: DashboardFigures
    let words: Words

    func list() -> [Fields] {
        var steps: [(text: String, href: String)] = []
        if !figures.hasRegister { steps.append((words["step.register"], "/aid/feeds")) }
        if figures.hasRegister, !figures.hasFeeds { steps.append((words["step.feeds"], "/aid/feeds")) }
        if let current = figures.recentRuns.first, current.isUnderWay {
            steps.append((words["step.watch"], "/aid/runs/\(current.id)"))
        } else if let last = figures.recentRuns.first, last.state == "failed" {
            steps.append((words["step.failed"], "/aid/runs/\(last.id)"))
        } else if figures.hasFeeds, figures.run == nil {
            steps.append((words["step.run"], "/aid/runs"))
        }
        let red = figures.alerts["support", "red"]
        if red > 0 {
            let division = figures.division.isEmpty ? "" : "&division=\(figures.division)"
            steps.append(
                (words("step.red", ["n": Figures.grouped(red)]), "/aid/alerts?direction=support&tier=red\(division)"))
        }
        if figures.clearedAlerts > 0 {
            let count = figures.clearedAlerts > 10_000 ? "10,000+" : Figures.grouped(figures.clearedAlerts)
            steps.append((words("step.cleared", ["n": count]), "/aid/alerts?state=cleared"))
        }
        return steps.prefix(3).enumerated().map { index, step in
            ["text": step.text, "stepHref": step.href, "isFirst": index == 0]
        }
    }
}
