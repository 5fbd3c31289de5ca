import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Testing

@testable import AidService

struct FeedPagesTests {
    private static let head: HTTPFields = [.accept: "text/html", .contentType: "multipart/form-data; boundary=XX"]

    private static func body(_ files: (name: String, text: String)...) -> ByteBuffer {
        ByteBuffer(
            string: files.map {
                "--XX\r\nContent-Disposition: form-data; name=\"files\"; filename=\"\($0.name)\"\r\n"
                    + "Content-Type: text/csv\r\n\r\n\($0.text)\r\n"
            }.joined() + "--XX--\r\n")
    }

    @Test func `uploaded files reach the store as they were`() async throws {
        let sample = try PageSample()

        let answer = try await sample.ask(
            "/aid/feeds", .post, Self.head, Self.body(("medical.csv", "a,b\r\n--X\r\n1,2"), ("C:\\x\\deaths.csv", "")))

        #expect(answer.status == 200)
        #expect(answer.text.contains("已收到 medical.csv、deaths.csv。"))
        #expect(sample.log.all == ["take in medical.csv 13 a,b\r\n--X\r\n1,2", "take in deaths.csv 0 "])
    }

    @Test func `nothing of an upload is left behind`() async throws {
        let sample = try PageSample()

        _ = try await sample.ask("/aid/feeds", .post, Self.head, Self.body(("medical.csv", "a")))

        #expect(try sample.data.names(in: sample.data.path + "/incoming").isEmpty)
    }

    @Test func `a refused file is named with its reason`() async throws {
        let answer = try await PageSample().ask("/aid/feeds", .post, Self.head, Self.body(("report.pdf", "a")))

        #expect(answer.status == 422)
        #expect(answer.text.contains("<a href=\"#files\">report.pdf：不是表格。</a>"))
    }

    @Test func `an upload above the limit is refused and removed`() async throws {
        let sample = try PageSample(uploadLimit: 1000)

        let answer = try await sample.ask(
            "/aid/feeds", .post, Self.head, Self.body(("medical.csv", String(repeating: "x", count: 2000))))

        #expect(answer.status == 413)
        #expect(answer.text.contains("1 KB"))
        #expect(sample.log.all.isEmpty)
    }

    @Test func `an upload that breaks off is refused and removed`() async throws {
        let sample = try PageSample()
        let whole = String(buffer: Self.body(("medical.csv", "abc")))

        let answer = try await sample.ask(
            "/aid/feeds", .post, Self.head, ByteBuffer(string: String(whole.dropLast(8))))

        #expect(answer.status == 400)
        #expect(try sample.data.names(in: sample.data.path + "/incoming").isEmpty)
    }

    @Test func `an upload without files says what to do`() async throws {
        let answer = try await PageSample().ask("/aid/feeds", .post, Self.head, Self.body(("", "")))

        #expect(answer.status == 422 && answer.text.contains("请先选择要上传的文件"))
    }

    @Test func `files that the run refused say how to mend them`() async throws {
        let answer = try await PageSample().get("/aid/feeds")

        #expect(answer.text.contains("缺少列“died_on”"))
    }

    @Test func `a run's rejects can be downloaded`() async throws {
        let sample = try PageSample()

        let answer = try await sample.get("/aid/runs/2/files/rejects.csv")

        #expect(answer.text == "file,line,reason,field\n")
        #expect(answer.headers[.contentDisposition] == "attachment; filename=\"run-2-rejects.csv\"")
        #expect(try await sample.get("/aid/runs/2/files/conflicts.csv").status == 404)
    }

    @Test func `starting a run leads to its page`() async throws {
        let sample = try PageSample()

        let answer = try await sample.post("/aid/runs", "as_of=2026-06-30")

        #expect(answer.headers[.location] == "/aid/runs/9")
        #expect(sample.log.all == ["start 2026-06-30"])
    }

    @Test func `a run from a day that does not exist is not started`() async throws {
        let sample = try PageSample()

        let answer = try await sample.post("/aid/runs", "as_of=2026-02-30")

        #expect(answer.status == 422 && answer.text.contains("日历上没有这一天"))
        #expect(sample.log.all.isEmpty)
    }

    @Test func `stopping a run is asked first, and not where it has ended`() async throws {
        let sample = try PageSample(
            """
            INSERT INTO run (run_id, state, as_of, rules_version, rules_sha256, requested_at, phase, done_units, total_units)
            VALUES (3, 'running', '2026-06-30', '2026.1', 'x', '2026-06-30T01:00:00Z', 'feeds', 46, 100);
            """)

        let question = try await sample.get("/aid/runs/3/stop")
        let ended = try await sample.get("/aid/runs/2/stop")

        #expect(
            question.status == 200
                && question.text.contains("<form class=\"confirm\" method=\"post\" action=\"/aid/runs/3/stop\">"))
        #expect(question.text.contains("预警都不改动"))
        #expect(ended.status == 303 && ended.headers[.location] == "/aid/runs/2")
        #expect(try await sample.get("/aid/runs/99/stop").status == 404)
        #expect(sample.log.all.isEmpty)
    }

    @Test func `taking a file out of use is asked first, and only for a file in use`() async throws {
        let sample = try PageSample(
            """
            INSERT INTO import (import_id, kind, file, feed, sha256, bytes, imported_at, imported_through)
            VALUES (7, 'feed', 'relief-2026.csv', 'relief', '\(String(repeating: "a", count: 64))', 3,
                '2026-06-30T01:00:00Z', 'page');
            """)

        let question = try await sample.get("/aid/feeds/remove?file=relief-2026.csv")

        #expect(question.status == 200 && question.text.contains("停用 relief-2026.csv？"))
        #expect(question.text.contains("<input type=\"hidden\" name=\"file\" value=\"relief-2026.csv\">"))
        #expect(try await sample.get("/aid/feeds/remove?file=other.csv").status == 404)
        #expect(try await sample.get("/aid/feeds/remove").status == 404)
        #expect(sample.log.all.isEmpty)
    }

    @Test func `a run under way refreshes itself and can be stopped`() async throws {
        let sample = try PageSample(
            """
            INSERT INTO run (run_id, state, as_of, rules_version, rules_sha256, requested_at, phase, done_units, total_units)
            VALUES (3, 'running', '2026-06-30', '2026.1', 'x', '2026-06-30T01:00:00Z', 'feeds', 46, 100);
            """)

        let page = try await sample.get("/aid/runs/3")
        let stop = try await sample.post("/aid/runs/3/stop", "")

        #expect(page.text.contains("http-equiv=\"refresh\" content=\"2\"") && page.text.contains("46%"))
        #expect(stop.headers[.location] == "/aid/runs/3")
        #expect(sample.log.all == ["stop 3"])
    }
}
