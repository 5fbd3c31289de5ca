import Foundation
import SocialDomain
import Tabular

/// The rows that were not taken in, as a file to mend by.
enum ImportRejects {
    static func csv(_ faults: [ImportFault], file: String) -> [UInt8] {
        var writer = CSVWriter(forPeople: true, lineEnd: .crlf, hasByteOrderMark: true)
        writer.append(["file", "line", "column", "reason", "原因"])
        for fault in faults {
            writer.append([
                .text(file), fault.line > 0 ? .integer(fault.line) : .empty, .text(fault.column ?? ""),
                .text(fault.message.en), .text(fault.message.zh),
            ])
        }
        return writer.takeBytes()
    }
}
