import ServiceKit
import SocialDomain

/// A flow followed along the answers that were given.
struct FlowWalk {
    let flow: Flow
    /// The answers that fit, in order.
    private(set) var given: [(node: String, option: Flow.Option)] = []
    /// The question or end where they lead.
    private(set) var place: String
    /// Answers that the flow does not have: it was changed since the address was made.
    private(set) var isCutShort = false

    /// - Parameter answers: ids of options, joined by points.
    init(_ flow: Flow, answers: String) {
        self.flow = flow
        place = flow.start
        for id in answers.split(separator: ".").prefix(FlowCheck.mostNodes) {
            guard let node = flow.nodes[place], let option = node.options.first(where: { $0.id == id }) else {
                isCutShort = true
                break
            }
            given.append((place, option))
            place = option.next
        }
    }

    var end: Flow.End? { flow.ends[place] }
    var node: Flow.Node? { flow.nodes[place] }

    var answers: String { Self.joined(given.map(\.option.id)) }

    /// The answers with one more, or only the first of them.
    func answers(adding option: Flow.Option) -> String { Self.joined(given.map(\.option.id) + [option.id]) }
    func answers(first count: Int) -> String { Self.joined(given.prefix(count).map(\.option.id)) }

    private static func joined(_ ids: [String]) -> String { ids.joined(separator: ".") }

    /// The most questions that may still come, this one with them.
    var mostLeft: Int {
        var known: [String: Int] = [:]
        func left(_ name: String, _ depth: Int) -> Int {
            guard let node = flow.nodes[name], depth < FlowCheck.mostNodes else { return 0 }
            if let count = known[name] { return count }
            let count = 1 + (node.options.map { left($0.next, depth + 1) }.max() ?? 0)
            known[name] = count
            return count
        }
        return left(place, 0)
    }

    /// What the answers call for, each item and variant once, in the flow's order.
    var wanted: [Flow.Wanted] {
        var seen: Set<String> = []
        let all = given.flatMap(\.option.items).filter { seen.insert("\($0.item)\n\($0.variant ?? "")").inserted }
        let places = Dictionary(flow.order.enumerated().map { ($1, $0) }) { first, _ in first }
        return all.enumerated().sorted {
            (places[$0.element.item] ?? .max, $0.offset) < (places[$1.element.item] ?? .max, $1.offset)
        }.map(\.element)
    }
}
