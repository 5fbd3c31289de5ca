package import Contracts
import Foundation
package import HTTPTypes
import Hummingbird
import Logging
import NIOCore
package import Security
import SocialDomain

/// A request to an endpoint, read and checked by its contract.
package struct Call<Parameters: APIParameters, Body: APIBody>: Sendable {
    package let parameters: Parameters
    package let body: Body
    package let context: KitContext
    package let caller: Caller
    let endpoint: EndpointDescription
    let path: String
    package let headers: HTTPFields
    /// SHA-256 of what was sent, for requests that carry an idempotency key.
    let fingerprint: [UInt8]

    package var scope: Scope { caller.scope }

    package func event(
        _ action: String, subject: String = "", division: String = "", reason: String = ""
    ) -> AuditEvent {
        AuditEvent(
            action, subject: subject, division: division, reason: reason, by: caller, request: context.requestID)
    }

    /// The version that the change is made on. Every endpoint that needs one has asked for it before.
    package func requireVersion() throws(Problem) -> Int64 {
        guard let header = headers[.ifMatch] else { throw .matchNeeded }
        let tag = header.trimmingCharacters(in: .whitespaces)
        guard tag.count > 2, tag.hasPrefix("\""), tag.hasSuffix("\""), let version = Int64(tag.dropFirst().dropLast())
        else { throw .stale }
        return version
    }
}

/// A good answer.
package struct Reply<Answer: APIBody>: Sendable {
    package let value: Answer
    /// Where the thing that was made can be read.
    package var location: String?
    /// Becomes the `ETag`.
    package var version: Int64?

    package init(_ value: Answer, location: String? = nil, version: Int64? = nil) {
        self.value = value
        self.location = location
        self.version = version
    }
}

/// Reads what an endpoint takes; everything that cannot stand is told at once.
enum CallReader {
    static func call<Parameters, Body, Answer>(
        _ endpoint: Endpoint<Parameters, Body, Answer>, _ request: Request, _ context: KitContext
    ) async throws -> Call<Parameters, Body> {
        let description = endpoint.description
        var faults: [FieldFault] = []
        let values = parameters(description, request, context, &faults)
        let (body, fingerprint) = try await body(Body.self, description, request, &faults)
        guard faults.isEmpty, let body else { throw Problem.invalid(faults) }
        let read: Parameters
        do {
            read = try Parameters(from: ParameterDecoder(values))
        } catch {
            // The contract names a parameter otherwise than its value does: a fault of the program.
            context.logger.error("parameters differ from the contract", metadata: ["endpoint": "\(description.id)"])
            throw Problem.unexpected
        }
        if description.needsMatch, request.headers[.ifMatch] == nil { throw Problem.matchNeeded }
        return Call(
            parameters: read, body: body, context: context, caller: context.caller ?? .stranger,
            endpoint: description, path: request.uri.path, headers: request.headers, fingerprint: fingerprint)
    }

    // MARK: - Parameters

    private static func parameters(
        _ endpoint: EndpointDescription, _ request: Request, _ context: KitContext, _ faults: inout [FieldFault]
    ) -> [String: JSONValue] {
        var values: [String: JSONValue] = [:]
        let query = QueryItems(request.uri.query ?? "")
        for parameter in endpoint.parameters {
            let text: String? =
                switch parameter.place {
                case .path: context.parameters[Substring(parameter.name)].map { QueryItems.decodedPath($0) }
                case .query: query.items.first { $0.name == parameter.name }?.value
                case .header: HTTPField.Name(parameter.name).flatMap { request.headers[$0] }
                }
            guard let text else {
                if parameter.isRequired {
                    faults.append(
                        .parameter(parameter.name, LocalizedText(zh: "缺少这一项。", en: "is missing.")))
                }
                continue
            }
            guard let value = parameter.value(of: text) else {
                for fault in parameter.schema.faults(in: .text(text)) {
                    faults.append(.parameter(parameter.name, fault.message))
                }
                continue
            }
            for fault in parameter.schema.faults(in: value) {
                faults.append(.parameter(parameter.name, fault.message))
            }
            values[parameter.name] = value
        }
        let known = Set(endpoint.parameters.filter { $0.place == .query }.map(\.name))
        for item in query.items where !known.contains(item.name) {
            faults.append(
                .parameter(
                    String(item.name.prefix(50)),
                    LocalizedText(zh: "没有这个参数，请去掉。", en: "is not a parameter here: leave it out.")))
        }
        return values
    }

    // MARK: - Body

    private static func body<Body: APIBody>(
        _ type: Body.Type, _ endpoint: EndpointDescription, _ request: Request, _ faults: inout [FieldFault]
    ) async throws -> (Body?, fingerprint: [UInt8]) {
        guard case .json(let schema) = endpoint.body else { return (NoBody() as? Body, []) }
        guard isJSON(request.headers[.contentType]) else { throw Problem.unsupportedMediaType("application/json") }
        let bytes: ByteBuffer
        do {
            bytes = try await request.body.collect(upTo: endpoint.bodyLimit)
        } catch is NIOTooManyBytesError {
            throw Problem.tooLarge(limit: Figures.bytes(endpoint.bodyLimit))
        }
        let data = Data(bytes.readableBytesView)
        guard let value = try? JSONDecoder().decode(JSONValue.self, from: data) else {
            throw Problem.badRequest(
                LocalizedText(zh: "请求体不是有效的 JSON。", en: "The body is not JSON."), code: "bad-json")
        }
        let found = schema.faults(in: value)
        faults += found.map { FieldFault(field: $0.pointer, message: $0.message) }
        guard found.isEmpty else { return (nil, []) }
        return (try JSONDecoder().decode(Body.self, from: data), Idempotency.fingerprint(data))
    }

    private static func isJSON(_ type: String?) -> Bool {
        guard let type = type?.lowercased() else { return false }
        return type == "application/json" || type.hasPrefix("application/json;")
    }
}

extension Problem {
    package static let badCursor = Problem.invalid([
        .parameter(
            "cursor", LocalizedText(zh: "请原样使用上一页给出的 next。", en: "must be what the page before gave as next."))
    ])

    package static let matchNeeded = Problem(
        .preconditionRequired, code: "match-needed",
        title: LocalizedText(zh: "修改须说明依据的版本", en: "Say which version the change is made on"),
        detail: LocalizedText(
            zh: "请先读取，再把得到的 ETag 放进 If-Match 发送。", en: "Read it first, and send its ETag as If-Match."))

    package static let stale = Problem(
        .preconditionFailed, code: "stale",
        title: LocalizedText(zh: "已被别人改过", en: "Somebody else has changed it meanwhile"),
        detail: LocalizedText(
            zh: "没有改动任何数据。请重新读取，核对后再提交。", en: "Nothing was changed. Read it again, compare, and send it anew."))

    package static func notAcceptable(_ given: [String]) -> Problem {
        Problem(
            .notAcceptable, code: "not-acceptable",
            title: LocalizedText(zh: "不提供这种内容类型", en: "That kind of content is not given here"),
            detail: LocalizedText(
                zh: "可以提供：\(given.joined(separator: "、"))。", en: "Given here: \(given.joined(separator: ", ")).")
        )
    }
}
