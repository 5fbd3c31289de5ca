import Contracts
import Foundation
import Security
import ServiceKit
import SocialDomain
import Storage
import TestDatabases
import Testing

@testable import GuideService

/// Sessions in a real database, on both engines.
struct SessionStoreTests {
    private static let request = HelpDesk.Request(
        words: SessionWords(name: "王女士", phone: "13800000000", topic: "开小卖部要什么"), itemCode: "100")

    private static func helper(_ id: String, _ name: String, division: String = "150402") -> Caller {
        Caller(
            kind: .person, id: id, name: name,
            scope: Scope(roles: ["guide": ["helper"]], division: DivisionCode(prefix: division)))
    }

    private static func audit(_ caller: Caller) -> AuditEvent { AuditEvent("session.take", by: caller) }

    private static func id(_ desk: HelpDesk, _ token: RoomToken) async throws -> HelpSessionID {
        try #require(try await desk.session(token)).id
    }

    private static func count(_ table: String, _ database: Database) async throws -> Int {
        try await database.read { db in
            try db.first("SELECT count(*) AS count FROM \(SQL(trusted: table))")?.get("count") ?? -1
        }
    }

    @Test(arguments: TestServer.engines)
    func `of fifty who press one slot at once as many get it as there are helpers`(engine: Engine) async throws {
        let sample = try await GuideSample(engine) { $0.helpSettings.helpers = 7 }
        let desk = sample.application.helpDesk
        let slot: Int64 = 1_782_784_800 + 1200

        let booked = try await withThrowingTaskGroup(of: Bool.self) { group in
            for _ in 0..<50 {
                group.addTask {
                    do {
                        _ = try await desk.book(Self.request, slot: slot)
                        return true
                    } catch SessionRefusal.slotTaken {
                        return false
                    }
                }
            }
            return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }

        #expect(booked == 7)
        #expect(try await Self.count("help_seat", sample.store.database) == 7)
        #expect(try await Self.count("help_session", sample.store.database) == 7)
    }

