/// What one edition says otherwise than another, element by element.
struct ItemDiff: Hashable, Sendable {
    struct Change: Hashable, Sendable {
        let element: ItemElement
        /// What stood there and stands there no more; entry by entry for a list.
        let removed: [String]
        let added: [String]
        /// The same entries in another order.
        let isReordered: Bool
    }

    let changes: [Change]

    init(from old: ItemContent, to new: ItemContent) {
        changes = ItemElement.allCases.compactMap { element in
            let (before, after) = (ItemText.lines(element, of: old), ItemText.lines(element, of: new))
            guard before != after else { return nil }
            if element.isList, before.sorted() == after.sorted() {
                return Change(element: element, removed: [], added: [], isReordered: true)
            }
            var (removed, added): ([String], [String]) = ([], [])
            for step in after.difference(from: before) {
                switch step {
                case .remove(_, let line, _): removed.append(line)
                case .insert(_, let line, _): added.append(line)
                }
            }
            // Removals come last first.
            return Change(
                element: element, removed: removed.reversed().filter { !$0.isEmpty },
                added: added.filter { !$0.isEmpty },
                isReordered: false)
        }
    }
}
