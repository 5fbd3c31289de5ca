import Foundation

extension TradeSearch {
    /// The tables that come with the program, read once a process.
    static let shipped = Result {
        try TradeSearch(folder: URL(fileURLWithPath: TrainingFolder.resources + "/occupations"))
    }
}
