import Contracts
import Security
import ServiceKit
import SocialDomain
import Storage

extension HelpDesk {
    /// One side of a room: who knows its address, or the helper who answers.
    enum Side: Sendable {
        case citizen(RoomToken)
        case helper(HelpSessionID, Caller)

        var sender: SessionMessage.Sender {
            switch self {
            case .citizen: .citizen
            case .helper: .helper
            }
        }

        func name(in session: HelpSession) -> String {
            sender == .helper ? session.helperName ?? "" : ""
        }

        /// Nil where the room is not there for this side, or not any more.
        func session(in db: Connection) throws -> HelpSession? {
            switch self {
            case .citizen(let token): try SessionStore.session(token, in: db)
            case .helper(let id, let caller):
                try SessionStore.session(id, within: caller.scope, in: db).flatMap { session in
                    session.helper == caller.id && session.state != .waiting ? session : nil
                }
            }
        }
    }

    func session(_ side: Side) async throws -> HelpSession? {
        try await database.read { db in try side.session(in: db) }
    }

    /// Passes a signal or a text on to the other side; its sequence number. What a helper says is in the log, and that
    /// it was said only.
    func send(_ signal: RoomSignal, from side: Side, audit: AuditEvent?) async throws -> Int64 {
        if signal.kind == SessionMessage.Kind.chat {
            let text = signal.content ?? ""
            guard !text.isEmpty, text.unicodeScalars.count <= 2000 else {
                throw Problem.invalid([
                    FieldFault(
                        field: "/content",
                        message: LocalizedText(zh: "请写 1 到 2000 个字。", en: "Write 1 to 2000 characters."))
                ])
            }
        }
        guard let known = try await session(side) else { throw Problem.notFound }
        try limitSignals(known.id, side.sender)
        let time = clock()
        let sequence = try await database.write { [store] db in
            guard let session = try side.session(in: db) else { throw Problem.notFound }
            guard session.state == .serving else {
                throw session.state == .ended ? SessionRefusal.alreadyEnded : SessionRefusal.notServing
            }
            if signal.kind == SessionMessage.Kind.chat, let audit {
                try AuditLog.append([audit.about(session)], in: db)
            }
            return try store.post(
                signal.kind, signal.content ?? "", by: side.sender, name: side.name(in: session), page: signal.page,
                to: signal.to ?? "", in: session.id, at: time, db: db)
        }
        await watch.ring(known.id)
        return sequence
    }

    func show(_ content: [UInt8], from side: Side, audit: AuditEvent?) async throws {
        guard let type = SessionPicture.type(of: content) else { throw SessionRefusal.noPicture }
        guard content.count <= GuideContract.pictureLimit else { throw SessionRefusal.pictureTooLarge }
        let (time, picture) = (clock(), SessionPicture(type: type, content: content))
        let id = RandomText.make(16, of: RandomText.readable)
        let room = try await database.write { [store] db in
            guard let session = try side.session(in: db) else { throw Problem.notFound }
            guard session.state == .serving else {
                throw session.state == .ended ? SessionRefusal.alreadyEnded : SessionRefusal.notServing
            }
            try SessionPicture.put(picture, id: id, by: side.sender, in: session.id, at: time, store: store, db: db)
            if let audit { try AuditLog.append([audit.about(session)], in: db) }
            _ = try store.post(
                SessionMessage.Kind.picture, id, by: side.sender, name: side.name(in: session), in: session.id,
                at: time, db: db)
            return session.id
        }
        await watch.ring(room)
    }

    func picture(_ id: String, for side: Side) async throws -> SessionPicture? {
        try await database.read { [store] db in
            guard let session = try side.session(in: db) else { return nil }
            return try SessionPicture.read(id, of: session.id, store: store, db: db)
        }
    }
}
