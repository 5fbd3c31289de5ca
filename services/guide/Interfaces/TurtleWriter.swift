/// RDF 1.1 Turtle: one block for each node, a line for each property.
struct TurtleWriter: RDFWriter {
    var head: String { RDFPrefix.all.map { "@prefix \($0.name): <\($0.address)> .\n" }.joined() }
    var tail: String { "" }

    func text(of node: RDFNode, isFirst: Bool) -> String {
        var text = "\n" + Self.address(node.address) + " a " + node.types.joined(separator: " , ")
        for property in node.properties {
            text += " ;\n    " + property.name + " "
            text += property.values.map(Self.value).joined(separator: " , ")
        }
        return text + " .\n"
    }

    private static func value(_ term: RDFTerm) -> String {
        switch term {
        case .node(let node): address(node)
        case .words(let text, let language): quoted(text) + "@" + language
        case .plain(let text): quoted(text)
        case .typed(let text, let type): quoted(text) + "^^" + type
        }
    }

    /// What an address cannot hold (IRIREF in Turtle §6.5) is written as bytes.
    static func address(_ address: String) -> String {
        var text = "<"
        for scalar in address.unicodeScalars {
            switch scalar {
            case "<", ">", "\"", "{", "}", "|", "^", "`", "\\", "\0"..." ": text += "%" + hex(scalar.value, digits: 2)
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text + ">"
    }

    static func quoted(_ words: String) -> String {
        var text = "\""
        for scalar in words.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case "\0"..."\u{1F}", "\u{7F}": text += "\\u" + hex(scalar.value, digits: 4)
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text + "\""
    }

    private static func hex(_ value: UInt32, digits: Int) -> String {
        let text = String(value, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }
}
