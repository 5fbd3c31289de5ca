import Foundation
import Hummingbird
import HummingbirdTesting
import NIOCore
import Security
import Testing

@testable import ServiceKit

@Suite struct KeySetTests {
    private static func jwks() throws -> String { try ReceiverSample.keys("gateway").jwks() }

    private static func read(
        _ path: String, answering body: String, patience: Duration = .milliseconds(600)
    ) async throws -> String {
        let router = Router()
        router.get("/keys") { _, _ in
            Response(status: .ok, body: ResponseBody(byteBuffer: ByteBuffer(string: body)))
        }
        return try await Application(router: router, configuration: .init(address: .hostname("127.0.0.1", port: 0)))
            .test(.live) { client in
                try await KeySet.read("http://127.0.0.1:\(client.port ?? 0)\(path)", patience: patience)
            }
    }

    @Test func `keys come from a service of this machine`() async throws {
        let keys = try Self.jwks()

        let json = try await Self.read("/keys", answering: keys, patience: .seconds(30))

        #expect(json == keys)
    }

    @Test func `keys come from a file`() async throws {
        let path = FileManager.default.temporaryDirectory.path + "/jwks-\(UUID().uuidString)"
        try Data(Self.jwks().utf8).write(to: URL(fileURLWithPath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }

        #expect(try await KeySet.read(path) == Self.jwks())
        await #expect(throws: SecurityFault.keysUnreadable(path: "/nowhere")) { try await KeySet.read("/nowhere") }
    }

    @Test func `plain http to another machine is refused before it is asked`() async throws {
        await #expect(throws: KeySetFault.notSafe("http://minsheng.example.cn/keys")) {
            try await KeySet.read("http://minsheng.example.cn/keys")
        }
    }

    @Test func `what is no key set and who does not answer are told`() async throws {
        await #expect(throws: KeySetFault.self) { try await Self.read("/keys", answering: "<html>") }
        await #expect(throws: KeySetFault.self) { try await Self.read("/other", answering: "{}") }
        await #expect(throws: KeySetFault.noAnswer("http://127.0.0.1:1/keys")) {
            try await KeySet.read("http://127.0.0.1:1/keys", patience: .milliseconds(300))
        }
    }
}
