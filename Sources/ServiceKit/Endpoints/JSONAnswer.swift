package import HTTPTypes
package import Hummingbird
import NIOCore

/// JSON as it leaves a service: names sorted, so that the same value gives the same bytes.
package enum JSONAnswer {
    package static func bytes(_ value: some Encodable) throws -> ByteBuffer {
        ByteBuffer(bytes: try JSONOutput.bytes(value))
    }

    package static func response(
        _ value: some Encodable, status: HTTPResponse.Status = .ok, headers: HTTPFields = [:]
    ) throws -> Response {
        var headers = headers
        if headers[.contentType] == nil { headers[.contentType] = "application/json" }
        return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: try bytes(value)))
    }
}
