import Contracts
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import Security
import ServiceKit
import SocialDomain
import Storage
import TestPages
import Testing

@testable import GuideService

/// The remote helper's pages and endpoints, as citizens and helpers use them.
struct SessionPagesTests {
    private static let asking = ["name": "王女士", "phone": "", "topic": "要什么材料", "item": "100"]
    private static let json: HTTPFields = [.contentType: "application/json", .accept: "application/json"]

    /// A citizen's room, taken by the machine itself.
    private static func serving(_ sample: GuideSample) async throws -> (room: String, session: String) {
        let room = try await sample.post("/guide/help", asking).location
        let session = try await sample.post("/guide/helper/next", [:]).location
        return (room, session)
    }

    private static func upload(_ content: [UInt8], token: String? = nil) -> (HTTPFields, ByteBuffer) {
        var body = ByteBuffer(
            string: "--x\r\nContent-Disposition: form-data; name=\"picture\"; filename=\"a.jpg\"\r\n\r\n")
        body.writeBytes(content)
        body.writeString("\r\n--x--\r\n")
        return ([.contentType: "multipart/form-data; boundary=x", .accept: "application/json"], body)
    }

    @Test func `from an item's page a citizen gets into the queue and sees the place`() async throws {
        let sample = try await GuideSample()

        let item = try await sample.get("/guide/items/100")
        let form = try await sample.get("/guide/help?item=100")
        let asked = try await sample.post("/guide/help", Self.asking)
        let room = try await sample.get(asked.location)

        #expect(item.text.contains("<a class=\"button\" href=\"/guide/help?item=100\">找人帮办</a>"))
        #expect(form.text.contains("开小卖部"))
        #expect(form.text.contains("现在没有人排队。"))
        #expect(asked.status == 303)
        #expect(asked.location.hasPrefix("/guide/help/rooms/"))
        #expect(asked.location.utf8.count == "/guide/help/rooms/".utf8.count + 43)
        #expect(room.text.contains("下一位就是您"))
        #expect(!room.text.contains("王女士"))
    }

    @Test func `a form without a name is shown again with what was typed`() async throws {
        let sample = try await GuideSample()

        let answer = try await sample.post("/guide/help", ["name": " ", "phone": "abc", "topic": "问一下"])

        #expect(answer.status == 422)
        #expect(answer.text.contains("请填写怎么称呼您"))
        #expect(answer.text.contains("请填写电话号码"))
        #expect(answer.text.contains("问一下"))
    }

    @Test func `a booked slot shows one place less, and a full one cannot be chosen`() async throws {
        let sample = try await GuideSample { $0.helpSettings.helpers = 1 }
        let slot = "1782786000"
        var fields = Self.asking
        fields["slot"] = slot

        let booked = try await sample.post("/guide/help/booking", fields)
        let room = try await sample.get(booked.location)
        let again = try await sample.post("/guide/help/booking", fields)
        let page = try await sample.get("/guide/help/booking?item=100&day=2026-06-30")

        #expect(booked.status == 303)
        #expect(room.text.contains("您的时段：2026年6月30日 10:20"))
        #expect(again.status == 422)
        #expect(again.text.contains("刚刚约满"))
        #expect(page.text.contains("value=\"\(slot)\" disabled"))
    }

    @Test func `without a script both sides write by form and see it`() async throws {
        let sample = try await GuideSample()
        let (room, session) = try await Self.serving(sample)

        let said = try await sample.post("\(room)/chat", ["text": "<b>您好</b>"])
        let answered = try await sample.post("\(session)/chat", ["text": "请带身份证"])
        let citizen = try await sample.get(room)
        let helper = try await sample.get(session)

        #expect((said.status, answered.status) == (303, 303))
        for page in [citizen, helper] {
            #expect(page.text.contains("&lt;b&gt;您好&lt;/b&gt;"))
            #expect(page.text.contains("请带身份证"))
        }
        #expect(citizen.text.contains("浏览器没有启用脚本"))
        let policy = citizen.headers[.contentSecurityPolicy] ?? ""
        #expect(policy.contains("script-src 'self'"))
        let name = try #require(HTTPField.Name("Permissions-Policy"))
        #expect(citizen.headers[name]?.contains("camera=(self)") == true)
    }

