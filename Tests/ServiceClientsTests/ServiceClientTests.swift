import Contracts
import CurlHTTP
import Foundation
import Hummingbird
import NIOCore
import SocialDomain
import Testing

@testable import ServiceClients

struct ServiceClientTests {
    @Test func `parameters stand in path and query, encoded, and what is absent does not`() throws {
        var alerts = AlertListParameters()
        alerts.tier = "red"
        alerts.limit = 2

        #expect(
            try ServiceClient.target(AidContract.alerts.description, alerts) == "/aid/v1/alerts?tier=red&limit=2")
        #expect(
            try ServiceClient.target(AidContract.household.description, HouseholdReference(household: "家/1 ?"))
                == "/aid/v1/households/%E5%AE%B6%2F1%20%3F")
        #expect(try ServiceClient.target(AidContract.alert.description, AlertReference(alert: 7)) == "/aid/v1/alerts/7")
    }

    /// A server that answers each path with a fixed status and body, and echoes what it was sent in headers.
    private static func with(
        _ answers: [String: (Int, String)], _ body: @Sendable @escaping (String, HTTPClient) async throws -> Void
    ) async throws {
        let router = Router()
        for (path, answer) in answers {
            for method in [HTTPRequest.Method.get, .post] {
                router.on(RouterPath(path), method: method) { request, _ in
                    Response(
                        status: .init(code: answer.0),
                        headers: [
                            .contentType: "application/json", .eTag: "\"3\"",
                            .location: request.headers[.authorization] ?? "none",
                        ], body: ResponseBody(byteBuffer: ByteBuffer(string: answer.1)))
                }
            }
        }
        let (ports, told) = AsyncStream.makeStream(of: Int.self)
        let application = Application(
            router: router, configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { told.yield($0.localAddress?.port ?? 0) })
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await application.runService(gracefulShutdownSignals: []) }
            var options = ClientOptions()
            options.retries.attempts = 1
            let http = HTTPClient(options: options)
            for await port in ports {
                try await body("http://127.0.0.1:\(port)", http)
                break
            }
            await http.close()
            group.cancelAll()
        }
    }

    @Test func `an answer comes back as the contract's value, with its version`() async throws {
        try await Self.with(["/gateway/health/ready": (200, #"{"status":"ready","checks":[]}"#)]) { address, http in
            let client = ServiceClient(address: address + "/", http: http, token: { "t" })

            let answer = try await client.call(GatewayContract.kit.ready)

            #expect(answer.value == Readiness(status: "ready", checks: []))
            #expect(answer.version == 3)
            #expect(answer.location == "Bearer t")
        }
    }

    @Test func `a problem comes back with its code and its places`() async throws {
        let problem =
            #"{"type":"urn:x","title":"有内容需要改正","status":422,"detail":"请修改","instance":"/","code":"invalid","requestID":"r","errors":[{"pointer":"/note","detail":"缺少这一项。"}]}"#
        try await Self.with(["/aid/v1/households/search": (422, problem)]) { address, http in
            let client = ServiceClient(address: address, http: http)

            let refusal = await #expect(throws: ServiceRefusal.self) {
                _ = try await client.call(
                    AidContract.searchHouseholds, NoParameters(), HouseholdSearch(query: "x"))
            }

            guard case .problem(let found) = refusal else {
                Issue.record("not a problem")
                return
            }
            #expect(found.code == "invalid")
            #expect(found.errors?.first?.pointer == "/note")
            #expect(refusal?.explanation.zh == "有内容需要改正。请修改 /note: 缺少这一项。")
        }
    }

    @Test func `what is not the contract's answer is told so`() async throws {
        try await Self.with([
            "/aid/health/live": (200, "<html>"), "/aid/health/ready": (502, "Bad Gateway"),
            "/guide/health/ready": (503, #"{"status":"failing","checks":[{"name":"database","isWell":false}]}"#),
        ]) { address, http in
            let client = ServiceClient(address: address, http: http)

            await #expect(throws: ServiceRefusal.unreadable(status: 200)) {
                _ = try await client.call(AidContract.kit.live)
            }
            await #expect(throws: ServiceRefusal.unreadable(status: 502)) {
                _ = try await client.call(AidContract.kit.ready)
            }
            // The contract knows this answer too.
            let failing = try await client.call(GuideContract.kit.ready).value
            #expect(failing.checks == [Readiness.Check(name: "database", isWell: false)])
        }
    }
}
