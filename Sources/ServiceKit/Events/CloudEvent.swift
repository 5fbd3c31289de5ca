import Foundation
import SocialDomain

/// An event as it travels: CloudEvents 1.0 in the structured JSON form.
///
/// Two extensions keep the order of a subject: `sequence`, 19 digits, and `previous`, the sequence of the event that this
/// receiver was given before it; absent for the first.
package struct CloudEvent: Hashable, Sendable {
    package static let contentType = "application/cloudevents+json"

    package let id: String
    /// `/gateway`: the service that it is true for.
    package let source: String
    package let type: String
    package let subject: String
    package let time: String
    package let sequence: Int64
    package let previous: Int64
    /// The whole of it, UTF-8.
    package let document: [UInt8]

    /// - Parameters:
    ///   - data: JSON.
    ///   - milliseconds: since 1970.
    package init(
        id: String, service: String, type: String, subject: String, milliseconds: Int64, sequence: Int64,
        previous: Int64, data: String
    ) throws {
        self.id = id
        source = Self.source(of: service)
        self.type = type
        self.subject = subject
        // A Date's own fraction may fall a millisecond short.
        let second = Date(timeIntervalSince1970: Double(milliseconds / 1000)).formatted(.iso8601)
        time = "\(second.dropLast()).\(String(milliseconds % 1000 + 1000).dropFirst())Z"
        self.sequence = sequence
        self.previous = previous
        let attributes = Attributes(
            specversion: "1.0", id: id, source: source, type: type, subject: subject, time: time,
            datacontenttype: "application/json", sequence: Self.digits(sequence),
            previous: previous > 0 ? Self.digits(previous) : nil)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        var text = String(decoding: try encoder.encode(attributes), as: UTF8.self)
        text.removeLast()
        document = Array("\(text),\"data\":\(data)}".utf8)
    }

    /// Reads what another service sent.
    package init(document: [UInt8]) throws(Problem) {
        let attributes: Attributes
        do {
            attributes = try JSONDecoder().decode(Attributes.self, from: Data(document))
        } catch {
            throw .badEvent
        }
        let texts = [attributes.id, attributes.source, attributes.type, attributes.subject, attributes.time]
        guard attributes.specversion == "1.0", texts.allSatisfy({ !$0.isEmpty && $0.utf8.count <= 200 }),
            !texts.contains(where: { $0.utf8.contains(0) }),
            attributes.datacontenttype ?? "application/json" == "application/json",
            let sequence = Int64(attributes.sequence), sequence > 0,
            let previous = Int64(attributes.previous ?? "0"), previous >= 0
        else { throw .badEvent }
        id = attributes.id
        source = attributes.source
        type = attributes.type
        subject = attributes.subject
        time = attributes.time
        self.sequence = sequence
        self.previous = previous
        self.document = document
    }

    package func data<Value: Decodable>(as type: Value.Type = Value.self) throws(Problem) -> Value {
        do {
            return try JSONDecoder().decode(Body<Value>.self, from: Data(document)).data
        } catch {
            throw .badEvent
        }
    }

    package static func source(of service: String) -> String { "/\(service)" }

    /// As wide as the largest number, so that the texts compare as the numbers do.
    private static func digits(_ number: Int64) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, 19 - digits.count)) + digits
    }

    private struct Attributes: Codable {
        let specversion: String
        let id: String
        let source: String
        let type: String
        let subject: String
        let time: String
        let datacontenttype: String?
        let sequence: String
        let previous: String?
    }

    private struct Body<Value: Decodable>: Decodable {
        let data: Value
    }
}

extension Problem {
    static let badEvent = Problem.badRequest(
        LocalizedText(
            zh: "这不是本系统认得的 CloudEvents 1.0 事件。", en: "This is no CloudEvents 1.0 event that is known here."),
        code: "event-unreadable")
}
