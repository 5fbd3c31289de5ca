import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import NIOPosix
import ServiceKit

/// Sends a file from disk a piece at a time.
enum FileDownload {
    private static let pieceSize = 256 * 1024

    /// - Parameter removesAfter: For a file that was made for this one answer; its name goes at once, its content with
    ///   the last piece.
    static func response(path: String, name: String, type: String, removesAfter: Bool) throws -> Response {
        guard let handle = FileHandle(forReadingAtPath: path) else { throw Problem.notFound }
        let size = try handle.seekToEnd()
        try handle.seek(toOffset: 0)
        if removesAfter { try? FileManager.default.removeItem(atPath: path) }
        return Response(
            status: .ok,
            headers: [
                .contentType: type, .contentDisposition: "attachment; filename=\"\(name)\"",
            ],
            body: ResponseBody(contentLength: Int(size)) { writer in
                defer { try? handle.close() }
                while true {
                    let piece = try await NIOThreadPool.singleton.runIfActive { try handle.read(upToCount: pieceSize) }
                    guard let piece, !piece.isEmpty else { break }
                    try await writer.write(ByteBuffer(bytes: piece))
                }
                try await writer.finish(nil)
            })
    }
}