    @Test(arguments: TestServer.engines)
    func `the schema itself holds a place of a slot once`(engine: Engine) async throws {
        let sample = try await GuideSample(engine)
        let desk = sample.application.helpDesk
        let first = try await Self.id(desk, desk.ask(Self.request))
        let second = try await Self.id(desk, desk.ask(Self.request))

        await #expect {
            try await sample.store.database.write { db in
                for id in [first, second] {
                    try db.execute(
                        "INSERT INTO help_seat (division, slot, seat, session_id) VALUES ('150402', 1, 1, \(id.rawValue))"
                    )
                }
            }
        } throws: { error in
            guard case .constraint(let violation) = error as? DatabaseFault else { return false }
            return violation.kind == .unique
        }
        #expect(try await Self.count("help_seat", sample.store.database) == 0)
    }

    @Test(arguments: TestServer.engines)
    func `who is put back into the queue comes first and is counted as having waited once`(engine: Engine) async throws
    {
        let sample = try await GuideSample(engine)
        let desk = sample.application.helpDesk
        let wulan = Self.helper("a1", "乌兰")
        let token = try await desk.ask(Self.request)
        let id = try await desk.takeNext(wulan, audit: Self.audit(wulan))
        sample.wait(60)
        _ = try await desk.ask(Self.request)

        try await desk.handOver(id, to: nil, wulan, audit: Self.audit(wulan))
        let between = try await desk.room(token)
        sample.wait(10)
        let again = try await desk.takeNext(wulan, audit: Self.audit(wulan))
        let waits = try await sample.store.database.read { db in
            try db.rows("SELECT wait_seconds FROM session_event WHERE kind = 'taken' ORDER BY number").map {
                try $0.get("wait_seconds", as: Int64?.self)
            }
        }

        #expect(between?.session.state == .waiting)
        #expect(between?.session.helper == nil)
        #expect(again == id)
        #expect(waits == [0, nil])
    }

    @Test func `at most twelve follow a room in one copy, and who leaves makes room`() async throws {
        let watch = try await GuideSample().application.roomWatch
        let room = HelpSessionID("r")

        var entered = 0
        for _ in 0..<13 where await watch.enter(room) { entered += 1 }
        await watch.leave(room)

        #expect(entered == 12)
        #expect(await watch.enter(room))
        #expect(await watch.enter(HelpSessionID("other")))
    }

    @Test(arguments: TestServer.engines)
    func `a cancelled booking gives its place back`(engine: Engine) async throws {
        let sample = try await GuideSample(engine) { $0.helpSettings.helpers = 1 }
        let desk = sample.application.helpDesk
        let slot: Int64 = 1_782_784_800 + 1200
        let token = try await desk.book(Self.request, slot: slot)
        await #expect(throws: SessionRefusal.slotTaken) { _ = try await desk.book(Self.request, slot: slot) }

        try await desk.leave(token)
        _ = try await desk.book(Self.request, slot: slot)

        #expect(try await desk.session(token)?.ending == .cancelled)
    }

    @Test(arguments: TestServer.engines)
    func `two helpers who press at once get two citizens, and a third nobody`(engine: Engine) async throws {
        let sample = try await GuideSample(engine)
        let desk = sample.application.helpDesk
        let first = try await desk.ask(Self.request)
        let second = try await desk.ask(Self.request)
        let (wulan, suhe) = (Self.helper("a1", "乌兰"), Self.helper("a2", "苏和"))

        async let one = desk.takeNext(wulan, audit: Self.audit(wulan))
        async let two = desk.takeNext(suhe, audit: Self.audit(suhe))
        let taken = Set([try await one, try await two])

        #expect(taken == Set([try await Self.id(desk, first), try await Self.id(desk, second)]))
        await #expect(throws: SessionRefusal.nobodyWaiting) {
            _ = try await desk.takeNext(wulan, audit: Self.audit(wulan))
        }
        #expect(try await Self.count("audit_entry", sample.store.database) == 2)
    }

    @Test(arguments: TestServer.engines)
    func `a helper sees and takes nobody of another division`(engine: Engine) async throws {
        let sample = try await GuideSample(engine)
        let desk = sample.application.helpDesk
        let token = try await desk.ask(Self.request)
        let id = try await Self.id(desk, token)
        let other = Self.helper("a9", "巴特尔", division: "150403")

        let board = try await desk.board(for: other)

        #expect(board.waiting.isEmpty)
        await #expect(throws: SessionRefusal.nobodyWaiting) {
            _ = try await desk.takeNext(other, audit: Self.audit(other))
        }
        await #expect { try await desk.take(id, other, audit: Self.audit(other)) } throws: { error in
            (error as? Problem)?.code == "not-found"
        }
    }

    @Test(arguments: TestServer.engines)
    func `signals come in order, each once, from the last number that was seen`(engine: Engine) async throws {
        let sample = try await GuideSample(engine)
        let desk = sample.application.helpDesk
        let token = try await desk.ask(Self.request)
        let wulan = Self.helper("a1", "乌兰")
        let id = try await desk.takeNext(wulan, audit: Self.audit(wulan))

        let first = try await desk.send(
            RoomSignal(kind: "description", page: "p1", to: "p2", content: "{\"type\":\"offer\"}"),
            from: .citizen(token),
            audit: nil)
        let second = try await desk.send(
            RoomSignal(kind: "chat", page: "p2", content: "您好"), from: .helper(id, wulan), audit: nil)
        let news = try await sample.store.database.read { db in
            try desk.store.messages(of: id, after: first, limit: 10, in: db)
        }

        #expect((first, second) == (2, 3))
        #expect(news.map(\.content) == ["您好"])
        #expect(news.map(\.sender) == [.helper])
        #expect(news.map(\.name) == ["乌兰"])
    }

    @Test(arguments: TestServer.engines)
    func `after the hand-over the first helper hears and says nothing more`(engine: Engine) async throws {
        let sample = try await GuideSample(engine)
        let desk = sample.application.helpDesk
        let token = try await desk.ask(Self.request)
        let (wulan, suhe) = (Self.helper("a1", "乌兰"), Self.helper("a2", "苏和"))
        _ = try await desk.board(for: suhe)
        let id = try await desk.takeNext(wulan, audit: Self.audit(wulan))

        try await desk.handOver(id, to: "a2", wulan, audit: Self.audit(wulan))

        #expect(try await desk.session(.helper(id, wulan)) == nil)
        #expect(try await desk.session(.helper(id, suhe))?.helperName == "苏和")
        #expect(try await desk.session(token)?.state == .serving)
        await #expect(throws: SessionRefusal.notYours) { _ = try await desk.table(id, for: wulan) }
        await #expect(throws: SessionRefusal.noSuchHelper) {
            try await desk.handOver(id, to: "nobody", suhe, audit: Self.audit(suhe))
        }
    }

    @Test(arguments: TestServer.engines)
    func `names, chat and pictures stand sealed, and are gone after their time while counts stay`(engine: Engine)
        async throws
    {
        let sample = try await GuideSample(engine)
        let (desk, database) = (sample.application.helpDesk, sample.store.database)
        let token = try await desk.ask(Self.request)
        sample.wait(120)
        let wulan = Self.helper("a1", "乌兰")
        let id = try await desk.takeNext(wulan, audit: Self.audit(wulan))
        _ = try await desk.send(
            RoomSignal(kind: "chat", page: "p", content: "身份证带了"), from: .citizen(token), audit: nil)
        try await desk.show([0xFF, 0xD8, 0xFF, 0xE0, 1, 2, 3], from: .citizen(token), audit: nil)
        sample.wait(600)
        try await desk.note(
            id, HelpDesk.Notes(text: "材料齐", outcome: "answered", followUpOn: "2026-07-10"), ends: true, wulan,
            audit: Self.audit(wulan))
        try await desk.rate(token, stars: 5, word: "很好")

        let sealed = try await database.read { db in
            let row = try #require(
                try db.first("SELECT name_sealed, phone_sealed, notes_sealed, word_sealed FROM help_session"))
            return [
                try row.get("name_sealed", as: [UInt8].self), try row.get("phone_sealed"), try row.get("notes_sealed"),
                try row.get("word_sealed"),
                try #require(try db.first("SELECT content_sealed FROM help_message WHERE kind = 'chat'")).get(
                    "content_sealed"),
                try #require(try db.first("SELECT content_sealed FROM help_picture")).get("content_sealed"),
            ]
        }
        for plain in ["王女士", "13800000000", "材料齐", "很好", "身份证带了"] {
            #expect(sealed.allSatisfy { Data($0).range(of: Data(plain.utf8)) == nil })
        }
        #expect(try await database.read { db in try SessionRetention.hasSealedValues(db) })

        let upkeep = SessionUpkeep(desk: desk)
        sample.wait(30 * 86400 - 60)
        let early = try await upkeep.once()
        sample.wait(120)
        let late = try await upkeep.once()

        #expect(early.removed == 0)
        #expect(late.removed == 1)
        #expect(try await !database.read { db in try SessionRetention.hasSealedValues(db) })
        #expect(try await desk.session(token) == nil)
        #expect(try await Self.count("help_picture", database) == 0)
        let events = try await database.read { db in
            try db.rows("SELECT kind, wait_seconds, length_seconds, rating FROM session_event ORDER BY number").map {
                row in
                let parts: [Int64?] = [
                    try row.get("wait_seconds"), try row.get("length_seconds"), try row.get("rating"),
                ]
                return try row.get("kind", as: String.self) + parts.map { $0.map { " \($0)" } ?? " –" }.joined()
            }
        }
        #expect(events == ["asked – – –", "taken 120 – –", "ended – 600 –", "rated – – 5"])
    }

    @Test(arguments: TestServer.engines)
    func `who does not come for a booking is a no-show, and who leaves the queue's page has left`(engine: Engine)
        async throws
    {
        let sample = try await GuideSample(engine)
        let desk = sample.application.helpDesk
        let booked = try await desk.book(Self.request, slot: 1_782_784_800 + 1200)
        let waiting = try await desk.ask(Self.request)
        let upkeep = SessionUpkeep(desk: desk)

        sample.wait(1200 + 900)
        let atTheLimit = try await upkeep.once()
        sample.wait(1)
        let after = try await upkeep.once()

        #expect((atTheLimit.ended, after.ended) == (1, 1))
        #expect(try await desk.session(booked)?.ending == .noShow)
        #expect(try await desk.session(waiting)?.ending == .left)
    }

    @Test(arguments: TestServer.engines)
    func `a walk-in stands in the same queue and the wait is estimated from what was measured`(engine: Engine)
        async throws
    {
        let sample = try await GuideSample(engine)
        let desk = sample.application.helpDesk
        let wulan = Self.helper("a1", "乌兰")
        _ = try await desk.board(for: wulan)
        _ = try await desk.add(Self.request, channel: .walkIn, within: wulan.scope, audit: Self.audit(wulan))
        let token = try await desk.ask(Self.request)
        let before = try await desk.room(token)?.place

        let id = try await desk.takeNext(wulan, audit: Self.audit(wulan))
        sample.wait(300)
        try await desk.note(id, HelpDesk.Notes(), ends: true, wulan, audit: Self.audit(wulan))
        _ = try await desk.add(Self.request, channel: .phone, within: wulan.scope, audit: Self.audit(wulan))
        let outlook = try await desk.outlook(item: nil)

        #expect(before == QueuePlace(ahead: 1, minutes: 10))
        #expect(try await desk.room(token)?.place == QueuePlace(ahead: 0, minutes: 1))
        #expect(outlook.waiting == 2)
        #expect(outlook.minutes == 10)
        #expect(try await sample.store.database.read { db in try HelpDesk.usualLength("150402", in: db) } == 300)
    }

    @Test func `outside the hours nobody joins the queue unless a helper is there`() async throws {
        let sample = try await GuideSample(now: "2026-06-30T12:00:00Z")
        let desk = sample.application.helpDesk

        await #expect(throws: SessionRefusal.closed(hours: "09:00–12:00 13:30–17:00")) {
            _ = try await desk.ask(Self.request)
        }
        _ = try await desk.board(for: Self.helper("a1", "乌兰"))
        _ = try await desk.ask(Self.request)
    }

    @Test(arguments: TestServer.engines)
    func `news through another copy of the service wakes a waiting page`(engine: Engine) async throws {
        let sample = try await GuideSample(engine)
        let desk = sample.application.helpDesk
        let token = try await desk.ask(Self.request)
        let id = try await Self.id(desk, token)
        let other = RoomWatch(database: sample.store.database)
        let started = ContinuousClock.now

        async let woken: Void = other.wait(for: id, beyond: 0, atMost: .seconds(120))
        try await Task.sleep(for: .milliseconds(50))
        let wulan = Self.helper("a1", "乌兰")
        _ = try await desk.takeNext(wulan, audit: Self.audit(wulan))
        await woken

        // On a machine with much else to do it takes its time; without news it would be two minutes.
        #expect(ContinuousClock.now - started < .seconds(90))
    }
}
