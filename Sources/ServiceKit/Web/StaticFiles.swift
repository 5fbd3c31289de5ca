package import Contracts
import HTTPTypes
import Hummingbird
import NIOCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The few files that pages load, read once at the start and named by their content: a browser keeps them for good and
/// asks again only for a new name.
package struct StaticFiles: Sendable {
    private struct File: Sendable {
        let bytes: ByteBuffer
        let type: String
        let tag: String
    }

    private let files: [String: File]
    package let prefix: String

    /// - Parameters:
    ///   - folders: those that are missing are passed over; a later one's file takes the place of an earlier one's.
    ///   - prefix: Where the files are served, `/aid/assets/`.
    package init(folders: [String], prefix: String) throws {
        self.prefix = prefix
        var files: [String: File] = [:]
        for folder in folders where FileManager.default.fileExists(atPath: folder) {
            for name in try FileManager.default.contentsOfDirectory(atPath: folder).sorted() {
                guard let type = Self.type(of: name),
                    let data = FileManager.default.contents(atPath: "\(folder)/\(name)")
                else { continue }
                files[name] = File(bytes: ByteBuffer(bytes: data), type: type, tag: Self.tag(data))
            }
        }
        self.files = files
    }

    /// The address of a file, with its tag.
    package func address(_ name: String) -> String {
        "\(prefix)\(name)" + (files[name].map { "?v=\($0.tag)" } ?? "")
    }

    package func addRoute(_ contract: EndpointDescription, to routes: inout RouteTable) {
        let files = files
        routes.on(contract) { request, context in
            guard let file = files[try context.parameters.require("name")] else { throw Problem.notFound }
            let tag = "\"\(file.tag)\""
            let isNamed = QueryItems(request.uri.query ?? "")["v"] == file.tag
            var headers: HTTPFields = [
                .contentType: file.type, .eTag: tag,
                .cacheControl: isNamed ? "public, max-age=31536000, immutable" : "public, no-cache",
            ]
            if let known = request.headers[.ifNoneMatch], known == "*" || known.contains(tag) {
                return Response(status: .notModified, headers: headers)
            }
            headers[.contentLength] = String(file.bytes.readableBytes)
            return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: file.bytes))
        }
    }

    private static func type(of name: String) -> String? {
        switch name.split(separator: ".").last {
        case "css": "text/css; charset=utf-8"
        case "js": "text/javascript; charset=utf-8"
        case "svg": "image/svg+xml"
        case "txt": "text/plain; charset=utf-8"
        default: nil
        }
    }

    /// FNV-1a, 64 bits: tells versions apart, and guards nothing.
    private static func tag(_ data: Data) -> String {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in data { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return String(hash, radix: 36)
    }
}
