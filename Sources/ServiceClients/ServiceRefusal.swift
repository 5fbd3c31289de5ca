import CurlHTTP
import Foundation
package import SocialDomain

/// A service's problem document, as it came (RFC 9457).
package enum ServiceRefusal: ExplainedFault, Hashable {
    package struct Problem: Hashable, Sendable, Decodable {
        package struct Fault: Hashable, Sendable, Decodable {
            package let pointer: String?
            package let parameter: String?
            package let detail: String
        }

        package let status: Int
        /// Stable; programs go by it.
        package let code: String
        package let title: String
        package let detail: String
        package let requestID: String?
        package let errors: [Fault]?
    }

    case problem(Problem)
    /// Not what the contract says: another program, or another version, answers there.
    case unreadable(status: Int)

    init(_ response: ClientResponse) {
        if let problem = try? JSONDecoder().decode(Problem.self, from: Data(response.body)) {
            self = .problem(problem)
        } else {
            self = .unreadable(status: response.status)
        }
    }

    package var explanation: LocalizedText {
        switch self {
        case .problem(let problem):
            let faults = (problem.errors ?? []).map { " \($0.parameter ?? $0.pointer ?? ""): \($0.detail)" }.joined()
            // The service has said it in the language that was asked for.
            return LocalizedText(
                zh: "\(problem.title)。\(problem.detail)\(faults)", en: "\(problem.title): \(problem.detail)\(faults)")
        case .unreadable(let status):
            return LocalizedText(
                zh: "对方的回答不符合接口约定（HTTP \(status)）。请检查地址和版本。",
                en: "the answer is not what the contract says (HTTP \(status)): check the address and the version")
        }
    }
}
