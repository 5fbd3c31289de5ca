import CurlHTTP
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import NIOCore
import Security
import ServiceLifecycle
import Storage
import Synchronization
import TestDatabases
import Testing

@testable import ServiceKit

/// Events over real HTTP on loopback, and what the route answers.
struct EventHTTPTests {
    private static func name(_ port: Int, _ sample: EventSample) async throws {
        try await sample.outbox.setReceivers([
            EventReceiver(name: "aid", address: "http://127.0.0.1:\(port)/aid", types: [EventSample.type])
        ])
    }

    @Test(.timeLimit(.minutes(1)), arguments: TestServer.engines)
    func `events travel over HTTP with the service's own token`(_ engine: Engine) async throws {
        let sample = try await EventSample(engine)
        let receiver = try await ReceiverSample(sample)
        let client = HTTPClient()
        let transport = EventTransport.http(client, tokens: try await receiver.tokens())
        for number in 1...5 { try await sample.add(number, of: "a") }

        let settled = try await receiver.serve { port in
            try await Self.name(port, sample)
            return try await sample.sender(transport: transport).sendDue()
        }
        await client.close()

        #expect(settled == 5)
        #expect(try await sample.seen("a") == [1, 2, 3, 4, 5])
    }

    @Test(.timeLimit(.minutes(1))) func `a receiver that was not there gets its events when it is back`() async throws {
        let sample = try await EventSample(.sqlite)
        let receiver = try await ReceiverSample(sample)
        let client = HTTPClient()
        let sender = sample.sender(transport: .http(client, tokens: try await receiver.tokens()))
        let port = try await receiver.serve { $0 }
        try await Self.name(port, sample)
        for number in 1...3 { try await sample.add(number, of: "a") }

        #expect(try await sender.sendDue() == 0)
        #expect(try await sample.outbox.list(.queued, limit: 9).map(\.reason).contains("http-unreachable"))
        sample.clock.wait(3600)
        try await receiver.serve(port: port) { _ in _ = try await sender.sendDue() }
        await client.close()

        #expect(try await sample.seen("a") == [1, 2, 3])
    }

    @Test(.timeLimit(.minutes(1))) func `what this process adds is sent at once, and a stop lets it arrive`()
        async throws
    {
        let sample = try await EventSample(.sqlite)
        let receiver = try await ReceiverSample(sample)
        let client = HTTPClient()
        var options = EventOptions()
        options.poll = .seconds(600)
        let sender = sample.sender(options, transport: .http(client, tokens: try await receiver.tokens()))
        let group = ServiceGroup(
            services: [sender], gracefulShutdownSignals: [],
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })

        let waited = try await receiver.serve { port in
            try await Self.name(port, sample)
            let serving = Task { try await group.run() }
            try await Task.sleep(for: .milliseconds(300))
            let added = ContinuousClock.now
            try await sample.add(1, of: "a")
            while try await sample.seen("a").isEmpty { try await Task.sleep(for: .milliseconds(2)) }
            let waited = ContinuousClock.now - added
            await group.triggerGracefulShutdown()
            try await serving.value
            return waited
        }
        await client.close()

