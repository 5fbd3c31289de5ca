import CoreMetrics
import Foundation
import Logging
import Testing

@testable import ServiceKit

struct ObservabilityTests {
    @Test func `counters, gauges and histograms are written as Prometheus reads them`() {
        let registry = PrometheusRegistry()
        registry.makeCounter(label: "runs", dimensions: [("state", "done")]).increment(by: 3)
        registry.makeMeter(label: "queue-length", dimensions: []).set(2.5)
        let timer = registry.makeTimer(label: "answer_seconds", dimensions: [("route", "/a\"b")])
        timer.recordNanoseconds(3_000_000)
        timer.recordNanoseconds(70_000_000_000)

        let lines = registry.text().split(separator: "\n").map(String.init)

        #expect(lines.contains("# TYPE runs_total counter"))
        #expect(lines.contains("runs_total{state=\"done\"} 3"))
        #expect(lines.contains("queue_length 2.5"))
        #expect(lines.contains("answer_seconds_bucket{route=\"/a\\\"b\",le=\"0.0025\"} 0"))
        #expect(lines.contains("answer_seconds_bucket{route=\"/a\\\"b\",le=\"0.005\"} 1"))
        #expect(lines.contains("answer_seconds_bucket{route=\"/a\\\"b\",le=\"60\"} 1"))
        #expect(lines.contains("answer_seconds_bucket{route=\"/a\\\"b\",le=\"+Inf\"} 2"))
        #expect(lines.contains("answer_seconds_sum{route=\"/a\\\"b\"} 70.003"))
        #expect(lines.contains("answer_seconds_count{route=\"/a\\\"b\"} 2"))
        #expect(lines.contains { $0.hasPrefix("process_resident_memory_bytes ") })
    }

    @Test(arguments: [
        (LogOptions.Format.plain, "2026-06-30T08:00:00.000Z notice aid: ended file=\"a\\nb\" run=7\n"),
        (
            .json,
            #"{"time":"2026-06-30T08:00:00.000Z","level":"notice","service":"aid","message":"ended","file":"a\nb","run":"7"}"#
                + "\n"
        ),
    ])
    func `a log line is one line, whatever its facts hold`(format: LogOptions.Format, line: String) {
        let handler = ServiceLogHandler(label: "aid", format: format)

        let written = handler.line(
            .notice, "ended", [("file", "a\nb"), ("run", "7")], at: Date(timeIntervalSince1970: 1_782_806_400))

        #expect(written == line)
    }

    @Test func `a bucket gives its burst, then as many as flow in`() {
        let buckets = RateBuckets()
        let limit = RateLimit(perSecond: 2, burst: 3)

        let first = (0..<4).map { _ in buckets.take("a", limit, now: 100) }
        let later = (0..<2).map { _ in buckets.take("a", limit, now: 100.5) }

        #expect(first == [nil, nil, nil, 0.5])
        #expect(later == [nil, 0.5])
        #expect(buckets.take("b", limit, now: 100) == nil)
    }

    @Test func `a trace is taken over where it is well formed`() {
        let trace = TraceParent("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")

        #expect(trace?.trace == "0af7651916cd43dd8448eb211c80319c")
        #expect(trace?.isSampled == true)
    }

    @Test(arguments: [
        "", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331",
        "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "00-00000000000000000000000000000000-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
        "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-x",
    ])
    func `a malformed trace is passed over`(text: String) {
        #expect(TraceParent(text) == nil)
    }

    @Test func `an address holds so many connections and gets them back`() {
        let table = ConnectionTable(most: 2)

        #expect(table.open("a"))
        #expect(table.open("a"))
        #expect(!table.open("a"))
        #expect(table.open("b"))
        table.close("a")
        #expect(table.open("a"))
    }
}
