/// JSON-LD 1.1: the context, then a graph with a node on each line.
struct JSONLDWriter: RDFWriter {
    var head: String {
        let context = JSONText.object(RDFPrefix.all.map { ($0.name, JSONText.quoted($0.address)) })
        return "{\"@context\":\(context),\"@graph\":["
    }
    var tail: String { "\n]}\n" }

    func text(of node: RDFNode, isFirst: Bool) -> String {
        let properties = node.properties.map { property in
            (property.name, Optional(JSONText.list(property.values.map(Self.value))))
        }
        return (isFirst ? "\n" : ",\n")
            + JSONText.object(
                [("@id", JSONText.quoted(node.address)), ("@type", JSONText.list(ofWords: node.types))] + properties)
    }

    private static func value(_ term: RDFTerm) -> String {
        switch term {
        case .node(let node): JSONText.object([("@id", JSONText.quoted(node))])
        case .words(let text, let language):
            JSONText.object([("@value", JSONText.quoted(text)), ("@language", JSONText.quoted(language))])
        case .plain(let text): JSONText.object([("@value", JSONText.quoted(text))])
        case .typed(let text, let type):
            JSONText.object([("@value", JSONText.quoted(text)), ("@type", JSONText.quoted(type))])
        }
    }
}
