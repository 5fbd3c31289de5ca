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

    /// By ids that grow.
    ///
    /// - Parameter piece: the entries after an id, at most `pieceSize`.
    static func response<Entry: Sendable>(
        name: String, header: [String], id: @escaping @Sendable (Entry) -> Int64,
        row: @escaping @Sendable (Entry) -> [String],
        piece: @escaping @Sendable (_ after: Int64) async throws -> [Entry]
    ) -> Response {
        response(
            name: name, header: header, row: row,
            piece: { (last: Entry?) in try await piece(last.map(id) ?? 0) })
    }

    /// - Parameter piece: the entries after the last one, which is nil at first; at most `pieceSize`.
    static func response<Entry: Sendable>(
        name: String, header: [String], row: @escaping @Sendable (Entry) -> [String],
        piece: @escaping @Sendable (_ last: Entry?) async throws -> [Entry]
    ) -> Response {
        Response(
            status: .ok, headers: headers(name),
            body: ResponseBody { output in
                var file = writer()
                file.append(header)
                var last: Entry?
                while true {
                    let entries = try await piece(last)
                    for entry in entries { file.append(row(entry)) }
                    try await output.write(ByteBuffer(bytes: file.takeBytes()))
                    guard entries.count == pieceSize else { break }
                    last = entries.last
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
