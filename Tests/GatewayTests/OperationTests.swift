import Foundation
import Security
import ServiceKit
import SocialDomain
import Storage
import TestDatabases
import Testing

@testable import Gateway

/// What an operator does with the gateway from the machine itself, and what is asked before it is done on a page.
struct OperationTests {
    @Test(arguments: TestServer.engines) func `a backup comes back with its accounts and its log`(_ engine: Engine)
        async throws
    {
        let gateway = try await GatewaySample(engine)
        try await gateway.account("zhang.wei")
        let folder = FileManager.default.temporaryDirectory.path + "/gateway-backup-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let backup = BackupFolder(folder + "/backup")

        try await backup.make(of: gateway.application.database, service: "gateway", at: "2026-06-30T08:00:00Z")
        let address = engine == .sqlite ? nil : try TestServer.emptyDatabase(engine)
        let count = try await backup.restore(service: "gateway", into: address) { name in
            name == "database" ? folder + "/restored.sqlite" : nil
        }

        let restored = try Database(address ?? DatabaseAddress(sqliteFile: folder + "/restored.sqlite"))
        defer { restored.close() }
        #expect(count == 1)
        #expect(try await AccountStore(database: restored).list(within: .ownMachine).map(\.login) == ["zhang.wei"])
        let log = try AuditLog(database: restored).verify(since: nil, key: [UInt8](repeating: 1, count: 32))
        #expect(log.findings.isEmpty && log.latest.sequence == 2)
    }

    @Test func `sessions are listed for people and for programs, without what opens them`() {
        let session = Session(
            id: "s-1", account: "a-1", begunAt: 1_782_806_400, seenAt: 1_782_810_000, agent: "Fire\u{1B}fox/1")

        #expect(
            AccountSessionsCommand.text([session], isJSON: false)
                == "session\tbegun\tseen\tagent\ns-1\t2026-06-30T08:00:00Z\t2026-06-30T09:00:00Z\tFire?fox/1\n")
        #expect(
            AccountSessionsCommand.text([session], isJSON: true)
                == #"[{"agent":"Fire?fox/1","begun":"2026-06-30T08:00:00Z","seen":"2026-06-30T09:00:00Z","session":"s-1"}]"#
                + "\n")
        #expect(AccountSessionsCommand.text([], isJSON: true) == "[]\n")
    }

    @Test(arguments: [
        ("block", "停用 乌兰 的账号？"), ("reset", "重置 乌兰 的密码？"), ("sessions/end", "让 乌兰 在所有设备上退出登录？"),
    ])
    func `what takes work away from someone is asked first, and asking changes nothing`(
        path: String, question: String
    ) async throws {
        let gateway = try await GatewaySample()
        try await gateway.account("chief", roles: ["gateway:administrator"])
        let other = try await gateway.account("zhang.wei")
        let cookies = try await gateway.signedIn("chief")
        let theirs = try await gateway.signedIn("zhang.wei")

        let page = try await gateway.get("/gateway/accounts/\(other)/\(path)", cookies)

        #expect(page.status == 200 && page.text.contains("<h1>\(question)</h1>"))
        #expect(
            page.text.contains("<form class=\"confirm\" method=\"post\" action=\"/gateway/accounts/\(other)/\(path)\">")
        )
        #expect(page.text.contains("href=\"/gateway/accounts/\(other)\""))
        #expect(try await gateway.required("zhang.wei").isBlocked == false)
        #expect(try await gateway.get("/gateway/account", theirs).status == 200)
    }

    @Test func `nobody is asked about an account of another division`() async throws {
        let gateway = try await GatewaySample()
        try await gateway.account("chief", division: "150402", roles: ["gateway:administrator"])
        let other = try await gateway.account("zhang.wei", division: "150403")
        let cookies = try await gateway.signedIn("chief")

        for path in ["block", "reset", "sessions/end"] {
            #expect(try await gateway.get("/gateway/accounts/\(other)/\(path)", cookies).status == 404)
        }
    }

    @Test func `a refusal stands beside what was refused, and the summary leads there`() async throws {
        let gateway = try await GatewaySample()
        let chief = try await gateway.account("chief", roles: ["gateway:administrator"])
        let cookies = try await gateway.signedIn("chief")

        let roles = try await gateway.post("/gateway/accounts/\(chief)/roles", [:], cookies)
        let block = try await gateway.post("/gateway/accounts/\(chief)/block", [:], cookies)

        #expect(roles.status == 422 && roles.text.contains("<a href=\"#roles\">"))
        #expect(roles.text.contains("<h2 id=\"roles\">角色</h2>\n<p class=\"field-fault\">"))
        #expect(block.status == 422 && block.text.contains("<a href=\"#more\">"))
        #expect(block.text.contains("<h2 id=\"more\">其他操作</h2>\n<p class=\"field-fault\">"))
    }
}
