import HTTPTypes
package import Hummingbird
import NIOCore

extension Problem {
    /// `application/problem+json` in the reader's language.
    package func json(instance: String, requestID: String, language: Language) -> Response {
        var headers = headers
        headers[.contentType] = "application/problem+json"
        headers[.contentLanguage] = language.tag
        return Response(
            status: status, headers: headers,
            body: ResponseBody(
                byteBuffer: document(instance: instance, requestID: requestID, language: language)))
    }

    func document(instance: String, requestID: String, language: Language) -> ByteBuffer {
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
        // A struct of strings and numbers always encodes.
        return (try? JSONAnswer.bytes(document)) ?? ByteBuffer(string: "{}")
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
