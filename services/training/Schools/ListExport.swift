import Hummingbird
import NIOCore
import ServiceKit
import Tabular

/// A list as a CSV file for people, piece by piece: formulas are defused, and Excel knows it for UTF-8.
enum ListExport {
    static let pieceSize = 500

    static func response(name: String, _ rows: [[String]]) -> Response {
        var file = writer()
        for row in rows { file.append(row) }
        return Response(
            status: .ok, headers: headers(name),
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: file.takeBytes())))
    }

    /// - Parameter piece: the entries after an id, at most `pieceSize`.
    static func response<Entry: Sendable>(
        name: String, header: [String], id: @escaping @Sendable (Entry) -> Int64,
        row: @escaping @Sendable (Entry) -> [String],
        piece: @escaping @Sendable (_ after: Int64) async throws -> [Entry]
    ) -> Response {
        Response(
            status: .ok, headers: headers(name),
            body: ResponseBody { output in
                var file = writer()
                file.append(header)
                var after: Int64 = 0
                while true {
                    let entries = try await piece(after)
                    for entry in entries { file.append(row(entry)) }
                    try await output.write(ByteBuffer(bytes: file.takeBytes()))
                    guard entries.count == pieceSize, let last = entries.last else { break }
                    after = id(last)
                }
                try await output.finish(nil)
            })
    }

    private static func writer() -> CSVWriter {
        CSVWriter(forPeople: true, lineEnd: .crlf, hasByteOrderMark: true)
    }

    private static func headers(_ name: String) -> HTTPFields {
        [
            .contentType: "text/csv; charset=utf-8",
            .contentDisposition: "attachment; filename=\"\(name).csv\"",
        ]
    }
}
