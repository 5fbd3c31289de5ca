import Contracts
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import NIOPosix
import ServiceKit
import SocialDomain

/// What both sides of a room send and follow: signals, chat, pictures.
struct RoomEndpoints: Sendable {
    let app: GuideApplication
    let desk: HelpDesk

    func addRoutes(to routes: inout RouteTable) {
        routes.on(GuideContract.citizenSignal) { call in
            let sequence = try await desk.send(
                call.body, from: .citizen(RoomToken(text: call.parameters.token)), audit: nil)
            return Reply(RoomReceipt(sequence: sequence))
        }
        routes.on(GuideContract.helperSignal) { call in
            let sequence = try await desk.send(
                call.body, from: .helper(HelpSessionID(call.parameters.session), call.caller),
                audit: call.event("session.chat"))
            return Reply(RoomReceipt(sequence: sequence))
        }
        routes.on(GuideContract.citizenEvents) { request, context in
            try await stream(.citizen(try HelpPages.token(context)), request)
        }
        routes.on(GuideContract.helperEvents) { request, context in
            try await stream(.helper(try HelperPages.id(context), try context.requireCaller()), request)
        }
        routes.on(GuideContract.citizenChat) { request, context in
            let token = try HelpPages.token(context)
            try await say(request, from: .citizen(token), audit: nil)
            return HelpPages.back(to: token)
        }
        routes.on(GuideContract.helperChat) { request, context in
            let id = try HelperPages.id(context)
            try await say(
                request, from: .helper(id, try context.requireCaller()),
                audit: try AuditEvent("session.chat", in: context))
            return HelperPages.back(to: id)
        }
        routes.on(GuideContract.citizenPicture) { request, context in
            let token = try HelpPages.token(context)
            try await take(request, context, from: .citizen(token), audit: nil)
            return HelpPages.back(to: token)
        }
        routes.on(GuideContract.helperPicture) { request, context in
            let id = try HelperPages.id(context)
            try await take(
                request, context, from: .helper(id, try context.requireCaller()),
                audit: try AuditEvent("session.picture", in: context))
            return HelperPages.back(to: id)
        }
        routes.on(GuideContract.citizenPictureFile) { _, context in
            try await picture(.citizen(try HelpPages.token(context)), context)
        }
        routes.on(GuideContract.helperPictureFile) { _, context in
            try await picture(.helper(try HelperPages.id(context), try context.requireCaller()), context)
        }
    }

    // MARK: - The stream

    /// From what the browser saw last, or from where the page says.
    private func stream(_ side: HelpDesk.Side, _ request: Request) async throws -> Response {
        let seen = HTTPField.Name("Last-Event-ID").flatMap { request.headers[$0] }.flatMap { Int64($0) }
        let asked = QueryItems(request.uri.query ?? "")["after"].flatMap { Int64($0) }
        guard let session = try await desk.session(side) else { throw Problem.roomGone }
        return RoomStream(desk: desk, room: session.id, side: side, after: max(0, seen ?? asked ?? 0)).response()
    }

    // MARK: - Chat and pictures

    private func say(_ request: Request, from side: HelpDesk.Side, audit: AuditEvent?) async throws {
        let form = try await Form.read(request)
        guard let text = form["text"], text.unicodeScalars.count <= 2000 else {
            throw Problem.invalid([
                FieldFault(
                    field: "text", message: LocalizedText(zh: "请写 1 到 2000 个字。", en: "Write 1 to 2000 characters."))
            ])
        }
        let signal = RoomSignal(kind: SessionMessage.Kind.chat, page: "form", content: text)
        _ = try await desk.send(signal, from: side, audit: audit)
    }

    private func take(
        _ request: Request, _ context: KitContext, from side: HelpDesk.Side, audit: AuditEvent?
    ) async throws {
        // Nobody without a room may fill the disk.
        guard let session = try await desk.session(side) else { throw Problem.roomGone }
        guard session.state == .serving else {
            throw session.state == .ended ? SessionRefusal.alreadyEnded : SessionRefusal.notServing
        }
        try desk.limitSignals(session.id, side.sender)
        let reader = UploadReader(
            folder: "\(app.store.folder)/incoming", sizeLimit: GuideContract.citizenPicture.bodyLimit, fileLimit: 1)
        let upload: Upload
        do {
            upload = try await reader.read(request, context)
        } catch let problem as Problem where problem.code == "too-large" {
            throw Problem.pictureTooLarge
        }
        defer { for file in upload.files { try? FileManager.default.removeItem(atPath: file.path) } }
        guard let file = upload.files.first else { throw SessionRefusal.noPicture }
        guard file.bytes <= GuideContract.pictureLimit else { throw Problem.pictureTooLarge }
        let path = file.path
        // Off the event loop: the disk may be slow.
        let content = try await NIOThreadPool.singleton.runIfActive {
            [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        }
        try await desk.show(content, from: side, audit: audit)
    }

    private func picture(_ side: HelpDesk.Side, _ context: KitContext) async throws -> Response {
        let id = QueryItems.decodedPath(try context.parameters.require("picture"))
        guard let picture = try await desk.picture(id, for: side) else { throw Problem.notFound }
        return Response(
            status: .ok,
            headers: [
                .contentType: picture.type, .cacheControl: "no-store", .xContentTypeOptions: "nosniff",
                .contentDisposition: "inline",
            ], body: ResponseBody(byteBuffer: ByteBuffer(bytes: picture.content)))
    }
}
