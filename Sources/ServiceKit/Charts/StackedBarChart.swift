/// One bar a row, made of parts; each row says its own figures, so that no legend is needed.
package struct StackedBarChart {
    package struct Part {
        package let name: String
        package let value: Int
        package let tone: Chart.Tone

        package init(name: String, value: Int, tone: Chart.Tone) {
            self.name = name
            self.value = value
            self.tone = tone
        }
    }

    package struct Row {
        package let label: String
        package let href: String?
        package let parts: [Part]

        package init(label: String, href: String? = nil, parts: [Part]) {
            self.label = label
            self.href = href
            self.parts = parts
        }

        var total: Int { parts.reduce(0) { $0 + $1.value } }
    }

    package let title: String
    package let rows: [Row]

    package init(title: String, rows: [Row]) {
        self.title = title
        self.rows = rows
    }

    /// 44 px a row: a line of words, the bar under it.
    package func svg() -> String {
        let most = max(1, rows.map(\.total).max() ?? 1)
        var body = ""
        for (index, row) in rows.enumerated() {
            let top = index * 44
            // A shift before the first would push the whole line over the edge that it ends at.
            let figures = row.parts.enumerated().map { place, part in
                let mark =
                    part.tone.mark.isEmpty
                    ? "" : "<tspan class=\"ink-\(part.tone.style)\">\(HTML.escaped(part.tone.mark))</tspan> "
                let shift = place > 0 ? " dx=\"8\"" : ""
                return "<tspan\(shift)>\(mark)\(HTML.escaped(part.name)) \(Figures.grouped(part.value))</tspan>"
            }.joined()
            var line = "<text class=\"chart-label\" x=\"0\" y=\"\(top + 16)\">\(HTML.escaped(row.label))</text>"
            line = Chart.linked(row.href, line)
            line += "<text class=\"chart-figure\" x=\"100%\" y=\"\(top + 16)\" text-anchor=\"end\">\(figures)</text>"
            var start = 0
            for part in row.parts where part.value > 0 {
                line +=
                    "<rect class=\"\(part.tone.style)\" x=\"\(Chart.percent(Double(start) / Double(most)))\" y=\"\(top + 23)\" "
                    + "width=\"\(Chart.percent(Double(part.value) / Double(most)))\" height=\"12\"/>"
                start += part.value
            }
            body += line
        }
        body += "<line class=\"chart-axis\" x1=\"0\" x2=\"0\" y1=\"20\" y2=\"\(rows.count * 44)\"/>"
        return Chart.svg(title: title, height: rows.count * 44, body)
    }
}
