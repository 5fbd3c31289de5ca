/// A value in a statement of RDF.
enum RDFTerm: Hashable, Sendable {
    /// A full address.
    case node(String)
    /// Words in a language.
    case words(String, language: String)
    case plain(String)
    /// A value of a datatype that is named by prefix, `xsd:duration`.
    case typed(String, String)

    static func zh(_ text: String) -> RDFTerm { .words(text, language: "zh") }
    static func en(_ text: String) -> RDFTerm { .words(text, language: "en") }
}

/// What is said of one thing: its types and its properties, named by prefix (`dct:title`), in the order they are told.
struct RDFNode: Hashable, Sendable {
    struct Property: Hashable, Sendable {
        let name: String
        var values: [RDFTerm]
    }

    let address: String
    let types: [String]
    private(set) var properties: [Property] = []

    init(_ address: String, _ types: String...) {
        self.address = address
        self.types = types
    }

    /// Says nothing where there is no value; one value is never said twice.
    mutating func say(_ name: String, _ values: [RDFTerm]) {
        for value in values {
            if let index = properties.firstIndex(where: { $0.name == name }) {
                if !properties[index].values.contains(value) { properties[index].values.append(value) }
            } else {
                properties.append(Property(name: name, values: [value]))
            }
        }
    }

    mutating func say(_ name: String, _ value: RDFTerm) { say(name, [value]) }
}

/// The prefixes of CPSV-AP 3.2.0, as its SHACL shapes write the namespaces.
enum RDFPrefix {
    static let all: [(name: String, address: String)] = [
        ("adms", "http://www.w3.org/ns/adms#"),
        ("cpsv", "http://purl.org/vocab/cpsv#"),
        ("cv", "http://data.europa.eu/m8g/"),
        ("dcat", "http://www.w3.org/ns/dcat#"),
        ("dct", "http://purl.org/dc/terms/"),
        ("eli", "http://data.europa.eu/eli/ontology#"),
        ("foaf", "http://xmlns.com/foaf/0.1/"),
        ("org", "http://www.w3.org/ns/org#"),
        ("skos", "http://www.w3.org/2004/02/skos/core#"),
        ("time", "http://www.w3.org/2006/time#"),
        ("xsd", "http://www.w3.org/2001/XMLSchema#"),
    ]
}

/// Writes nodes one after the other, so that no catalogue is too long.
protocol RDFWriter: Sendable {
    var head: String { get }
    var tail: String { get }
    /// - Parameter isFirst: nothing stands before it.
    func text(of node: RDFNode, isFirst: Bool) -> String
}
