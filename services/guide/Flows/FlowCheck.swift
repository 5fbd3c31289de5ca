import Foundation

/// Finds everything that is wrong with a flow: every path must end, none may run in a circle, every question be reachable,
/// every item stand in the catalogue, every text be there in both languages.
struct FlowCheck {
    /// The published items by what a flow may call them by, and their variants.
    struct Items: Sendable {
        struct Entry: Hashable, Sendable {
            let code: String
            let name: String
            let variants: [String]
        }

        private var entries: [String: [Entry]] = [:]

        init(_ all: some Sequence<Entry>) {
            for entry in all {
                entries[entry.code, default: []].append(entry)
                if entry.name != entry.code { entries[entry.name, default: []].append(entry) }
            }
        }

        func named(_ item: String) -> [Entry] { entries[item] ?? [] }
    }

    static let mostNodes = 200
    static let mostOptions = 20

    let items: Items

    /// Reads a flow from its text and checks it; nil where it cannot be read at all.
    func read(_ json: String) -> (flow: Flow?, faults: [FlowFault]) {
        do {
            let flow = try JSONDecoder().decode(Flow.self, from: Data(json.utf8))
            return (flow, faults(of: flow))
        } catch {
            return (nil, [FlowFault(error)])
        }
    }

    func faults(of flow: Flow) -> [FlowFault] {
        guard flow.nodes.count <= Self.mostNodes else {
            return [FlowFault("", "最多 \(Self.mostNodes) 个问题。", "At most \(Self.mostNodes) questions.")]
        }
        var faults: [FlowFault] = []
        if !Self.isID(flow.id) {
            faults.append(
                FlowFault("id", "只能用小写字母、数字和连字符，最多 40 个。", "Use small letters, digits and hyphens, at most 40."))
        }
        text(flow.title, "title", &faults)
        text(flow.lead, "lead", &faults)
        if flow.ends.isEmpty { faults.append(FlowFault("ends", "至少要有一个结尾。", "There must be at least one end.")) }
        for (name, end) in flow.ends.sorted(by: { $0.key < $1.key }) {
            text(end.title, "ends.\(name).title", &faults)
            if let note = end.note { text(note, "ends.\(name).note", &faults) }
            if flow.nodes[name] != nil {
                faults.append(
                    FlowFault("ends.\(name)", "问题和结尾重名，请改一个名字。", "A question has the same name: rename one of them."))
            }
        }
        for (name, node) in flow.nodes.sorted(by: { $0.key < $1.key }) {
            check(node, "nodes.\(name)", flow, &faults)
        }
        checkOrder(flow, &faults)
        checkPaths(flow, &faults)
        return faults
    }

    // MARK: - One question

    private func check(_ node: Flow.Node, _ place: String, _ flow: Flow, _ faults: inout [FlowFault]) {
        text(node.question, "\(place).question", &faults)
        if let hint = node.hint { text(hint, "\(place).hint", &faults) }
        if node.options.isEmpty {
            faults.append(
                FlowFault(place, "没有答案可选，走到这里就断了。请加上答案。", "There is no answer, so a path stops here: add one."))
        }
        if node.options.count > Self.mostOptions {
            faults.append(FlowFault(place, "最多 \(Self.mostOptions) 个答案。", "At most \(Self.mostOptions) answers."))
        }
        var ids: Set<String> = []
        for option in node.options {
            let here = "\(place).\(option.id)"
            if !Self.isID(option.id) {
                faults.append(
                    FlowFault(
                        here, "答案的 id 只能用小写字母、数字和连字符。", "An answer's id has small letters, digits and hyphens only."))
            }
            if !ids.insert(option.id).inserted {
                faults.append(
                    FlowFault(here, "同一个问题里有两个相同的答案 id，请改一个。", "Two answers of the question have this id: change one."))
            }
            text(option.label, "\(here).label", &faults)
            if flow.nodes[option.next] == nil, flow.ends[option.next] == nil {
                faults.append(
                    FlowFault(
                        here, "next 指向“\(option.next)”，没有这个问题或结尾。请改成已有的名字。",
                        "next names “\(option.next)”, which is no question and no end: name one that exists."))
            }
            for wanted in option.items { check(wanted, here, flow, &faults) }
        }
    }

