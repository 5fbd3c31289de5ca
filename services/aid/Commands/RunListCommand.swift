import ArgumentParser

/// `run list`: the runs, the newest first.
struct RunListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the runs, the newest first. 列出历次运行。")

    @OptionGroup var data: DataOption
    @OptionGroup var output: OutputOption

    @Option(help: "How many at most.")
    var limit = 20

    func validate() throws {
        if limit < 1 { throw ValidationError("--limit is a whole number from 1") }
    }

    func run() async throws {
        try await CommandFailure.told {
            let runs = try RunStore(database: try data.open()).list(limit: limit)
            var result = CommandOutput([
                ("run 编号", "run"), ("state 状态", "state"), ("as of 截至", "asOf"), ("requested 申请时间", "requestedAt"),
                ("finished 结束时间", "finishedAt"), ("opened 新增", "opened"), ("updated 更新", "updated"),
                ("reopened 重开", "reopened"), ("cleared 解除", "cleared"), ("unchanged 未变", "unchanged"),
            ])
            result.rows = runs.map { run in
                [
                    String(run.id), run.state.rawValue, run.asOf, run.requestedAt, run.finishedAt ?? "",
                    run.opened.map { String($0) } ?? "", run.updated.map { String($0) } ?? "",
                    run.reopened.map { String($0) } ?? "", run.cleared.map { String($0) } ?? "",
                    run.unchanged.map { String($0) } ?? "",
                ]
            }
            result.print(as: output.form)
        }
    }
}
