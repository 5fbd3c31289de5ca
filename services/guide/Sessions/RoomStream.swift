import Contracts
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import ServiceKit
import ServiceLifecycle
import Storage

/// What a room's page follows: server-sent events with the messages from a sequence number on, the place in the queue,
/// and a line now and then that keeps the connection open. It ends when the service stops; the browser comes back, to
/// this copy or another, with the last number it saw.
struct RoomStream: Sendable {
    let desk: HelpDesk
    let room: HelpSessionID
    let side: HelpDesk.Side
    let after: Int64

    private static let beat = Duration.seconds(10)
    private static let presence = Duration.seconds(15)
    private static let placeInterval = Duration.seconds(3)
    /// How soon the end of the service is noticed.
    private static let patience = Duration.milliseconds(500)
    private static let most = 200

    func response() -> Response {
        var headers: HTTPFields = [.contentType: "text/event-stream; charset=utf-8", .cacheControl: "no-store"]
        // A proxy in front is not to collect what comes bit by bit.
        if let name = HTTPField.Name("X-Accel-Buffering") { headers[name] = "no" }
        return Response(
            status: .ok, headers: headers,
            body: ResponseBody { writer in
                guard await desk.watch.enter(room) else {
                    // The browser comes back; one that was left behind has gone by then.
                    try await writer.write(ByteBuffer(string: "retry: 10000\n\n"))
                    return try await writer.finish(nil)
                }
                do {
                    try await follow { text in try await writer.write(ByteBuffer(string: text)) }
                } catch {
                    await desk.watch.leave(room)
                    throw error
                }
                await desk.watch.leave(room)
                try await writer.finish(nil)
            })
    }

    private struct News: Sendable {
        var messages: [SessionMessage] = []
        var place: QueuePlace?
        var isOver = false
    }

    private func follow(_ write: (String) async throws -> Void) async throws {
        var known = after
        var lastWritten = ContinuousClock.now
        var lastSeen: ContinuousClock.Instant?
        var lastPlace: (place: QueuePlace, at: ContinuousClock.Instant)?
        try await write("retry: 1000\n\n")
        while !Task.isCancelled, !Task.isShuttingDownGracefully {
            // Who was let in by a token hears no longer than it lives; the browser comes back with the next.
            if case .helper(_, let caller) = side, caller.kind == .person, caller.expires <= desk.clock() { return }
            let now = ContinuousClock.now
            if lastSeen.map({ now - $0 >= Self.presence }) ?? true {
                try await desk.see(side)
                lastSeen = now
            }
            let asksPlace = lastPlace.map { now - $0.at >= Self.placeInterval } ?? true
            let news = try await news(after: known, withPlace: asksPlace)
            var text = ""
            for message in news.messages {
                text += "id: \(message.sequence)\ndata: \(try Self.line(MessageEvent(message)))\n\n"
                known = message.sequence
            }
            if let place = news.place {
                if place != lastPlace?.place { text += "event: place\ndata: \(try Self.line(place))\n\n" }
                lastPlace = (place, now)
            }
            if news.isOver, news.messages.count < Self.most { text += "event: over\ndata: {}\n\n" }
            if text.isEmpty, now - lastWritten >= Self.beat { text = ":\n\n" }
            if !text.isEmpty {
                try await write(text)
                lastWritten = now
            }
            guard !(news.isOver && news.messages.count < Self.most) else { return }
            if news.messages.isEmpty {
                await desk.watch.wait(for: room, beyond: known, atMost: Self.patience)
            }
        }
    }

    private func news(after known: Int64, withPlace: Bool) async throws -> News {
        let time = desk.clock()
        return try await desk.database.read { [desk, side] db in
            guard let session = try side.session(in: db) else { return News(isOver: true) }
            var news = News(isOver: session.state == .ended)
            news.messages = try desk.store.messages(of: session.id, after: known, limit: Self.most, in: db)
            if withPlace { news.place = try HelpDesk.place(of: session, at: time, in: db) }
            return news
        }
    }

    private static func line(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }
}

extension HelpDesk {
    /// The side's page is there.
    func see(_ side: Side) async throws {
        let time = clock()
        try await database.write { db in
            guard let session = try side.session(in: db) else { return }
            switch side {
            case .citizen: try SessionStore.see(session.id, at: time, in: db)
            case .helper(_, let caller): try Desk.touch(caller, at: time, in: db)
            }
        }
    }
}
