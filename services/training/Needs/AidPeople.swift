import Contracts
import CurlHTTP
import ServiceClients
import ServiceKit

/// Asks aid who a person is, at the moment when a place is offered and not before.
struct AidPeople: Sendable {
    /// Throws a `NeedRefusal` where aid does not say.
    let ask: @Sendable (_ person: String) async throws -> PersonRecord

    /// Over HTTP, with the service's own tokens.
    static func http(_ client: ServiceClient) -> AidPeople {
        AidPeople { person in
            do {
                return try await client.call(
                    AidContract.person, PersonReference(person: person, purpose: "training")
                ).value
            } catch let refusal as ServiceRefusal {
                throw Self.refusal(refusal)
            } catch is ClientFault {
                throw NeedRefusal.aidUnreachable
            }
        }
    }

    private static func refusal(_ refusal: ServiceRefusal) -> NeedRefusal {
        guard case .problem(let problem) = refusal else { return .aidUnreachable }
        return switch problem.status {
        case 404: .unknownInAid
        case 409 where problem.code == "number-missing": .numberMissingInAid
        case 429, 500...: .aidUnreachable
        default: .aidRefuses
        }
    }
}
