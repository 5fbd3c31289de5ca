/// Charts are SVG made here. They stretch with the page and keep their letters' size: places across are in per cent,
/// places down and letters in pixels. Colours are classes of the stylesheet, so that print can change them.
package enum Chart {
    /// A colour with a name, never alone: `mark` stands beside the figure.
    package struct Tone: Sendable {
        package let style: String
        package let mark: String

        package init(style: String, mark: String) {
            self.style = style
            self.mark = mark
        }

        package static let plain = Tone(style: "tone-plain", mark: "")
    }

    static func svg(title: String, height: Int, _ body: String) -> String {
        """
        <svg class="chart" width="100%" height="\(height)" role="group" aria-label="\(HTML.escaped(title))" \
        xmlns="http://www.w3.org/2000/svg">\(body)</svg>
        """
    }

    /// A per cent with at most two decimals: whole charts would otherwise be made of digits.
    static func percent(_ share: Double) -> String {
        let hundredths = Int((min(max(share, 0), 1) * 10_000).rounded())
        let (whole, rest) = (hundredths / 100, hundredths % 100)
        return rest == 0 ? "\(whole)%" : "\(whole).\(rest < 10 ? "0" : "")\(rest)%"
    }

    static func linked(_ href: String?, _ body: String) -> String {
        href.map { "<a href=\"\(HTML.escaped($0))\">\(body)</a>" } ?? body
    }

    /// The least of 1, 2, 3, 4, 6, 8 × 10ⁿ that is not below the value: where an axis ends, with a whole half.
    package static func axisEnd(_ value: Int) -> Int {
        guard value > 1 else { return 1 }
        var step = 1
        while step <= value {
            for factor in [2, 3, 4, 6, 8, 10] where step * factor >= value && step * factor % 2 == 0 {
                return step * factor
            }
            step *= 10
        }
        return step
    }
}
