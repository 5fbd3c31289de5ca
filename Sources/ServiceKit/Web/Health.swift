import HTTPTypes
import Hummingbird
import Logging
import NIOCore

/// `health/live`: the process answers. `health/ready`: it can do its work, as `check` says.
package enum Health {
    package static func addRoutes(
        to routes: inout RouteTable, prefix: String, check: @escaping @Sendable () async throws -> Void
    ) {
        routes.get("\(prefix)health/live", .open) { _, _ in answer(.ok, #"{"status":"live"}"#) }
        routes.get("\(prefix)health/ready", .open) { _, context in
            do {
                try await check()
                return answer(.ok, #"{"status":"ready"}"#)
            } catch {
                context.logger.error("not ready", metadata: ["error": "\(type(of: error))"])
                return answer(.serviceUnavailable, #"{"status":"not ready"}"#)
            }
        }
    }

    private static func answer(_ status: HTTPResponse.Status, _ json: String) -> Response {
        Response(
            status: status, headers: [.contentType: "application/json"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: json)))
    }
}
