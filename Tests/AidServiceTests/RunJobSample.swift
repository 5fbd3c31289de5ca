import Foundation
import Synchronization

@testable import AidService

/// What a run found, as a test wishes it.
struct SampleOutcome: RunOutcome, Sendable {
    var alerts: [FoundAlert] = []
    var evidence: [(household: String, rows: String)] = []
    var files = ""

    func write(to folder: String, isStopped: () -> Bool) throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        for name in ["alerts.jsonl", "rejects.csv", "conflicts.csv"] {
            try Data().write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
        }
        try Data(#"{"files":[\#(files)]}"#.utf8).write(to: URL(fileURLWithPath: "\(folder)/report.json"))
    }

    func forEachAlert(_ body: (FoundAlert) throws -> Void) throws {
        for alert in alerts { try body(alert) }
    }

    func forEachEvidence(
        _ body: (_ household: String, _ rowsJSON: UnsafeBufferPointer<UInt8>) throws -> Void
    ) throws {
        for entry in evidence {
            try Array(entry.rows.utf8).withUnsafeBufferPointer { try body(entry.household, $0) }
        }
    }

    static func alert(_ household: String, _ direction: Direction, _ tier: Tier, division: String) -> FoundAlert {
        FoundAlert(
            household: household, division: division, direction: direction, tier: tier, points: 60,
            signals: [FoundSignal(indicator: "S01", subject: household, points: 60, factsJSON: "{}")],
            signalsJSON: #"[{"indicator":"S01","subject":"\#(household)","points":60,"facts":{}}]"#)
    }
}

/// A computation that waits until it is told to go on or to stop.
final class HeldComputation: Sendable {
    private let isOpen = Atomic<Bool>(false)
    private let starts = Atomic<Int>(0)

    var started: Int { starts.load(ordering: .acquiring) }

    func open() { isOpen.store(true, ordering: .releasing) }

    func computation(_ outcome: SampleOutcome = SampleOutcome()) -> RunComputation {
        RunComputation { [self] input in
            starts.wrappingAdd(1, ordering: .releasing)
            while !isOpen.load(ordering: .acquiring) {
                try input.control.checkStopped()
                Thread.sleep(forTimeInterval: 0.005)
            }
            return outcome
        }
    }

    func waitUntilStarted(_ count: Int = 1) async throws {
        while started < count { try await Task.sleep(for: .milliseconds(5)) }
    }
}
