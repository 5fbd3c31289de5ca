/// A table for a page: the first column names the thing and links, figures stand right, the last column acts.
package struct Table {
    package struct Column {
        package let title: String
        /// The value of `sort` that orders by this column.
        package var sort: String?
        package var isFigure: Bool
        /// A short word that is not to be broken.
        package var isShort: Bool
        /// Left out on a phone.
        package var isMinor: Bool

        package init(
            _ title: String, sort: String? = nil, isFigure: Bool = false, isShort: Bool = false, isMinor: Bool = false
        ) {
            self.title = title
            self.sort = sort
            self.isFigure = isFigure
            self.isShort = isShort
            self.isMinor = isMinor
        }
    }

    package struct Cell {
        package var text: String
        package var href: String?
        /// Made by code from escaped pieces, a chart or a badge; shown as it is.
        package var html: String?
        package var note: String?

        package init(_ text: String, href: String? = nil, note: String? = nil) {
            self.text = text
            self.href = href
            self.note = note
        }

        package init(html: String) {
            text = ""
            self.html = html
        }

        package static func figure(_ number: Int, href: String? = nil) -> Cell {
            Cell(Figures.grouped(number), href: href)
        }
    }

    package var caption: String
    package var columns: [Column]
    package var rows: [[Cell]]
    /// Said instead of the table when there is no row: why it is empty, and what would fill it.
    package var emptiness: String?

    package init(caption: String, columns: [Column], rows: [[Cell]], emptiness: String? = nil) {
        self.caption = caption
        self.columns = columns
        self.rows = rows
        self.emptiness = emptiness
    }

    /// What the template `table` shows.
    package func fields(list: ListAddress? = nil) -> Fields {
        guard !rows.isEmpty else { return ["emptiness": emptiness ?? caption] }
        return [
            "table": [
                "caption": caption,
                "columns": columns.map { column in header(column, list) },
                "rows": rows.map { row in
                    [
                        "cells": zip(columns, row).enumerated().map { index, pair in
                            cell(pair.1, pair.0, isFirst: index == 0)
                        }
                    ]
                },
            ] as Fields
        ]
    }

    private func header(_ column: Column, _ list: ListAddress?) -> Fields {
        var fields: Fields = ["name": column.title, "isFigure": column.isFigure]
        guard let list, let sort = column.sort else { return fields }
        let isCurrent = list.sort == sort
        let descending = isCurrent ? !list.isDescending : list.startsDescending.contains(sort)
        fields["sorting"] = [
            "sortHref": list.sorted(by: sort, descending: descending),
            "direction": isCurrent ? (list.isDescending ? "descending" : "ascending") : "none",
            "mark": isCurrent ? (list.isDescending ? "▼" : "▲") : "",
        ]
        return fields
    }

    private func cell(_ cell: Cell, _ column: Column, isFirst: Bool) -> Fields {
        var fields: Fields = ["label": column.title, "isFirst": isFirst]
        let styles = [column.isFigure ? "figure" : column.isShort ? "short" : nil, column.isMinor ? "minor" : nil]
        fields["style"] = styles.allSatisfy { $0 == nil } ? nil : styles.compactMap(\.self).joined(separator: " ")
        if let html = cell.html { fields["html"] = html } else { fields["text"] = cell.text }
        if let href = cell.href { fields["link"] = ["href": href, "name": cell.text] }
        fields["note"] = cell.note
        return fields
    }
}

/// The address of a list: path, filters and sort, so that every view of it can be kept and sent.
package struct ListAddress {
    package let path: String
    package let query: QueryItems
    package let sort: String
    package let isDescending: Bool
    /// Sorts that begin with the greatest.
    package let startsDescending: Set<String>

    /// `sort=points` or `sort=-points` in the query; the default where there is none that is known.
    package init(
        path: String, query: QueryItems, sorts: [String], defaultSort: String, startsDescending: Set<String> = []
    ) {
        self.path = path
        self.query = query
        self.startsDescending = startsDescending
        let asked = query["sort"] ?? defaultSort
        let isDescending = asked.hasPrefix("-")
        let name = isDescending ? String(asked.dropFirst()) : asked
        if sorts.contains(name) {
            sort = name
            self.isDescending = isDescending
        } else {
            sort = defaultSort.hasPrefix("-") ? String(defaultSort.dropFirst()) : defaultSort
            self.isDescending = defaultSort.hasPrefix("-")
        }
    }

    package func sorted(by sort: String, descending: Bool) -> String {
        path + query.removing("after", "before").setting("sort", (descending ? "-" : "") + sort).suffix
    }

    /// Another page of the same list.
    package func page(after key: String?) -> String { path + query.removing("before").setting("after", key).suffix }

    package func without(_ name: String) -> String {
        path + query.removing("after", "before").setting(name, nil).suffix
    }
}
