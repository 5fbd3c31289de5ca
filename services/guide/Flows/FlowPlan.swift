/// What a walk through a flow comes to: the items in order, and the materials of all of them, each once.
struct FlowPlan {
    struct Step {
        let item: PublishedItem
        let variant: ItemContent.Variant?
        let channel: String?
        let reason: Flow.Text?
    }

    /// A material, and what it is for.
    struct Material: Hashable {
        let name: String
        /// The numbers of the items that ask for it, from 1.
        var needs: [Int] = []
        /// Those for which the departments fetch it themselves.
        var waived: [Int] = []
        /// Shown once: what one item asks to see serves the others too.
        var originals = 0
        /// Handed in each time.
        var copies = 0
        var isRequired = false
        var source = ""
        var note: String?
        /// The item before, by number, that gives it.
        var comesFrom: Int?
    }

    let steps: [Step]
    let materials: [Material]

    /// - Parameter items: the published items by what the flow calls them.
    init(_ wanted: [Flow.Wanted], items: [String: PublishedItem]) {
        steps = wanted.compactMap { one in
            items[one.item].map { item in
                let content = item.content
                let variant = content.variants.first { $0.id == one.variant } ?? content.variants.first
                // The window, where there is one: who goes there brings the papers.
                let channel = content.channels.contains("window") ? "window" : content.channels.first
                return Step(item: item, variant: variant, channel: channel, reason: one.reason)
            }
        }
        materials = Self.merged(steps)
    }

    private static func merged(_ steps: [Step]) -> [Material] {
        var all: [Material] = []
        var places: [String: Int] = [:]
        for (index, step) in steps.enumerated() {
            let number = index + 1
            for material in step.item.content.materials
            where material.applies(variant: step.variant?.id, channel: step.channel) {
                let key = Self.key(material.name)
                let place = places[key] ?? all.count
                if place == all.count {
                    places[key] = place
                    all.append(Material(name: material.name))
                }
                let isWaived = material.waiver.map { !$0.isEmpty } ?? false || material.source == "数据共享免交"
                if isWaived {
                    if !all[place].waived.contains(number) { all[place].waived.append(number) }
                    continue
                }
                if !all[place].needs.contains(number) { all[place].needs.append(number) }
                all[place].originals = max(all[place].originals, material.originals)
                all[place].copies += material.copies
                all[place].isRequired = all[place].isRequired || material.isRequired
                if all[place].source.isEmpty { all[place].source = material.source }
                if all[place].note == nil { all[place].note = material.note.flatMap { $0.isEmpty ? nil : $0 } }
            }
        }
        for place in all.indices {
            guard let first = all[place].needs.first else { continue }
            let key = Self.key(all[place].name)
            all[place].comesFrom = steps.prefix(first - 1).firstIndex { step in
                step.item.content.results.contains { Self.key($0) == key }
            }.map { $0 + 1 }
        }
        return all
    }

    /// Names that differ in spaces, brackets' width or book-title marks are one material.
    static func key(_ name: String) -> String {
        var key = String.UnicodeScalarView()
        for scalar in name.unicodeScalars
        where !scalar.properties.isWhitespace && !"《》“”\"".unicodeScalars.contains(scalar) {
            let value = scalar.value
            key.append((0xFF01...0xFF5E).contains(value) ? Unicode.Scalar(value - 0xFEE0) ?? scalar : scalar)
        }
        return String(key).lowercased()
    }
}
