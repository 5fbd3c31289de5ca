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

    /// What the template `table` shows. Its HTML is written here: a list of fifty lines has a thousand fields, more than
    /// all the rest of a page, and each of them costs a template a search (docs/decisions/0011).
    package func fields(list: ListAddress? = nil) -> Fields {
        rows.isEmpty ? ["emptiness": emptiness ?? caption] : ["table": html(list)]
    }

    private func html(_ list: ListAddress?) -> String {
        var html = "<div class=\"scroll\">\n<table>\n<caption>"
        html.reserveCapacity(rows.count * columns.count * 80 + 400)
        HTML.add(caption, to: &html)
        html += "</caption>\n<thead>\n<tr>\n"
        for column in columns { add(column, list, to: &html) }
        html += "</tr>\n</thead>\n<tbody>\n"
        let marks = columns.map(\.mark)
        for row in rows {
            html += "<tr>\n"
            for (cell, mark) in zip(row, marks) { cell.add(to: &html, mark) }
            html += "</tr>\n"
        }
        html += "</tbody>\n</table>\n</div>\n"
        return html
    }

    private func add(_ column: Column, _ list: ListAddress?, to html: inout String) {
        html += column.isFigure ? "<th scope=\"col\" class=\"figure\"" : "<th scope=\"col\""
        guard let list, let sort = column.sort else {
            html += ">"
            HTML.add(column.title, to: &html)
            html += "</th>\n"
            return
        }
        let isCurrent = list.sort == sort
        let descending = isCurrent ? !list.isDescending : list.startsDescending.contains(sort)
        let direction = isCurrent ? (list.isDescending ? "descending" : "ascending") : "none"
        let mark = isCurrent ? (list.isDescending ? "▼" : "▲") : ""
        html += " aria-sort=\"\(direction)\"><a href=\""
        HTML.add(list.sorted(by: sort, descending: descending), to: &html)
        html += "\">"
        HTML.add(column.title, to: &html)
        html += "<span class=\"sort-mark\" aria-hidden=\"true\">\(mark)</span></a></th>\n"
    }
}

extension Table.Column {
    /// How each cell of the column begins: on a phone a cell says its column's title itself.
    fileprivate var mark: String {
        let styles = [isFigure ? "figure" : isShort ? "short" : nil, isMinor ? "minor" : nil].compactMap(\.self)
        var mark = styles.isEmpty ? "<td data-label=\"" : "<td class=\"\(styles.joined(separator: " "))\" data-label=\""
        HTML.add(title, to: &mark)
        return mark + "\">"
    }
}

extension Table.Cell {
    fileprivate func add(to page: inout String, _ mark: String) {
        page += mark
        if let href {
            page += "<a href=\""
            HTML.add(href, to: &page)
            page += "\">"
            HTML.add(text, to: &page)
            page += "</a>"
        } else if let html {
            page += html
        } else {
            HTML.add(text, to: &page)
        }
        if let note {
            page += "<span class=\"cell-note\">"
            HTML.add(note, to: &page)
            page += "</span>"
        }
        page += "</td>\n"
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
