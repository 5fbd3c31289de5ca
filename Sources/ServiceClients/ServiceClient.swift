package import Contracts
package import CurlHTTP
import Foundation

/// Calls a service's endpoints by their contracts: what goes in and what comes out are the same values as at the server.
package struct ServiceClient: Sendable {
    /// Where the service is, `http://127.0.0.1:8101`.
    package let address: String
    private let http: HTTPClient
    private let token: @Sendable () async throws -> String?

    /// - Parameter token: the bearer token for the next call; nil for endpoints that are open.
    package init(
        address: String, http: HTTPClient, token: @escaping @Sendable () async throws -> String? = { nil }
    ) {
        self.address = address.hasSuffix("/") ? String(address.dropLast()) : address
        self.http = http
        self.token = token
    }

    /// - Parameters:
    ///   - key: the same when a call is made again: the service does it once.
    ///   - version: that the change is made on, for endpoints that ask for it.
    package func call<Parameters, Body, Answer>(
        _ endpoint: Endpoint<Parameters, Body, Answer>, _ parameters: Parameters, _ body: Body, key: String? = nil,
        version: Int64? = nil
    ) async throws -> ServiceAnswer<Answer> {
        let description = endpoint.description
        var headers: HeaderList = ["Accept": "application/json"]
        if let token = try await token() { headers["Authorization"] = "Bearer \(token)" }
        if let key { headers["Idempotency-Key"] = key }
        if let version { headers["If-Match"] = "\"\(version)\"" }
        var request = ClientRequest(
            Self.method(description.method), address + (try Self.target(description, parameters)), headers: headers)
        if description.body != nil {
            request.headers["Content-Type"] = "application/json"
            request.body = .bytes(Array(try JSONEncoder().encode(body)))
        }
        request.isRepeatable = request.method.isIdempotent || key != nil
        let response = try await http.send(request)
        // A contract may know more than one answer: health says 503 and what is missing.
        guard
            (200..<300).contains(response.status)
                || description.answers.contains(where: { $0.status == response.status })
        else { throw ServiceRefusal(response) }
        let tag = response.headers["ETag"].flatMap { Int64($0.filter { $0 != "\"" }) }
        if let empty = NoBody() as? Answer { return ServiceAnswer(value: empty, version: tag, location: nil) }
        do {
            return ServiceAnswer(
                value: try JSONDecoder().decode(Answer.self, from: Data(response.body)), version: tag,
                location: response.headers["Location"])
        } catch {
            throw ServiceRefusal.unreadable(status: response.status)
        }
    }

    /// An endpoint that takes neither parameters nor a body.
    package func call<Answer>(_ endpoint: Endpoint<NoParameters, NoBody, Answer>) async throws -> ServiceAnswer<Answer>
    {
        try await call(endpoint, NoParameters(), NoBody())
    }

    package func call<Parameters, Answer>(
        _ endpoint: Endpoint<Parameters, NoBody, Answer>, _ parameters: Parameters
    ) async throws -> ServiceAnswer<Answer> {
        try await call(endpoint, parameters, NoBody())
    }

    // MARK: - Addresses

    /// The path with its parameters and the query.
    static func target(_ endpoint: EndpointDescription, _ parameters: some APIParameters) throws -> String {
        let json = try JSONEncoder().encode(parameters)
        guard case .object(let values) = try JSONDecoder().decode(JSONValue.self, from: json) else {
            return endpoint.path
        }
        var path = endpoint.path
        var query: [String] = []
        for parameter in endpoint.parameters {
            guard let value = values[parameter.name].flatMap(text) else { continue }
            switch parameter.place {
            case .path: path = path.replacing("{\(parameter.name)}", with: encoded(value))
            case .query: query.append("\(encoded(parameter.name))=\(encoded(value))")
            case .header: break
            }
        }
        return query.isEmpty ? path : path + "?" + query.joined(separator: "&")
    }

    private static func text(_ value: JSONValue) -> String? {
        switch value {
        case .text(let text): text
        case .integer(let number): "\(number)"
        case .boolean(let truth): "\(truth)"
        default: nil
        }
    }

    /// Everything but the unreserved characters of RFC 3986 as `%XX`.
    private static func encoded(_ text: String) -> String {
        var encoded = ""
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E:
                encoded.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                encoded += digits.count == 1 ? "%0" + digits : "%" + digits
            }
        }
        return encoded
    }

    private static func method(_ method: EndpointDescription.Method) -> ClientRequest.Method {
        switch method {
        case .get: .get
        case .post: .post
        case .put: .put
        case .patch: .patch
        case .delete: .delete
        }
    }
}

/// What a service answered.
package struct ServiceAnswer<Value: Sendable>: Sendable {
    package let value: Value
    /// The version to make a change on.
    package let version: Int64?
    /// Where the thing that was made can be read.
    package let location: String?
}
