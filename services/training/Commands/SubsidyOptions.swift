import ArgumentParser
import SocialDomain

/// What the county decides about subsidies.
struct SubsidyOptions: ParsableArguments {
    @Option(help: "Living allowance of a low-income learner for a day attended, in yuan.")
    var livingAllowance = "50.00"

    @Option(help: "Days of it at most for one class.")
    var livingDays: Int64 = 30

    @Option(help: "Calendar days of public notice, the first not counted.")
    var noticeDays = 7

    var settings: SubsidySettings {
        SubsidySettings(
            livingPerDay: Money(decimal: livingAllowance) ?? .zero, livingDays: livingDays, noticeDays: noticeDays)
    }

    func validate() throws {
        guard let amount = Money(decimal: livingAllowance), amount >= .zero, amount.fen <= 1_000_00 else {
            throw ValidationError("--living-allowance is an amount in yuan, 0.00 to 1000.00")
        }
        guard (0...366).contains(livingDays) else { throw ValidationError("--living-days is 0 to 366") }
        guard (1...90).contains(noticeDays) else { throw ValidationError("--notice-days is 1 to 90") }
    }
}
