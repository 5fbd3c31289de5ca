import HTTPTypes
package import Hummingbird
import NIOCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension Problem {
    /// `application/problem+json` in the reader's language.
    package func json(instance: String, requestID: String, language: Language) -> Response {
        let document = ProblemDocument(
            type: "urn:problem-type:minsheng:\(code)", title: title[language], status: Int(status.code),
            detail: detail[language], instance: instance, code: code, requestID: requestID,
            errors: errors.isEmpty
                ? nil
                : errors.map { fault in
                    .init(
                        pointer: fault.isParameter
                            ? nil : fault.field.hasPrefix("/") || fault.field.isEmpty ? fault.field : "/\(fault.field)",
                        parameter: fault.isParameter ? fault.field : nil, detail: fault.message[language])
                })
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        var headers = headers
        headers[.contentType] = "application/problem+json"
        headers[.contentLanguage] = language.tag
        // A struct of strings and numbers always encodes.
        let body = (try? encoder.encode(document)) ?? Data("{}".utf8)
        return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: body)))
    }
}

private struct ProblemDocument: Encodable {
    struct Fault: Encodable {
        let pointer: String?
        let parameter: String?
        let detail: String
    }

    let type: String
    let title: String
    let status: Int
    let detail: String
    let instance: String
    let code: String
    let requestID: String
    let errors: [Fault]?
}