    @Test func `a picture is given to its room only, as what it is and not to be kept`() async throws {
        let sample = try await GuideSample()
        let (room, session) = try await Self.serving(sample)
        let other = try await sample.post("/guide/help", Self.asking).location
        let content: [UInt8] = [0xFF, 0xD8, 0xFF, 0xE0, 9, 8, 7]
        let (headers, body) = Self.upload(content)

        let sent = try await sample.ask("\(room)/pictures", .post, headers, body)
        let page = try await sample.get(session).text
        let start = try #require(page.firstRange(of: "src=\"\(session)/pictures/")?.upperBound)
        let id = page[start...].prefix { $0 != "\"" }
        let shown = try await sample.get("\(session)/pictures/\(id)")
        let foreign = try await sample.get("\(other)/pictures/\(id)", [.accept: "image/*"])

        #expect(sent.status == 303)
        #expect(shown.bytes == content)
        #expect(shown.headers[.contentType] == "image/jpeg")
        #expect(shown.headers[.cacheControl] == "no-store")
        #expect(shown.headers[.xContentTypeOptions] == "nosniff")
        #expect(foreign.status == 404)
        let left = try FileManager.default.contentsOfDirectory(atPath: sample.store.folder + "/incoming")
        #expect(left.isEmpty)
    }

    @Test func `what is no picture, or too large, is refused in words`() async throws {
        let sample = try await GuideSample()
        let (room, _) = try await Self.serving(sample)
        let (headers, page) = Self.upload(Array("<html>".utf8))
        let (_, long) = Self.upload([0xFF, 0xD8, 0xFF] + [UInt8](repeating: 7, count: 10_000_000))

        let none = try await sample.ask("\(room)/pictures", .post, headers, page)
        let large = try await sample.ask("\(room)/pictures", .post, headers, long)

        #expect(none.status == 409)
        #expect(none.text.contains("JPEG、PNG 或 WebP"))
        #expect(large.status == 413)
        #expect(large.text.contains("10 MB"))
    }

    @Test func `signals pass only while a helper is there, and none of any length`() async throws {
        let sample = try await GuideSample()
        let room = try await sample.post("/guide/help", Self.asking).location
        let address = room.replacing("/guide/help/", with: "/guide/v1/help/") + "/messages"
        let hello = ByteBuffer(string: "{\"kind\":\"hello\",\"page\":\"p1\"}")

        let early = try await sample.ask(address, .post, Self.json, hello)
        _ = try await sample.post("/guide/helper/next", [:])
        let good = try await sample.ask(address, .post, Self.json, hello)
        let odd = try await sample.ask(
            address, .post, Self.json, ByteBuffer(string: "{\"kind\":\"state\",\"page\":\"p1\"}"))
        let long = String(repeating: "v", count: 65_537)
        let large = try await sample.ask(
            address, .post, Self.json,
            ByteBuffer(string: "{\"kind\":\"description\",\"page\":\"p1\",\"content\":\"\(long)\"}"))
        let unknown = try await sample.ask(
            "/guide/v1/help/rooms/nobody/messages", .post, Self.json, hello)

        #expect(early.status == 409)
        #expect(good.status == 200)
        #expect(good.text == "{\"sequence\":2}")
        #expect((odd.status, large.status, unknown.status) == (422, 422, 404))
    }

    @Test func `a burst of signals beyond the limit is told to wait`() async throws {
        let sample = try await GuideSample()
        let (room, _) = try await Self.serving(sample)
        let address = room.replacing("/guide/help/", with: "/guide/v1/help/") + "/messages"
        let router = sample.application.buildRouter()

        let statuses = try await Hummingbird.Application(router: router).test(.router) { client in
            var statuses: [Int] = []
            for _ in 0..<200 {
                statuses.append(
                    try await client.execute(
                        uri: address, method: .post, headers: Self.json,
                        body: ByteBuffer(string: "{\"kind\":\"typing\",\"page\":\"p1\"}")
                    ) { Int($0.status.code) })
            }
            return statuses
        }

        #expect(statuses.prefix(120).allSatisfy { $0 == 200 })
        #expect(statuses.contains(429))
    }

    @Test func `the stream of a session that ended gives what was missed and closes`() async throws {
        let sample = try await GuideSample()
        let (room, session) = try await Self.serving(sample)
        _ = try await sample.post("\(room)/chat", ["text": "您好"])
        _ = try await sample.post("\(session)/end", ["notes": "已解答", "outcome": "answered"])
        let stream = room.replacing("/guide/help/", with: "/guide/v1/help/") + "/events"
        let resume = try #require(HTTPField.Name("Last-Event-ID"))

        let all = try await sample.get("\(stream)?after=0", [.accept: "text/event-stream"])
        let rest = try await sample.get("\(stream)?after=0", [.accept: "text/event-stream", resume: "2"])

        #expect(all.headers[.contentType] == "text/event-stream; charset=utf-8")
        #expect(all.text.contains("id: 2\ndata: {\"at\":\"10:00\",\"content\":\"您好\",\"kind\":\"chat\",\"name\":\"\""))
        #expect(all.text.hasSuffix("event: over\ndata: {}\n\n"))
        #expect(!rest.text.contains("您好"))
        #expect(rest.text.contains("id: 3\n"))
    }

