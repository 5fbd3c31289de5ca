import Tabular

/// The rows of a workbook's first sheet, handed out like those of a CSV file: every row as wide as the header.
struct WorkbookRows: Sendable {
    let header: [String]
    let size: Int
    private let file: FeedFile

    init(file: FeedFile) throws {
        self.file = file
        size = file.size
        header = []
        throw Refusal(.unreadable)
    }

    func read(_ body: (TableBatch) -> Void) {}
}
