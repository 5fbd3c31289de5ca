import Contracts
import HTTPTypes
import Hummingbird
import NIOCore

/// `POST /SERVICE/v1/events`: where other services bring their events.
package struct EventIntake: Sendable {
    private let inbox: Inbox
    private let service: String
    private let afterwards: @Sendable (CloudEvent) async -> Void
    private static let sizeLimit = 256 * 1024

    /// - Parameter afterwards: called when an event was handled, outside its transaction.
    package init(
        inbox: Inbox, service: String, afterwards: @escaping @Sendable (CloudEvent) async -> Void = { _ in }
    ) {
        self.inbox = inbox
        self.service = service
        self.afterwards = afterwards
    }

    package func addRoutes(to routes: inout RouteTable) {
        routes.on(KitContract(service).receiveEvent) { request, context in try await receive(request, context) }
    }

    private func receive(_ request: Request, _ context: KitContext) async throws -> Response {
        let caller = try context.requireCaller()
        guard caller.kind == .service else { throw Problem.notYours }
        guard (request.headers[.contentType] ?? "").lowercased().hasPrefix(CloudEvent.contentType) else {
            throw Problem.unsupportedMediaType(CloudEvent.contentType)
        }
        let body: ByteBuffer
        do {
            body = try await request.body.collect(upTo: Self.sizeLimit)
        } catch is NIOTooManyBytesError {
            throw Problem.tooLarge(limit: "256 KB")
        }
        let event = try CloudEvent(document: Array(buffer: body))
        do {
            let receipt = try await inbox.receive(event, from: caller)
            if receipt == .handled { await afterwards(event) }
            return try JSONAnswer.response(EventReceipt(receipt: receipt.rawValue))
        } catch let fault as Inbox.OutOfOrder {
            throw Problem.outOfOrder(expected: fault.expected)
        }
    }
}
