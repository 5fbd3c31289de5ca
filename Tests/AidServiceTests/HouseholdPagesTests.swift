import HTTPTypes
import Testing

@testable import AidService

struct HouseholdPagesTests {
    @Test func `a household's page shows names and numbers in full`() async throws {
        let answer = try await PageSample().get("/aid/households/H1")

        #expect(answer.text.contains("乌兰其其格家"))
        #expect(answer.text.contains("11010519491231002X"))
    }

    @Test func `what the register holds is never taken for markup`() async throws {
        let answer = try await PageSample().get("/aid/households/H1")

        #expect(answer.text.contains("&lt;b&gt;巴特尔&lt;/b&gt;"))
        #expect(!answer.text.contains("<b>"))
    }

    @Test func `each signal is told in both languages with its figures`() async throws {
        let answer = try await PageSample().get("/aid/households/H1")

        #expect(answer.text.contains("近12个月个人负担医疗费 42,000.50 元，达到 30,000 元。"))
        #expect(
            answer.text.contains("Medical costs borne in the last 12 months 42,000.50 yuan, at or above 30,000 yuan."))
    }

    @Test func `the rows behind a signal say file, line and date`() async throws {
        let answer = try await PageSample().get("/aid/households/H1")

        #expect(answer.text.contains("medical-2026.csv 第 77 行"))
        #expect(answer.text.contains("2026年3月12日"))
    }

    @Test func `an unknown household is not found`() async throws {
        #expect(try await PageSample().get("/aid/households/H999").status == 404)
    }

    @Test(arguments: ["who=H1", "who=11010519491231002x", "who=%E4%B9%8C%E5%85%B0%E5%85%B6%E5%85%B6%E6%A0%BC"])
    func `a search that finds one household leads to it`(body: String) async throws {
        let answer = try await PageSample().post("/aid/households", body)

        #expect(answer.status == 303)
        #expect(answer.headers[.location] == "/aid/households/H1")
    }

    @Test func `a search for nothing says so beside the field and on top`() async throws {
        let answer = try await PageSample().post("/aid/households", "who=+")

        #expect(answer.status == 422)
        #expect(answer.text.contains("<a href=\"#who\">请输入姓名、身份证号或家庭编号。</a>"))
        #expect(answer.text.contains("id=\"who-fault\">请输入姓名、身份证号或家庭编号。"))
    }

    @Test func `what was searched for in vain is kept in the field`() async throws {
        let answer = try await PageSample().post("/aid/households", "who=nobody")

        #expect(answer.text.contains("value=\"nobody\"") && answer.text.contains("没有找到"))
    }

    @Test func `an alert is closed with a reason`() async throws {
        let sample = try PageSample()

        let answer = try await sample.post("/aid/households/H2/close", "alert=2&note=checked")

        #expect(answer.headers[.location] == "/aid/households/H2")
        #expect(sample.log.all == ["close 2 checked"])
    }

    @Test func `an alert is not closed without a reason`() async throws {
        let sample = try PageSample()

        let answer = try await sample.post("/aid/households/H2/close", "alert=2&note=")

        #expect(answer.status == 422 && answer.text.contains("请写明关闭的理由"))
        #expect(sample.log.all.isEmpty)
    }

    @Test func `what is wrong with a reason stands beside its own field, and what was typed is kept`() async throws {
        let sample = try PageSample()
        let long = String(repeating: "a", count: 501)

        let answer = try await sample.post("/aid/households/H2/close", "alert=2&note=\(long)")
        let foreign = try await sample.post("/aid/households/H2/close", "alert=1&note=\(long)")

        #expect(answer.status == 422 && answer.text.contains("<a href=\"#note-2\">"))
        #expect(answer.text.contains("<p class=\"field-fault\" id=\"note-2-fault\">请写明关闭的理由"))
        #expect(answer.text.contains("aria-invalid=\"true\">\(long)</textarea>"))
        #expect(foreign.status == 422 && foreign.text.contains("<a href=\"#main\">"))
        #expect(!foreign.text.contains("id=\"note-2-fault\""))
    }
}
