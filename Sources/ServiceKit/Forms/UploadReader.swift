import Foundation
import HTTPTypes
package import Hummingbird
import NIOCore
import NIOPosix
import SocialDomain

/// A file that came with a form and lies on disk now.
package struct UploadedFile: Sendable, Hashable {
    /// The last part of the name that it came with; not to be used as a path.
    package let name: String
    package let path: String
    package let bytes: Int

    package init(name: String, path: String, bytes: Int) {
        self.name = name
        self.path = path
        self.bytes = bytes
    }
}

/// A form with files, as it came.
package struct Upload: Sendable {
    package var files: [UploadedFile] = []
    package var fields: [String: String] = [:]
}

/// Writes the files of a `multipart/form-data` form to a folder as they come in, with little memory whatever their size.
package struct UploadReader: Sendable {
    package let folder: String
    package let sizeLimit: Int
    package let fileLimit: Int

    package init(folder: String, sizeLimit: Int, fileLimit: Int = 100) {
        self.folder = folder
        self.sizeLimit = sizeLimit
        self.fileLimit = fileLimit
    }

    /// Reads the form. Whoever gets the files removes them; after a fault none is left.
    ///
    /// - Parameter context: where a form must show its token, it does so before its first file.
    package func read(_ request: Request, _ context: KitContext) async throws -> Upload {
        if let length = request.headers[.contentLength].flatMap(Int.init), length > sizeLimit {
            throw Problem.tooLarge(limit: Figures.bytes(sizeLimit))
        }
        var parser: MultipartParser
        do {
            parser = try MultipartParser(contentType: request.headers[.contentType] ?? "")
        } catch {
            throw Self.unreadable
        }
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        var draft = UploadDraft(folder: folder, fileLimit: fileLimit, context: context)
        do {
            var taken = 0
            for try await chunk in request.body {
                taken += chunk.readableBytes
                guard taken <= sizeLimit else { throw Problem.tooLarge(limit: Figures.bytes(sizeLimit)) }
                for event in try parser.take(chunk.readableBytesView) { try await draft.take(event) }
            }
            try parser.finish()
            guard context.accepts(formToken: draft.upload.fields[SignInMiddleware.formField]) else {
                throw Problem.formRefused
            }
            return draft.upload
        } catch {
            draft.discard()
            throw error is MultipartParser.Fault ? Self.unreadable : error
        }
    }

    /// Reads a body that is one file.
    package func readFile(_ request: Request, named name: String) async throws -> UploadedFile {
        if let length = request.headers[.contentLength].flatMap(Int.init), length > sizeLimit {
            throw Problem.tooLarge(limit: Figures.bytes(sizeLimit))
        }
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let (path, handle) = try Self.newFile(in: folder)
        do {
            var taken = 0
            for try await chunk in request.body {
                taken += chunk.readableBytes
                guard taken <= sizeLimit else { throw Problem.tooLarge(limit: Figures.bytes(sizeLimit)) }
                // Off the event loop: the disk may be slow.
                try await NIOThreadPool.singleton.runIfActive {
                    try handle.write(contentsOf: Data(chunk.readableBytesView))
                }
            }
            try handle.close()
            guard taken > 0 else {
                throw Problem.badRequest(
                    LocalizedText(zh: "请求体是空的，应为文件本身。", en: "The body is empty: send the file itself."),
                    code: "empty-body")
            }
            return UploadedFile(name: name, path: path, bytes: taken)
        } catch {
            try? handle.close()
            try? FileManager.default.removeItem(atPath: path)
            throw error
        }
    }

    fileprivate static func newFile(in folder: String) throws -> (path: String, handle: FileHandle) {
        let path = "\(folder)/\(UUID().uuidString)"
        guard FileManager.default.createFile(atPath: path, contents: nil, attributes: [.posixPermissions: 0o600]),
            let handle = FileHandle(forWritingAtPath: path)
        else { throw CocoaError(.fileWriteUnknown) }
        return (path, handle)
    }

    private static let unreadable = Problem.badRequest(
        LocalizedText(
            zh: "上传的内容不完整。请回到页面重新选择文件上传。",
            en: "The upload is not complete. Go back to the page, choose the files and send them again."),
        code: "broken-upload")
}

/// An upload that is coming in.
private struct UploadDraft {
    let folder: String
    let fileLimit: Int
    let context: KitContext
    var upload = Upload()
    private var written: [String] = []
    private var field: (name: String, value: [UInt8])?
    private var file: (name: String, path: String, bytes: Int, handle: FileHandle)?

    init(folder: String, fileLimit: Int, context: KitContext) {
        self.folder = folder
        self.fileLimit = fileLimit
        self.context = context
    }

    mutating func take(_ event: MultipartParser.Event) async throws {
        switch event {
        case .part(let name, let fileName?):
            field = nil
            file = fileName.isEmpty ? nil : try open(fileName)
            _ = name
        case .part(let name, nil): field = (name, [])
        case .data(let bytes):
            if let open = file {
                let handle = open.handle
                // Off the event loop: the disk may be slow.
                try await NIOThreadPool.singleton.runIfActive { try handle.write(contentsOf: Data(bytes)) }
                file?.bytes += bytes.count
            } else if field != nil {
                field?.value.append(contentsOf: bytes)
                if let size = field?.value.count, size > Form.sizeLimit { throw Problem.tooLarge(limit: "64 KB") }
            }
        case .endOfPart:
            if let done = file {
                try done.handle.close()
                upload.files.append(UploadedFile(name: done.name, path: done.path, bytes: done.bytes))
            } else if let done = field {
                upload.fields[done.name] = String(decoding: done.value, as: UTF8.self)
            }
            file = nil
            field = nil
        case .end: break
        }
    }

    func discard() {
        try? file?.handle.close()
        for path in written { try? FileManager.default.removeItem(atPath: path) }
    }

    private mutating func open(_ fileName: String) throws -> (
        name: String, path: String, bytes: Int, handle: FileHandle
    ) {
        guard context.accepts(formToken: upload.fields[SignInMiddleware.formField]) else { throw Problem.formRefused }
        guard upload.files.count < fileLimit else { throw Problem.tooLarge(limit: "\(fileLimit)") }
        // Old browsers send a whole path, of either kind.
        let name = fileName.split(whereSeparator: { $0 == "/" || $0 == "\\" }).last.map(String.init) ?? "upload"
        let (path, handle) = try UploadReader.newFile(in: folder)
        written.append(path)
        return (name, path, 0, handle)
    }
}
