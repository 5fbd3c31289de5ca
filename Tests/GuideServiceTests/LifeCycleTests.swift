import Security
import ServiceKit
import SocialDomain
import Storage
import TestDatabases
import Testing

@testable import GuideService

struct LifeCycleTests {
    private static let (ann, ben) = (CycleSample.ann, CycleSample.ben)

    @Test(arguments: TestServer.engines)
    func `an item is claimed, changed, reviewed by another and published, and each step is in the log`(
        _ engine: Engine
    ) async throws {
        try await CycleSample.with(engine) { sample in
            try await sample.publish(CycleSample.content("A1"))

            try await sample.approve("A1", summary: "新的简介。")
            try await sample.desk(Self.ben) { try $0.publish("A1", tag: try $0.find("A1").head.tag) }

            let item = try #require(try await sample.item("A1"))
            let shown = try await CatalogueStore(database: sample.database).published(code: "A1")
            #expect(item.publishedNumber == 2)
            #expect(item.head.state == .published)
            #expect(item.head.reviewedBy == "ben")
            #expect(shown?.content.summary == "新的简介。")
            #expect(shown?.confirmedOn == "2026-06-30")
            #expect(item.reviewBy == "2027-06-30")
            #expect(
                try await sample.log("A1") == [
                    "item.claim", "item.edit", "item.submit", "item.approve", "item.publish",
                ])
        }
    }

    @Test(arguments: TestServer.engines)
    func `whoever wrote or handed in an edition may not review it`(_ engine: Engine) async throws {
        try await CycleSample.with(engine) { sample in
            try await sample.publish(CycleSample.content("A1"))
            try await sample.handIn("A1")

            await #expect(throws: EditingRefusal.samePerson) {
                try await sample.desk(Self.ann) {
                    try $0.review("A1", tag: try $0.find("A1").head.tag, .approve, note: "")
                }
            }

            #expect(try await sample.item("A1")?.head.state == .submitted)
            #expect(try await sample.log("A1").last == "item.submit")
        }
    }

    @Test(arguments: TestServer.engines)
    func `an earlier writer of the same edition may not review it either`(_ engine: Engine) async throws {
        try await CycleSample.with(engine) { sample in
            try await sample.publish(CycleSample.content("A1"))
            try await sample.handIn("A1", summary: "甲写的。")
            try await sample.desk(Self.ann) { desk in
                try desk.takeBack("A1", tag: try desk.find("A1").head.tag)
                try desk.release("A1")
            }
            try await sample.desk(Self.ben) { desk in
                try desk.claim("A1")
                var content = try desk.find("A1").head.content
                content.summary = "乙写的。"
                try desk.save(content, of: "A1", tag: try desk.find("A1").head.tag)
                try desk.submit("A1", tag: try desk.find("A1").head.tag)
            }

            await #expect(throws: EditingRefusal.samePerson) {
                try await sample.desk(Self.ann) {
                    try $0.review("A1", tag: try $0.find("A1").head.tag, .approve, note: "")
                }
            }
        }
    }

    @Test(arguments: TestServer.engines)
    func `the schema refuses one person's review, an unreviewed publication and a change of what is published`(
        _ engine: Engine
    ) async throws {
        try await CycleSample.with(engine) { sample in
            try await sample.publish(CycleSample.content("A1"))
            try await sample.handIn("A1")
            let changes: [SQL] = [
                "UPDATE edition SET state = 'approved', reviewed_by = 'ann' WHERE number = 2",
                "UPDATE edition SET state = 'published' WHERE number = 2",
                "UPDATE edition SET content = '{}' WHERE number = 1",
                "UPDATE edition SET edited_by = 'ben', reviewed_by = 'ann', state = 'approved' WHERE number = 2",
            ]

            for change in changes {
                await #expect(throws: DatabaseFault.self) {
                    try await sample.database.write { db in _ = try db.execute(change) }
                }
            }

            #expect(try await sample.item("A1")?.head.state == .submitted)
        }
    }

    @Test(arguments: TestServer.engines)
    func `a returned edition says why, and is changed and handed in again`(_ engine: Engine) async throws {
        try await CycleSample.with(engine) { sample in
            try await sample.publish(CycleSample.content("A1"))
            try await sample.handIn("A1")

            await #expect(throws: EditingRefusal.noteMissing) {
                try await sample.desk(Self.ben) {
                    try $0.review("A1", tag: try $0.find("A1").head.tag, .return, note: " ")
                }
            }
            try await sample.desk(Self.ben) {
                try $0.review("A1", tag: try $0.find("A1").head.tag, .return, note: "请写清楚条件。")
            }
            #expect(try await sample.item("A1")?.head.note == "请写清楚条件。")
            #expect(try await sample.item("A1")?.head.state == .returned)
            try await sample.handIn("A1", summary: "再改一次。")

            let item = try #require(try await sample.item("A1"))
            #expect(item.head.number == 2)
            #expect(item.head.state == .submitted)
            #expect(item.head.note == "")
        }
    }

    @Test(arguments: TestServer.engines)
    func `a draft that somebody else saved meanwhile is not overwritten`(_ engine: Engine) async throws {
        try await CycleSample.with(engine) { sample in
            try await sample.publish(CycleSample.content("A1"))
            try await sample.desk(Self.ann) { try $0.claim("A1") }
            let seen = try await sample.tag("A1")
            let (first, second) = (
                CycleSample.content("A1", name: "先改的"), CycleSample.content("A1", name: "后改的")
            )
            try await sample.desk(Self.ann) { _ = try $0.save(first, of: "A1", tag: seen) }

            let problem = await #expect(throws: Problem.self) {
                try await sample.desk(Self.ann) { _ = try $0.save(second, of: "A1", tag: seen) }
            }

            #expect(problem?.code == "stale")
            #expect(try await sample.item("A1")?.head.content.name == "先改的")
        }
    }

    @Test(arguments: TestServer.engines)
    func `only the claimant changes an item, and only a reviewer releases another's`(_ engine: Engine) async throws {
        try await CycleSample.with(engine) { sample in
            try await sample.publish(CycleSample.content("A1"))
            let tag = try await sample.tag("A1")
            let content = CycleSample.content("A1", name: "别的名称")
            let editor = CycleSample.person("eva", ["editor"])

            await #expect(throws: EditingRefusal.notClaimed) {
                try await sample.desk(Self.ann) { _ = try $0.save(content, of: "A1", tag: tag) }
            }
            try await sample.desk(Self.ann) { try $0.claim("A1") }
            await #expect(throws: EditingRefusal.claimedBy("甲ann")) {
                try await sample.desk(editor) { try $0.claim("A1") }
            }
            await #expect(throws: EditingRefusal.claimedBy("甲ann")) {
                try await sample.desk(editor) { _ = try $0.save(content, of: "A1", tag: tag) }
            }
            await #expect(throws: EditingRefusal.notYours) { try await sample.desk(editor) { try $0.release("A1") } }
            try await sample.desk(Self.ben) { try $0.release("A1") }
            try await sample.desk(editor) { try $0.claim("A1") }

            #expect(try await sample.item("A1")?.claimedBy == "eva")
        }
    }

    @Test(arguments: TestServer.engines)
    func `an item of another division is not there`(_ engine: Engine) async throws {
        try await CycleSample.with(engine) { sample in
            var content = CycleSample.content("B1")
            content.department = "D02"
            try await sample.publish(content, division: "150403")

            let problem = await #expect(throws: Problem.self) {
                try await sample.desk(Self.ann) { try $0.claim("B1") }
            }

            #expect(problem?.code == "not-found")
            #expect(try await sample.item("B1")?.claimedBy == nil)
        }
    }

    @Test(arguments: TestServer.engines)
    func `an edition without what citizens must know is not handed in`(_ engine: Engine) async throws {
        try await CycleSample.with(engine) { sample in
            try await sample.desk(Self.ann) { try $0.begin(code: "N1", name: "新事项", department: "D01") }

            await #expect(throws: EditingRefusal.incomplete([.summary, .phone, .steps])) {
                try await sample.desk(Self.ann) { try $0.submit("N1", tag: try $0.find("N1").head.tag) }
            }

            #expect(try await sample.item("N1")?.head.state == .draft)
        }
    }

    @Test(arguments: TestServer.engines)
    func `a withdrawn item is gone for citizens until it is taken up again`(_ engine: Engine) async throws {
        try await CycleSample.with(engine) { sample in
            try await sample.publish(CycleSample.content("A1"))
            let live = try await sample.application().catalogue
            let store = CatalogueStore(database: sample.database)
            #expect(live.snapshot.cards.count == 1)

            await #expect(throws: EditingRefusal.noteMissing) {
                try await sample.desk(Self.ben) { try $0.withdraw("A1", reason: "") }
            }
            try await sample.desk(Self.ben) { try $0.withdraw("A1", reason: "政策停止。") }
            try await live.refresh()

            #expect(live.snapshot.cards.isEmpty)
            #expect(try await store.published(code: "A1") == nil)
            #expect(try await sample.item("A1")?.withdrawnWhy == "政策停止。")

            try await sample.desk(Self.ben) { try $0.restore("A1") }
            try await live.refresh()
            #expect(live.snapshot.cards.count == 1)
            #expect(try await store.published(code: "A1") != nil)
        }
    }

    @Test(arguments: TestServer.engines)
    func `what is published is seen by another copy that follows the catalogue`(
        _ engine: Engine
    ) async throws {
        try await CycleSample.with(engine) { sample in
            try await sample.publish(CycleSample.content("A1"))
            let other = try await sample.application().catalogue
            let follower = Task { await other.follow() }
            defer { follower.cancel() }
            try await sample.approve("A1", summary: "很快看到。")

            let start = ContinuousClock.now
            try await sample.desk(Self.ben) { try $0.publish("A1", tag: try $0.find("A1").head.tag) }
            while other.snapshot.cards.values.first?.summary != "很快看到。", .now - start < .seconds(10) {
                try await Task.sleep(for: .milliseconds(10))
            }

            #expect(other.snapshot.cards.values.first?.summary == "很快看到。")
        }
    }

    @Test(arguments: TestServer.engines)
    func `an edition approved for a day appears on it, once, whichever copies look`(_ engine: Engine) async throws {
        try await CycleSample.with(engine) { sample in
            try await sample.publish(CycleSample.content("A1"))
            try await sample.approve("A1", summary: "七月起。")
            let day = try #require(CalendarDate(iso8601: "2026-07-02"))
            try await sample.desk(Self.ben) { try $0.publish("A1", tag: try $0.find("A1").head.tag, on: day) }
            let loop = PublicationLoop(database: sample.database, now: { [clock = sample.clock] in clock.now })

            // 15:59 UTC on the first is 23:59 in China.
            sample.clock.set("2026-07-01T15:59:00Z")
            #expect(try await loop.publishDue() == 0)
            sample.clock.set("2026-07-01T16:00:00Z")
            async let first = loop.publishDue()
            async let second = loop.publishDue()
            let counts = try await [first, second]

            #expect(counts.reduce(0, +) == 1)
            #expect(try await sample.item("A1")?.publishedNumber == 2)
            #expect(try await sample.log("A1").filter { $0 == "item.publish" }.count == 1)
            #expect(try await sample.item("A1")?.confirmedOn == "2026-07-02")
        }
    }

    @Test(arguments: TestServer.engines)
    func `a day that has passed or lies too far is refused`(_ engine: Engine) async throws {
        try await CycleSample.with(engine) { sample in
            try await sample.publish(CycleSample.content("A1"))
            try await sample.approve("A1")
            for (text, refusal) in [("2026-06-29", EditingRefusal.dayPassed), ("2027-07-01", .dayTooFar)] {
                let day = try #require(CalendarDate(iso8601: text))
                await #expect(throws: refusal) {
                    try await sample.desk(Self.ben) { try $0.publish("A1", tag: try $0.find("A1").head.tag, on: day) }
                }
            }
            #expect(try await sample.item("A1")?.head.publishOn == nil)
        }
    }

    @Test(arguments: TestServer.engines)
    func `overdue items stand by department until they are confirmed`(_ engine: Engine) async throws {
        try await CycleSample.with(engine) { sample in
            try await sample.publish(CycleSample.content("A1"))
            try await sample.publish(CycleSample.content("A2"))
            sample.clock.set("2027-07-01T02:00:00Z")
            func freshness() async throws -> [EditingStore.Freshness] {
                try await sample.database.read { db in
                    try EditingStore.freshness(within: Self.ann.scope, today: "2027-07-01", in: db)
                }
            }

            let before = try await freshness()
            #expect(before.count == 1)
            #expect(before.first?.overdue == 2)
            #expect(before.first?.published == 2)
            #expect(before.first?.oldest == "2027-06-30")
            try await sample.desk(Self.ann) { try $0.confirm("A1") }

            #expect(try await freshness().first?.overdue == 1)
            #expect(try await sample.item("A1")?.confirmedOn == "2027-07-01")
            #expect(try await sample.item("A1")?.reviewBy == "2028-07-01")
        }
    }
}
