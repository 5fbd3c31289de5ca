import Foundation
import ServiceKit
import SocialDomain
import Testing

@testable import GuideService

/// What the check of a flow finds, and that it says where and how to mend it.
struct FlowCheckTests {
    @Test func `a sound flow has no fault`() {
        #expect(FlowSample.faults(FlowSample.json()).isEmpty)
    }

    @Test(arguments: ShippedFlows.names)
    func `a shipped flow is sound against the shipped catalogue`(_ name: String) throws {
        let folder = GuideFolder.resources + "/demo"
        let items = FlowCheck.Items(
            try DemoCatalogue(folder: folder).items().map {
                .init(code: $0.code, name: $0.name, variants: $0.variants.map(\.id))
            })

        #expect(FlowCheck(items: items).read(try ShippedFlows.json(name, in: folder)).faults == [])
    }

    @Test func `a loop is told with the way round`() {
        #expect(
            FlowSample.faults(FlowSample.json(second: "\"q1\"")) == [
                "nodes.q2.one: It runs in a circle (q1 → q2 → q1) and never ends: let next name a later question or an end."
            ])
        // A question that leads to itself is the smallest circle.
        #expect(
            FlowSample.faults(FlowSample.json(second: "\"q2\"")) == [
                "nodes.q2.one: It runs in a circle (q2 → q2) and never ends: let next name a later question or an end."
            ])
    }

    @Test func `a next that names nothing is told`() {
        #expect(
            FlowSample.faults(FlowSample.json(next: "\"q9\"")) == [
                "nodes.q1.no: next names “q9”, which is no question and no end: name one that exists."
            ])
    }

    @Test func `a question and an end that nobody comes to are told`() {
        let json = FlowSample.json().replacing("\"next\": \"q2\"", with: "\"next\": \"end\"").replacing(
            "\"ends\": {", with: "\"ends\": {\"other\": {\"title\": {\"zh\": \"另\", \"en\": \"Other\"}}, ")

        #expect(
            FlowSample.faults(json) == [
                "nodes.q2: No answer leads to this question: let one's next name it, or take it away.",
                "ends.other: No answer leads to this end: let one's next name it, or take it away.",
            ])
    }

    @Test func `a question without answers is told`() {
        let json = FlowSample.json().replacing(
            "[{\"id\": \"one\", \"label\": {\"zh\": \"请\", \"en\": \"Yes\"}, \"items\": [], \"next\": \"end\"}]",
            with: "[]")

        #expect(FlowSample.faults(json) == ["nodes.q2: There is no answer, so a path stops here: add one."])
    }

    @Test func `an item that is not in the catalogue, or there twice, is told`() {
        #expect(
            FlowSample.faults(FlowSample.json(item: "没有的事项")) == [
                "nodes.q1.yes: The catalogue has no published item “没有的事项”: write its exact name or code, or publish it first."
            ])
        #expect(
            FlowSample.faults(FlowSample.json(item: "同名")) == [
                "nodes.q1.yes: 2 items are named “同名”: write a code, such as 200."
            ])
        #expect(FlowSample.faults(FlowSample.json(item: "200")).isEmpty)
    }

    @Test func `a variant that the item does not have is told`() {
        let json = FlowSample.json().replacing(
            "{\"item\": \"食品经营许可\"}", with: "{\"item\": \"食品经营许可\", \"variant\": \"lost\"}")

        #expect(FlowSample.faults(json) == ["nodes.q1.yes: “食品经营许可” has no variant “lost”; it has: new、renew."])
    }

    @Test func `a missing language is told, all at once`() {
        let json = FlowSample.json().replacing("\"en\": \"Open a shop\"", with: "\"en\": \" \"").replacing(
            "{\"zh\": \"含家人\", \"en\": \"Family too\"}", with: "{\"en\": \"Family too\"}")

        #expect(
            FlowSample.faults(json) == [
                "title: The English is missing: add en.", "nodes.q2.hint: The Chinese is missing: add zh.",
            ])
    }

    @Test func `an order that leaves an item out, or names one too many, is told`() {
        #expect(
            FlowSample.faults(FlowSample.json().replacing("\"order\": [\"食品经营许可\"]", with: "\"order\": [\"别的\"]")) == [
                "order: “食品经营许可” has no place in it: put it where it belongs.",
                "order: No answer calls for “别的”: take it away.",
            ])
    }

    @Test func `what is no flow at all is told by its place`() {
        #expect(FlowSample.faults("{") == ["It is not JSON: look for a missing quote, comma or bracket."])
        #expect(
            FlowSample.faults(FlowSample.json().replacing("\"start\": \"q1\",", with: "")) == [
                "“start” is missing: add it."
            ])
        #expect(
            FlowSample.faults(FlowSample.json(next: "5")) == [
                "nodes.q1.options[1].next: What stands here is of another kind than it should be (a text, a list, an object): compare with a shipped flow."
            ])
    }

    @Test func `an id that cannot stand in an address is told`() {
        #expect(
            FlowSample.faults(FlowSample.json(id: "<b>")) == [
                "id: Use small letters, digits and hyphens, at most 40."
            ])
    }

    @Test func `a chain of two hundred questions is checked, a longer one refused`() throws {
        func chain(_ count: Int) -> Flow {
            let text = Flow.Text(zh: "问", en: "Q")
            var nodes: [String: Flow.Node] = [:]
            for number in 0..<count {
                nodes["q\(number)"] = .init(
                    question: text,
                    options: [
                        .init(id: "a", label: text, items: [], next: number + 1 < count ? "q\(number + 1)" : "end"),
                        .init(id: "b", label: text, items: [], next: number + 1 < count ? "q\(number + 1)" : "end"),
                    ])
            }
            return Flow(
                id: "chain", title: text, lead: text, start: "q0", nodes: nodes, ends: ["end": .init(title: text)],
                order: [])
        }

        // 2²⁰⁰ paths, each question entered once.
        #expect(FlowCheck(items: FlowSample.items).faults(of: chain(200)).isEmpty)
        #expect(FlowWalk(chain(200), answers: "").mostLeft == 200)
        #expect(
            FlowCheck(items: FlowSample.items).faults(of: chain(201)).map(\.explanation.en) == [
                "At most 200 questions."
            ])
    }
}
