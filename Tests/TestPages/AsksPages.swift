package import HTTPTypes
package import Hummingbird
import HummingbirdTesting
package import NIOCore
package import ServiceKit

/// What a service answered.
package struct PageAnswer: Sendable {
    package let status: Int
    package let headers: HTTPFields
    package let text: String
    package let bytes: [UInt8]

    package var location: String { headers[.location] ?? "" }
}

/// A sample of a service that is asked as a browser or a program would, without a port.
package protocol AsksPages {
    func buildRouter() -> Router<KitContext>
}

extension AsksPages {
    package func get(_ path: String, _ headers: HTTPFields = [.accept: "text/html"]) async throws -> PageAnswer {
        try await ask(path, .get, headers, nil)
    }

    /// As a page's form is sent.
    package func post(
        _ path: String, _ fields: [String: String], _ headers: HTTPFields = [:]
    ) async throws -> PageAnswer {
        var all: HTTPFields = [.accept: "text/html", .contentType: "application/x-www-form-urlencoded"]
        for field in headers { all[field.name] = field.value }
        let body = fields.map { "\(QueryItems.encoded($0))=\(QueryItems.encoded($1))" }.joined(separator: "&")
        return try await ask(path, .post, all, ByteBuffer(string: body))
    }

    package func ask(
        _ path: String, _ method: HTTPRequest.Method, _ headers: HTTPFields, _ body: ByteBuffer?
    ) async throws -> PageAnswer {
        try await Application(router: buildRouter()).test(.router) { client in
            try await client.execute(uri: path, method: method, headers: headers, body: body) { response in
                PageAnswer(
                    status: Int(response.status.code), headers: response.headers, text: String(buffer: response.body),
                    bytes: Array(response.body.readableBytesView))
            }
        }
    }
}
