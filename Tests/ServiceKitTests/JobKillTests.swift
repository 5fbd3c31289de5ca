import Foundation
import TestDatabases
import Testing

@testable import ServiceKit
@testable import Storage

/// Real processes that are killed (kill -9) in the middle of a job.
struct JobKillTests {
    private static var worker: URL {
        URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
            .appendingPathComponent("JobWorker")
    }

    private static func start(_ address: DatabaseAddress, stepping milliseconds: Int) throws -> Process {
        let process = Process()
        process.executableURL = worker
        process.arguments = [
            address.engine == .sqlite ? "sqlite://\(address.target)" : address.target, "\(milliseconds)", "400",
        ]
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        return process
    }

    @Test(.timeLimit(.minutes(2)), arguments: TestServer.engines)
    func `a job whose process is killed goes on from its checkpoint in another`(_ engine: Engine) async throws {
        let address = try TestServer.emptyDatabase(engine)
        let database = try Database(address)
        try KitMigrations.apply(to: database, at: "2026-06-30T08:00:00Z")
        try database.migrate(
            [Migration(number: 1, title: "step", sql: "CREATE TABLE step (number BIGINT NOT NULL)")],
            at: "2026-06-30T08:00:00Z")
        let store = JobStore(database: database)
        let id = try await store.add(JobRequest("count"), by: .machine)
        func steps() async throws -> [Int] {
            try await database.read { db in
                try db.rows("SELECT number FROM step ORDER BY number").map { try $0.get("number") }
            }
        }

        // Three are killed, each after it has done some steps; two copies then end it together.
        for turn in 1...3 {
            let before = try await steps().count
            let process = try Self.start(address, stepping: 40)
            while try await store.job(id)?.attempt != turn { try await Task.sleep(for: .milliseconds(5)) }
            while try await steps().count < before + 5 { try await Task.sleep(for: .milliseconds(5)) }
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
            #expect(process.terminationReason == .uncaughtSignal)
        }
        let killed = try #require(try await store.job(id))
        let copies = try [Self.start(address, stepping: 1), Self.start(address, stepping: 1)]
        while try await store.job(id)?.state != .done { try await Task.sleep(for: .milliseconds(20)) }
        for copy in copies {
            kill(copy.processIdentifier, SIGKILL)
            copy.waitUntilExit()
        }

        let job = try #require(try await store.job(id))
        #expect(killed.state == .running && killed.attempt == 3)
        #expect(job.attempt == 4)
        let resumed = try JSONDecoder().decode([String: Int].self, from: Data((job.result ?? "{}").utf8))
        #expect(resumed["first"] ?? 0 >= 15)
        #expect(try await steps() == Array(0..<100))
    }
}
