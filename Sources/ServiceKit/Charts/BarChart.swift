/// One plain bar a row, with its figure beside its name.
package struct BarChart {
    package struct Row {
        package let label: String
        package let href: String?
        package let value: Int

        package init(label: String, href: String? = nil, value: Int) {
            self.label = label
            self.href = href
            self.value = value
        }
    }

    package let title: String
    package let rows: [Row]
    package let tone: Chart.Tone

    package init(title: String, rows: [Row], tone: Chart.Tone = .plain) {
        self.title = title
        self.rows = rows
        self.tone = tone
    }

    package func svg() -> String {
        StackedBarChart(
            title: title,
            rows: rows.map {
                .init(label: $0.label, href: $0.href, parts: [.init(name: "", value: $0.value, tone: tone)])
            }
        ).svg()
    }
}
