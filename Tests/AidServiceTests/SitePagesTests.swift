import Foundation
import HTTPTypes
import Logging
import NIOCore
import ServiceKit
import Testing

@testable import AidService

struct SitePagesTests {
    @Test(arguments: [
        "/aid/", "/aid/alerts", "/aid/households", "/aid/households/H1", "/aid/feeds", "/aid/feeds/problems",
        "/aid/runs", "/aid/runs/2", "/aid/rules", "/aid/nothing",
    ])
    func `a page has every word in both languages`(path: String) async throws {
        let sample = try PageSample()

        let chinese = try await sample.get(path)
        let english = try await sample.get(path, headers: [.accept: "text/html", .cookie: "lang=en"])

        #expect(!chinese.text.contains("⟦") && !english.text.contains("⟦"))
        #expect(chinese.text.contains("lang=\"zh-Hans-CN\"") && english.text.contains("<html lang=\"en\""))
    }

    @Test func `choosing a language is remembered and leads back`() async throws {
        let answer = try await PageSample().get("/aid/alerts?tier=red&lang=en")

        #expect(answer.status == 303)
        #expect(answer.headers[.location] == "/aid/alerts?tier=red")
        #expect(answer.headers[.setCookie]?.hasPrefix("lang=en; Path=/;") == true)
    }

    @Test func `the language switch cannot lead to another host`() async throws {
        let answer = try await PageSample().get("//elsewhere.example/x?lang=en")

        #expect(answer.headers[.location] == "/elsewhere.example/x")
    }

    @Test func `large type is remembered in a cookie and marks the page`() async throws {
        let answer = try await PageSample().get("/aid/", headers: [.accept: "text/html", .cookie: "type=large"])

        #expect(answer.text.contains("<html lang=\"zh-Hans-CN\" class=\"large\">"))
    }

    @Test func `every answer forbids scripts and framing and carries a request id`() async throws {
        let answer = try await PageSample().get("/aid/")

        let policy = try #require(HTTPField.Name("Content-Security-Policy"))
        let id = try #require(HTTPField.Name("X-Request-ID"))
        #expect(answer.headers[policy]?.hasPrefix("default-src 'none'; style-src 'self';") == true)
        #expect(answer.headers[.cacheControl] == "no-store")
        #expect(answer.headers[id]?.count == 16)
        #expect(!answer.text.contains("<script") && !answer.text.contains(" style="))
    }

    @Test func `an unknown path is a problem for a program`() async throws {
        let answer = try await PageSample().get("/aid/nothing", headers: [:])

        #expect(answer.status == 404)
        #expect(answer.headers[.contentType] == "application/problem+json")
        #expect(answer.text.contains(#""code":"not-found""#))
    }

    @Test func `an unknown path is a page in both languages for a reader`() async throws {
        let answer = try await PageSample().get("/aid/nothing")

        #expect(answer.status == 404)
        #expect(answer.text.contains("没有找到这个页面") && answer.text.contains("Page not found"))
    }

    @Test func `a known path with another method says what it takes`() async throws {
        let answer = try await PageSample().ask("/aid/alerts", .delete, [:], nil)

        #expect(answer.status == 405)
        #expect(answer.headers[.allow] == "GET, HEAD")
    }

    @Test func `a form that is too large is refused`() async throws {
        let answer = try await PageSample().post("/aid/households", "who=" + String(repeating: "x", count: 70_000))

        #expect(answer.status == 413)
    }

    @Test func `a form from another site is refused`() async throws {
        let sample = try PageSample()

        let answer = try await sample.post(
            "/aid/runs", "as_of=2026-06-30", headers: [.origin: "https://elsewhere.example"])

        #expect(answer.status == 403)
        #expect(sample.log.all.isEmpty)
    }

    @Test(arguments: [
        ("127.0.0.1:8101", true), ("localhost", true), ("[::1]:80", true), ("127.evil.example", false),
        ("10.0.0.1", false), ("0.0.0.0", false), ("localhost.evil.example", false), ("", false),
    ])
    func `only loopback names are answered`(authority: String, isLoopback: Bool) {
        #expect(GuardMiddleware.isLoopback(authority) == isLoopback)
    }

    @Test func `another address than loopback is refused before anything opens`() {
        let launch = Launch(hostname: "0.0.0.0", port: 8101, logger: Logger(label: "test"))

        #expect(throws: LaunchRefusal.foreignAddress("0.0.0.0")) { try launch.refuseForeignAddress() }
    }

    @Test func `a stylesheet is kept for good under its tag and not sent twice`() async throws {
        let sample = try PageSample()
        let address = sample.application.site.assets.address("kit.css")

        let first = try await sample.get(address)
        let tag = try #require(first.headers[.eTag])
        let second = try await sample.get(address, headers: [.ifNoneMatch: tag])

        #expect(first.headers[.cacheControl] == "public, max-age=31536000, immutable")
        #expect(first.headers[.contentType] == "text/css; charset=utf-8")
        #expect(second.status == 304 && second.text.isEmpty)
    }

    @Test func `health says that the process lives and the database answers`() async throws {
        let sample = try PageSample()

        #expect(try await sample.get("/aid/health/live").text == #"{"status":"live"}"#)
        #expect(
            try await sample.get("/aid/health/ready").text
                == #"{"checks":[{"isWell":true,"name":"database"}],"status":"ready"}"#)
    }
}
