/// A map of divisions as tiles of one size, so that a small district is seen as well as a large one.
package struct TileMap {
    package struct Tile {
        package let column: Int
        package let row: Int
        package let label: String
        package let figure: String
        package let href: String?
        /// 0 to 4: how dark the tile is.
        package let shade: Int

        package init(column: Int, row: Int, label: String, figure: String, href: String?, shade: Int) {
            self.column = column
            self.row = row
            self.label = label
            self.figure = figure
            self.href = href
            self.shade = min(max(shade, 0), 4)
        }
    }

    package let title: String
    package let tiles: [Tile]

    package init(title: String, tiles: [Tile]) {
        self.title = title
        self.tiles = tiles
    }

    package func svg() -> String {
        let columns = (tiles.map(\.column).max() ?? 0) + 1
        let rows = (tiles.map(\.row).max() ?? 0) + 1
        let width = 1 / Double(columns)
        let body = tiles.map { tile in
            let left = Double(tile.column) * width
            let middle = Chart.percent(left + width / 2)
            let top = tile.row * 60
            return Chart.linked(
                tile.href,
                "<rect class=\"tile shade-\(tile.shade)\" x=\"\(Chart.percent(left))\" y=\"\(top)\" "
                    + "width=\"\(Chart.percent(width))\" height=\"60\"/>"
                    + "<text class=\"tile-label on-shade-\(tile.shade)\" x=\"\(middle)\" y=\"\(top + 26)\" text-anchor=\"middle\">"
                    + "\(HTML.escaped(tile.label))</text>"
                    + "<text class=\"tile-figure on-shade-\(tile.shade)\" x=\"\(middle)\" y=\"\(top + 46)\" text-anchor=\"middle\">"
                    + "\(HTML.escaped(tile.figure))</text>")
        }.joined()
        return Chart.svg(title: title, height: rows * 60, body)
    }

    /// The shade of a value among all: by equal steps from the least, the lightest, to the greatest; none for zero.
    package static func shade(_ value: Double, least: Double, greatest: Double) -> Int {
        guard value > 0 else { return 0 }
        guard greatest > least else { return 2 }
        return 1 + min(3, Int((value - least) / (greatest - least) * 4))
    }
}