    @Test func `after the end the citizen rates once and the helper reads it`() async throws {
        let sample = try await GuideSample()
        let (room, session) = try await Self.serving(sample)
        _ = try await sample.post("\(session)/end", ["notes": "", "outcome": ""])

        let asked = try await sample.get(room)
        let rated = try await sample.post("\(room)/rating", ["stars": "5", "word": "讲得清楚"])
        let again = try await sample.post("\(room)/rating", ["stars": "1"])
        let none = try await sample.post("\(room)/rating", ["stars": "9"])
        let helper = try await sample.get(session)

        #expect(asked.text.contains("这次帮办怎么样？"))
        #expect((rated.status, again.status, none.status) == (303, 409, 422))
        #expect(helper.text.contains("5 非常满意"))
        #expect(helper.text.contains("讲得清楚"))
    }

    @Test func `an address that nobody was given opens nothing`() async throws {
        let sample = try await GuideSample()

        let page = try await sample.get("/guide/help/rooms/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")
        let stream = try await sample.get("/guide/v1/help/rooms/x/events", [.accept: "text/event-stream"])

        #expect(page.status == 404)
        #expect(page.text.contains("这次会话已经找不到了"))
        #expect(stream.status == 404)
    }

    // MARK: - Roles

    private static func signIn() async throws -> (
        SignIn, @Sendable (String, [String], String) async throws -> HTTPFields
    ) {
        let keys = try SigningKeys(issuer: "gateway", seeds: [(1, [UInt8](repeating: 5, count: 32))])
        let now: Int64 = 1_000_000
        let signIn = try SignIn(
            .tokens(try await TokenVerifier(jwks: [keys.jwks()]), gateway: "http://127.0.0.1:8100"),
            formKey: [UInt8](repeating: 3, count: 32), now: { now })
        return (
            signIn,
            { account, roles, division in
                let token = try await TokenIssuer(keys).sign(
                    AccessClaims(
                        issuer: "gateway", subject: account, name: "乌兰", kind: .person, roles: ["guide": roles],
                        division: division, session: "s1", issuedAt: now))
                return [.authorization: "Bearer \(token)", .accept: "text/html"]
            }
        )
    }

    @Test func `only helpers reach the queue, each what is theirs, and what they did is in the log`() async throws {
        let (signIn, headers) = try await Self.signIn()
        let sample = try await GuideSample(signIn: signIn)
        let helper = try await headers("a1", ["helper"], "150402")
        let second = try await headers("a2", ["helper"], "150402")
        let viewer = try await headers("a3", ["viewer"], "150402")
        _ = try await sample.post("/guide/help", Self.asking)

        let stranger = try await sample.get("/guide/helper")
        let looks = try await sample.get("/guide/helper", viewer)
        let queue = try await sample.get("/guide/helper", helper)
        let taken = try await sample.post("/guide/helper/next", [:], helper)
        let own = try await sample.get(taken.location, helper)
        let foreign = try await sample.get(taken.location, second)
        let actions = try await sample.store.database.read { db in
            try db.rows("SELECT action, actor FROM audit_entry ORDER BY sequence").map {
                try $0.get("action", as: String.self) + " " + $0.get("actor", as: String.self)
            }
        }

        #expect((stranger.status, looks.status, queue.status) == (303, 403, 200))
        #expect(queue.text.contains("王女士"))
        #expect(taken.status == 303)
        #expect(own.status == 200)
        #expect(own.text.contains("要什么材料"))
        #expect(foreign.status == 409)
        #expect(foreign.text.contains("这次会话不由您接待。"))
        #expect(!foreign.text.contains("王女士"))
        #expect(actions == ["session.take a1", "session.look a1"])
    }

    @Test func `every route stands in the contract`() async throws {
        let sample = try await GuideSample()
        let routes = sample.application.routes().contracts

        #expect(Set(GuideContract.sessions).isSubset(of: Set(routes)))
        #expect(GuideContract.sessions.count == 28)
    }
}