    private func check(_ wanted: Flow.Wanted, _ place: String, _ flow: Flow, _ faults: inout [FlowFault]) {
        if let reason = wanted.reason { text(reason, "\(place).\(wanted.item).reason", &faults) }
        let found = items.named(wanted.item)
        guard let entry = found.first else {
            faults.append(
                FlowFault(
                    place, "事项库里没有已发布的“\(wanted.item)”。请写事项的准确名称或编码，或先发布它。",
                    "The catalogue has no published item “\(wanted.item)”: write its exact name or code, or publish it first."
                ))
            return
        }
        if found.count > 1 {
            faults.append(
                FlowFault(
                    place, "有 \(found.count) 个事项都叫“\(wanted.item)”。请改写编码，例如 \(entry.code)。",
                    "\(found.count) items are named “\(wanted.item)”: write a code, such as \(entry.code)."))
        }
        if let variant = wanted.variant, !entry.variants.contains(variant) {
            let known = entry.variants.joined(separator: "、")
            faults.append(
                FlowFault(
                    place, "“\(wanted.item)”没有情形“\(variant)”。可用的有：\(known.isEmpty ? "无，请去掉 variant" : known)。",
                    "“\(wanted.item)” has no variant “\(variant)”; it has: \(known.isEmpty ? "none, leave variant out" : known)."
                ))
        }
        if !flow.order.contains(wanted.item) {
            faults.append(
                FlowFault(
                    "order", "没有排到“\(wanted.item)”。请把它加进 order 里合适的位置。",
                    "“\(wanted.item)” has no place in it: put it where it belongs."))
        }
    }

    private func checkOrder(_ flow: Flow, _ faults: inout [FlowFault]) {
        let wanted = flow.wanted
        var seen: Set<String> = []
        for item in flow.order {
            if !seen.insert(item).inserted {
                faults.append(FlowFault("order", "“\(item)”写了两次，请去掉一个。", "“\(item)” stands twice: take one away."))
            } else if !wanted.contains(item) {
                faults.append(
                    FlowFault("order", "没有答案用到“\(item)”，请去掉。", "No answer calls for “\(item)”: take it away."))
            }
        }
    }

    // MARK: - All paths

    private func checkPaths(_ flow: Flow, _ faults: inout [FlowFault]) {
        guard flow.nodes[flow.start] != nil else {
            faults.append(
                FlowFault(
                    "start", "没有名为“\(flow.start)”的问题。请写第一个问题的名字。",
                    "There is no question “\(flow.start)”: name the first one."))
            return
        }
        enum Mark { case open, done }
        var marks: [String: Mark] = [:]
        var reached: Set<String> = []
        // Depth first, with the way on a list of its own: a long flow must not use up the stack.
        var way: [(name: String, left: ArraySlice<Flow.Option>)] = []
        func enter(_ name: String) {
            marks[name] = .open
            reached.insert(name)
            way.append((name, flow.nodes[name]?.options[...] ?? []))
        }
        enter(flow.start)
        while let last = way.indices.last {
            guard let option = way[last].left.popFirst() else {
                marks[way[last].name] = .done
                way.removeLast()
                continue
            }
            let next = option.next
            guard flow.nodes[next] != nil else {
                reached.insert(next)
                continue
            }
            switch marks[next] {
            case nil: enter(next)
            case .done: break
            case .open:
                let circle = way.drop { $0.name != next }.map(\.name) + [next]
                faults.append(
                    FlowFault(
                        "nodes.\(way[last].name).\(option.id)",
                        "绕成了圈（\(circle.joined(separator: " → "))），永远走不到结尾。请把 next 改到后面的问题或结尾。",
                        "It runs in a circle (\(circle.joined(separator: " → "))) and never ends: let next name a later question or an end."
                    ))
            }
        }
        for name in flow.nodes.keys.sorted() where !reached.contains(name) {
            faults.append(
                FlowFault(
                    "nodes.\(name)", "没有任何答案通向这个问题。请让某个答案的 next 指向它，或删掉它。",
                    "No answer leads to this question: let one's next name it, or take it away."))
        }
        for name in flow.ends.keys.sorted() where !reached.contains(name) {
            faults.append(
                FlowFault(
                    "ends.\(name)", "没有任何答案通向这个结尾。请让某个答案的 next 指向它，或删掉它。",
                    "No answer leads to this end: let one's next name it, or take it away."))
        }
    }

    // MARK: - Texts

    private func text(_ text: Flow.Text, _ place: String, _ faults: inout [FlowFault]) {
        let blank = CharacterSet.whitespacesAndNewlines
        if text.zh.trimmingCharacters(in: blank).isEmpty {
            faults.append(FlowFault(place, "缺少中文，请补上 zh。", "The Chinese is missing: add zh."))
        }
        if text.en.trimmingCharacters(in: blank).isEmpty {
            faults.append(FlowFault(place, "缺少英文，请补上 en。", "The English is missing: add en."))
        }
    }

    static func isID(_ text: String) -> Bool {
        (1...40).contains(text.utf8.count)
            && text.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D }
    }
}
