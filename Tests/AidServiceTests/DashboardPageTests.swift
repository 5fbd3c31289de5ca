import Testing

@testable import AidService

struct DashboardPageTests {
    @Test func `it begins with the smallest division that holds everyone`() async throws {
        let answer = try await PageSample().get("/aid/")

        #expect(answer.text.contains("<h1>赤峰市低收入人口监测</h1>"))
    }

    @Test func `a chart's title says the finding`() async throws {
        let answer = try await PageSample().get("/aid/")

        #expect(answer.text.contains("需帮扶的红色预警 5 户，比上次增加 1 (25%)"))
        #expect(answer.text.contains("红山区红色预警最多，5 户需帮扶"))
    }

    @Test func `a division below leads further down and back up`() async throws {
        let answer = try await PageSample().get("/aid/?division=150402")

        #expect(answer.text.contains("<h1>赤峰市 红山区低收入人口监测</h1>"))
        #expect(answer.text.contains("<a href=\"/aid/?division=1504\">赤峰市</a>"))
    }

    @Test func `with nothing imported the first step is the register`() async throws {
        let sample = try PageSample(
            """
            DELETE FROM alert_change; DELETE FROM alert_signal; DELETE FROM alert; DELETE FROM run_figure;
            DELETE FROM run_population; DELETE FROM run; DELETE FROM person; DELETE FROM household;
            """)

        let answer = try await sample.get("/aid/")

        #expect(answer.text.contains("<a class=\"button\" href=\"/aid/feeds\">上传低收入人口名单</a>"))
    }
}