        print("from the commit to the receiver's commit: \(waited)")
        // The next look would come after ten minutes.
        #expect(waited < .seconds(30))
        #expect(try await sample.outbox.counts().delivered == 1)
    }

    // MARK: - The route

    private struct Answer {
        let status: Int
        let text: String
        let expected: String?
    }

    private static func post(
        _ receiver: ReceiverSample, _ body: [UInt8], as service: String = "gateway",
        type: String = CloudEvent.contentType, token: String? = nil
    ) async throws -> Answer {
        let signed = try await receiver.tokens(service).token()
        let app = Application(router: try receiver.router())
        return try await app.test(.router) { client in
            try await client.execute(
                uri: "/aid/v1/events", method: .post,
                headers: [.authorization: "Bearer \(token ?? signed)", .contentType: type],
                body: ByteBuffer(bytes: body)
            ) { response in
                Answer(
                    status: Int(response.status.code), text: String(buffer: response.body),
                    expected: HTTPField.Name("Event-Expected").flatMap { response.headers[$0] })
            }
        }
    }

    private static func event(
        _ id: String, type: String = EventSample.type, sequence: Int64 = 1, previous: Int64 = 0, number: Int = 1
    ) throws -> [UInt8] {
        try CloudEvent(
            id: id, service: "gateway", type: type, subject: "a", milliseconds: 1_782_806_400_123, sequence: sequence,
            previous: previous, data: #"{"number":\#(number)}"#
        ).document
    }

    @Test func `an event is CloudEvents 1.0 in JSON`() throws {
        let text = String(decoding: try Self.event("e1", sequence: 12, previous: 11), as: UTF8.self)

        #expect(
            text
                == #"{"datacontenttype":"application/json","id":"e1","previous":"0000000000000000011","#
                + #""sequence":"0000000000000000012","source":"/gateway","specversion":"1.0","subject":"a","#
                + #""time":"2026-06-30T08:00:00.123Z","type":"cn.minsheng.test.happened","data":{"number":1}}"#)
    }

    @Test func `an event that comes twice is handled once and answered 200 both times`() async throws {
        let receiver = try await ReceiverSample(EventSample(.sqlite))
        let event = try Self.event("e1")

        let first = try await Self.post(receiver, event)
        let second = try await Self.post(receiver, event)

        #expect(first.status == 200 && first.text == #"{"receipt":"handled"}"#)
        #expect(second.status == 200 && second.text == #"{"receipt":"repeated"}"#)
        #expect(try await receiver.sample.seen("a") == [1])
    }

    @Test func `an event that comes before its turn is a 409 that names what is expected`() async throws {
        let receiver = try await ReceiverSample(EventSample(.sqlite))
        _ = try await Self.post(receiver, Self.event("e1"))

        let early = try await Self.post(receiver, Self.event("e3", sequence: 3, previous: 2))
        let next = try await Self.post(receiver, Self.event("e2", sequence: 2, previous: 1, number: 2))
        let again = try await Self.post(receiver, Self.event("e3", sequence: 3, previous: 2, number: 3))

        #expect(early.status == 409 && early.expected == "2" && early.text.contains(#""code":"event-out-of-order""#))
        #expect(next.status == 200 && again.status == 200)
        #expect(try await receiver.sample.seen("a") == [1, 2, 3])
    }

    @Test func `an event of a type that is not known is taken and kept as ignored`() async throws {
        let receiver = try await ReceiverSample(EventSample(.sqlite))

        let answer = try await Self.post(receiver, Self.event("e1", type: "cn.minsheng.other"))

        #expect(answer.text == #"{"receipt":"ignored"}"#)
        #expect(try await receiver.sample.inbox.list(limit: 9).map(\.isIgnored) == [true])
    }

    @Test func `only the service that an event is from may bring it`() async throws {
        let receiver = try await ReceiverSample(EventSample(.sqlite))
        let person = try await TokenIssuer(ReceiverSample.keys("gateway")).sign(
            AccessClaims(
                issuer: "gateway", subject: "gateway", name: "gateway", kind: .person,
                roles: ["aid": ["operator"]], division: "15", session: "s",
                issuedAt: Int64(receiver.sample.clock.now.timeIntervalSince1970)))

        #expect(try await Self.post(receiver, Self.event("e1"), as: "training").status == 403)
        #expect(try await Self.post(receiver, Self.event("e1"), token: person).status == 403)
        #expect(try await Self.post(receiver, Self.event("e1"), token: "x.y.z").status == 401)
        #expect(try await receiver.sample.inbox.list(limit: 9).isEmpty)
    }

    @Test(arguments: [
        ("", "application/cloudevents+json", 400), ("{}", "application/cloudevents+json", 400),
        (#"{"specversion":"0.3"}"#, "application/cloudevents+json", 400), ("{}", "application/json", 415),
        (String(repeating: " ", count: 300_000), "application/cloudevents+json", 413),
    ])
    func `what is no event is refused for good`(_ body: String, _ type: String, _ status: Int) async throws {
        let receiver = try await ReceiverSample(EventSample(.sqlite))

        #expect(try await Self.post(receiver, Array(body.utf8), type: type).status == status)
    }

    @Test func `a handler's refusal keeps nothing, so that the event can come again`() async throws {
        let receiver = try await ReceiverSample(EventSample(.sqlite))
        let broken = try CloudEvent(
            id: "e1", service: "gateway", type: EventSample.type, subject: "a", milliseconds: 0, sequence: 1,
            previous: 0,
            data: #"{"number":"one"}"#
        ).document

        #expect(try await Self.post(receiver, broken).status == 400)
        #expect(try await receiver.sample.inbox.list(limit: 9).isEmpty)
        #expect(try await Self.post(receiver, Self.event("e1")).text == #"{"receipt":"handled"}"#)
    }

    // MARK: - Pages

    @Test func `an operator sees dead letters and jobs, sends again and stops`() async throws {
        let sample = try await EventSample(.sqlite)
        let receiver = try await ReceiverSample(sample)
        sample.trouble.withLock { $0 = { _, _ in .status(422) } }
        try await sample.add(1, of: "a")
        try await sample.run(sample.sender())
        let dead = try #require(try await sample.outbox.list(.dead, limit: 1).first)
        let job = try await JobStore(database: sample.sending).add(JobRequest("events.clean-up"), by: .machine)
        let token = try await TokenIssuer(ReceiverSample.keys("gateway")).sign(
            AccessClaims(
                issuer: "gateway", subject: "a1", name: "测试员", kind: .person, roles: ["aid": ["operator"]],
                division: "15", session: "s", issuedAt: Int64(sample.clock.now.timeIntervalSince1970)))
        let headers: HTTPFields = [
            .authorization: "Bearer \(token)", .accept: "text/html", .contentType: "application/x-www-form-urlencoded",
        ]

        try await Application(router: try receiver.router()).test(.router) { client in
            func ask(_ path: String, _ method: HTTPRequest.Method = .get, _ body: String = "") async throws -> String {
                try await client.execute(uri: path, method: method, headers: headers, body: ByteBuffer(string: body)) {
                    "\($0.status.code) \(String(buffer: $0.body))"
                }
            }
            let list = try await ask("/aid/events?list=dead")
            #expect(list.contains("http-422") && list.contains("/aid/events/\(dead.event)/resend"))
            #expect(!list.contains("⟦"))
            // In a browser the button's form, which code writes, carries the session's token like those of the templates.
            let cookie: HTTPFields = [.cookie: "\(SignInMiddleware.cookie)=\(token)", .accept: "text/html"]
            let page = try await client.execute(uri: "/aid/events?list=dead", method: .get, headers: cookie) {
                String(buffer: $0.body)
            }
            let field = try #require(
                page.firstMatch(of: /resend"><input type="hidden" name="form_token" value="([^"]+)"/)?.output.1)
            #expect(receiver.signIn.forms.accepts(String(field), session: "s"))
            #expect(try await ask("/aid/events/\(dead.event)/resend", .post, "receiver=aid").hasPrefix("303"))
            #expect(try await ask("/aid/events/\(dead.event)/resend", .post, "receiver=aid").hasPrefix("409"))
            #expect(try await ask("/aid/events").contains("cn.minsheng.test.happened"))
            #expect(try await ask("/aid/events?list=incoming").contains("还没有收到事件"))
            #expect(try await ask("/aid/jobs").contains("清理事件与旧任务"))
            let one = try await ask("/aid/jobs/\(job)")
            #expect(one.contains("排队中") && one.contains("/aid/jobs/\(job)/stop") && !one.contains("⟦"))
            #expect(try await ask("/aid/jobs/\(job)/stop", .post).hasPrefix("303"))
            #expect(try await ask("/aid/jobs/\(job)").contains("已停止"))
            #expect(try await ask("/aid/jobs/none").hasPrefix("404"))
        }
        #expect(try await sample.outbox.counts().queued == 1)
    }
}
