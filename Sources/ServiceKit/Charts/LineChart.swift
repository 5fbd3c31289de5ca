/// Lines over time, from zero, each named at its end.
package struct LineChart {
    package struct Series {
        package let name: String
        package let tone: Chart.Tone
        package let values: [Int]

        package init(name: String, tone: Chart.Tone, values: [Int]) {
            self.name = name
            self.tone = tone
            self.values = values
        }
    }

    package let title: String
    /// What stands under each point.
    package let labels: [String]
    package let series: [Series]

    package init(title: String, labels: [String], series: [Series]) {
        self.title = title
        self.labels = labels
        self.series = series
    }

    private static let plotHeight = 170
    private static let plotWidth = 0.66
    private static let plotLeft = 52
    private static let plotTop = 12

    package func svg() -> String {
        let end = Chart.axisEnd(series.flatMap(\.values).max() ?? 1)
        var body = ""
        for mark in end == 1 ? [0, 1] : [0, end / 2, end] {
            let y = place(mark, of: end)
            body +=
                "<line class=\"chart-grid\" x1=\"\(Self.plotLeft)\" x2=\"100%\" y1=\"\(y)\" y2=\"\(y)\"/>"
                + "<text class=\"chart-small\" x=\"\(Self.plotLeft - 8)\" y=\"\(y + 4)\" text-anchor=\"end\">"
                + "\(Figures.grouped(mark))</text>"
        }
        body += lines(end) + names(end) + dates()
        return Chart.svg(title: title, height: Self.plotTop + Self.plotHeight + 28, body)
    }

    private func place(_ value: Int, of end: Int) -> Int {
        Self.plotTop + Self.plotHeight - Int((Double(value) / Double(end) * Double(Self.plotHeight)).rounded())
    }

    private func across(_ index: Int) -> Double {
        labels.count < 2 ? 1 : Double(index) / Double(labels.count - 1)
    }

    /// In a picture of its own that stretches; strokes keep their width.
    private func lines(_ end: Int) -> String {
        var body = ""
        var points = ""
        for one in series {
            let path = one.values.enumerated().map { index, value in
                let x = (across(index) * 1000).rounded() / 10
                let y = Double(Self.plotHeight) * (1 - Double(value) / Double(end))
                return "\(x),\((y * 10).rounded() / 10)"
            }.joined(separator: " ")
            body +=
                "<polyline class=\"line-\(one.tone.style)\" points=\"\(path)\" vector-effect=\"non-scaling-stroke\"/>"
            for (index, value) in one.values.enumerated() {
                points +=
                    "<circle class=\"\(one.tone.style)\" cx=\"\(Chart.percent(across(index) * Self.plotWidth))\" "
                    + "cy=\"\(place(value, of: end))\" r=\"3\" transform=\"translate(\(Self.plotLeft) 0)\"/>"
            }
        }
        return "<svg x=\"\(Self.plotLeft)\" y=\"\(Self.plotTop)\" width=\"\(Chart.percent(Self.plotWidth))\" "
            + "height=\"\(Self.plotHeight)\" viewBox=\"0 0 100 \(Self.plotHeight)\" preserveAspectRatio=\"none\" "
            + "overflow=\"visible\">\(body)</svg>\(points)"
    }

    /// Names that would lie on each other are moved down, 18 px apart.
    private func names(_ end: Int) -> String {
        let wanted = series.compactMap { one in one.values.last.map { (one, place($0, of: end)) } }.sorted {
            $0.1 < $1.1
        }
        var body = ""
        var free = Int.min
        let overflow = max(0, (wanted.count - 1) * 18 + (wanted.first?.1 ?? 0) - (Self.plotTop + Self.plotHeight))
        for (one, place) in wanted {
            let y = max(place - overflow, free)
            free = y + 18
            body +=
                "<text class=\"chart-figure\" x=\"\(Chart.percent(Self.plotWidth))\" dx=\"\(Self.plotLeft + 10)\" y=\"\(y + 5)\">"
                + "<tspan class=\"ink-\(one.tone.style)\">\(HTML.escaped(one.tone.mark))</tspan> "
                + "\(HTML.escaped(one.name)) \(Figures.grouped(one.values.last ?? 0))</text>"
        }
        return body
    }

    private func dates() -> String {
        var wanted = Set([0, labels.count - 1])
        if labels.count > 6 { wanted.insert(labels.count / 2) }
        return wanted.sorted().filter { labels.indices.contains($0) }.map { index in
            let anchor = labels.count < 2 || index == labels.count - 1 ? "end" : index == 0 ? "start" : "middle"
            return
                "<text class=\"chart-small\" x=\"\(Chart.percent(across(index) * Self.plotWidth))\" dx=\"\(Self.plotLeft)\" "
                + "y=\"\(Self.plotTop + Self.plotHeight + 20)\" text-anchor=\"\(anchor)\">\(HTML.escaped(labels[index]))</text>"
        }.joined()
    }
}
