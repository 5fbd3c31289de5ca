import Foundation
import ServiceKit

/// What the pages of both sides show of a room, and what their script is told.
struct RoomView {
    let session: HelpSession
    let words: Words
    let settings: HelpSettings
    let side: SessionMessage.Sender

    var helperName: String {
        session.helperName.flatMap { $0.isEmpty ? nil : $0 } ?? words["help.helper"]
    }

    func place(_ place: QueuePlace) -> String {
        place.ahead == 0
            ? words["help.place.next"]
            : words("help.place", ["n": "\(place.ahead)", "minutes": "\(place.minutes)"])
    }

    func conversation(_ messages: [SessionMessage], address: String) -> Fields? {
        guard !messages.isEmpty else { return nil }
        return [
            "lines": messages.map { message -> Fields in
                var fields: Fields = [
                    "sender": message.sender.rawValue, "time": BeijingTime.clock(message.sentAt),
                    "who": who(message), "sequence": "\(message.sequence)",
                ]
                if message.kind == SessionMessage.Kind.picture {
                    fields["picture"] =
                        [
                            "src": "\(address)/pictures/\(message.content)",
                            "alt": words("help.picture.alt", ["who": who(message)]),
                        ] as Fields
                } else {
                    fields["text"] = message.content
                }
                return fields
            }
        ]
    }

    /// Helpers by their names: one may have handed over to another.
    private func who(_ message: SessionMessage) -> String {
        if !message.name.isEmpty { return message.name }
        if message.sender == side { return words["help.you"] }
        return message.sender == .citizen ? words["help.citizen"] : helperName
    }

    /// Only the stream: the citizen still waits.
    func follow(signal: String, events: String) -> Fields {
        [
            "signal": signal, "events": events, "after": "\(session.lastSequence)", "state": session.state.rawValue,
            "side": side.rawValue, "words": scriptWords, "ice": "[]",
        ]
    }

    /// - Parameter expires: in how many seconds the helper's sign-in ends.
    func call(
        _ messages: [SessionMessage], address: String, signal: String, events: String, expires: Int64? = nil
    ) -> Fields {
        var fields = follow(signal: signal, events: events)
        fields["renew"] = expires.map { "\(max(30, $0 - 60))" }
        fields["address"] = address
        fields["ice"] = Self.json(settings.iceServers)
        fields["conversation"] = conversation(messages, address: address)
        fields["isVideo"] = session.channel == .video
        return fields
    }

    private static let scriptKeys = [
        "starting", "lookingForOther", "connecting", "connected", "reconnecting", "failed", "noCamera", "chatOnly",
        "otherNoCamera", "otherChatOnly", "otherLeft", "insecure", "offline", "camera.off", "camera.on",
        "microphone.off", "microphone.on", "typing", "notSent", "tooLarge", "notPicture", "sending", "slow",
    ]

    private var scriptWords: String {
        var all: [String: String] = [:]
        for key in Self.scriptKeys { all[key] = words["call.\(key)"] }
        all["place"] = words["help.place"]
        all["place.next"] = words["help.place.next"]
        all["you"] = words["help.you"]
        all["other"] = side == .citizen ? helperName : words["help.citizen"]
        all["picture"] = words["help.picture.alt"]
        return Self.json(all)
    }

    private static func json(_ value: some Encodable) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Texts always encode.
        return (try? encoder.encode(value)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
    }
}
