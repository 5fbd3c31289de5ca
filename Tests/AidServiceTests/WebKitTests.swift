import ServiceKit
import SocialDomain
import Testing

struct ChartTests {
    @Test func `an axis ends at a round number not below the value`() {
        #expect([0, 1, 7, 10, 523, 2570, 999_999].map(Chart.axisEnd) == [1, 1, 8, 10, 600, 3000, 1_000_000])
    }

    @Test func `a bar's parts lie end to end and the longest fills the width`() {
        let svg = StackedBarChart(
            title: "t",
            rows: [
                .init(
                    label: "a",
                    parts: [.init(name: "", value: 3, tone: .plain), .init(name: "", value: 1, tone: .plain)]),
                .init(label: "b", parts: [.init(name: "", value: 1, tone: .plain)]),
            ]
        ).svg()

        #expect(svg.contains("x=\"0%\" y=\"23\" width=\"75%\"") && svg.contains("x=\"75%\" y=\"23\" width=\"25%\""))
        #expect(svg.contains("x=\"0%\" y=\"67\" width=\"25%\""))
    }

    @Test func `names in charts are never taken for markup`() {
        let svg = BarChart(title: "<t>", rows: [.init(label: "a&\"<b>", href: "/x?a=1&b=2", value: 1)]).svg()

        #expect(svg.contains("aria-label=\"&lt;t&gt;\"") && svg.contains("a&amp;&quot;&lt;b&gt;"))
        #expect(svg.contains("href=\"/x?a=1&amp;b=2\""))
    }

    @Test func `a line begins at zero and names its end`() {
        let svg = LineChart(
            title: "t", labels: ["x", "y"], series: [.init(name: "n", tone: .plain, values: [0, 10])]
        ).svg()

        #expect(svg.contains("points=\"0.0,170.0 100.0,0.0\""))
        #expect(svg.contains("n 10</text>"))
    }

    @Test func `tiles are shaded from the least to the greatest`() {
        #expect([0, 10, 15, 20].map { TileMap.shade($0, least: 10, greatest: 20) } == [0, 1, 3, 4])
        #expect(TileMap.shade(5, least: 5, greatest: 5) == 2)
    }
}

struct FigureTests {
    @Test func `figures are grouped`() {
        #expect([0, 999, 1000, 1_234_567, -1000].map(Figures.grouped) == ["0", "999", "1,000", "1,234,567", "−1,000"])
        #expect([0, 30_000, 42_000.5, 0.05].map(Figures.amount) == ["0", "30,000", "42,000.50", "0.05"])
    }

    @Test func `a part is never shown as none or all`() {
        #expect(Figures.share(1, of: 1000) == "<1%")
        #expect(Figures.share(999, of: 1000) == ">99%")
        #expect(Figures.share(0, of: 0) == "–")
    }

    @Test func `moments are told in Beijing time`() {
        #expect(Figures.moment("2026-06-30T20:05:00Z", in: .zh) == "2026年7月1日 04:05")
        #expect(Figures.moment("2026-06-30T20:05:00Z", in: .en) == "1 July 2026 04:05")
        #expect(Figures.day("2026-06-30", in: .en) == "30 June 2026")
    }

    @Test func `sizes are told in decimal multiples`() {
        #expect([999, 1500, 2_400_000_000].map(Figures.bytes) == ["999 B", "1.5 KB", "2.4 GB"])
    }
}

struct QueryItemsTests {
    @Test func `names and values are decoded and encoded alike`() {
        let query = QueryItems("a=%E8%B5%A4%E5%B3%B0+1&b&c=1%2B1&d=%")

        #expect(query["a"] == "赤峰 1" && query["b"] == nil && query["c"] == "1+1")
        #expect(query.removing("b", "d").suffix == "?a=%E8%B5%A4%E5%B3%B0%201&c=1%2B1")
    }

    @Test func `setting a name replaces every value of it`() {
        #expect(QueryItems("a=1&b=2&a=3").setting("a", "4").suffix == "?b=2&a=4")
        #expect(QueryItems("a=1").setting("a", nil).suffix == "")
    }
}

struct MultipartParserTests {
    private static let body =
        "preamble\r\n--B\r\nContent-Disposition: form-data; name=\"f\"; filename=\"数据 1.csv\"\r\n\r\na\r\n--C\r\nb\r\n--B\r\n"
        + "content-disposition: form-data; name=x\r\n\r\n\r\n--B--\r\nepilogue"

    @Test(arguments: [1, 2, 3, 7, 1000])
    func `parts come out alike however the body is cut`(size: Int) throws {
        var parser = try MultipartParser(contentType: "multipart/form-data; charset=utf-8; boundary=\"B\"")
        var text = ""
        let bytes = Array(Self.body.utf8)
        for start in stride(from: 0, to: bytes.count, by: size) {
            for event in try parser.take(bytes[start..<min(start + size, bytes.count)]) {
                switch event {
                case .part(let name, let file): text += "[\(name) \(file ?? "-")]"
                case .data(let data): text += String(decoding: data, as: UTF8.self)
                case .endOfPart: text += "|"
                case .end: text += "."
                }
            }
        }
        try parser.finish()

        #expect(text == "[f 数据 1.csv]a\r\n--C\r\nb|[x -]|.")
    }

    @Test func `a body without its end is told`() throws {
        var parser = try MultipartParser(contentType: "multipart/form-data; boundary=B")
        _ = try parser.take(Self.body.utf8.prefix(100))

        #expect(throws: MultipartParser.Fault.truncated) { try parser.finish() }
    }

    @Test func `a header without an end is refused before it fills the memory`() throws {
        var parser = try MultipartParser(contentType: "multipart/form-data; boundary=B")

        #expect(throws: MultipartParser.Fault.header) {
            _ = try parser.take(Array("--B\r\n".utf8) + Array(repeating: UInt8(ascii: "x"), count: 20_000))
        }
    }

    @Test(arguments: ["text/plain", "multipart/form-data", "multipart/form-data; boundary=\"\""])
    func `a request that is no multipart form is refused`(type: String) {
        #expect(throws: MultipartParser.Fault.boundary) { _ = try MultipartParser(contentType: type) }
    }
}
