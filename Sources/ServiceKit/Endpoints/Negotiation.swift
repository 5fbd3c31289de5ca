import Contracts

/// Whether what a route gives is among what the caller takes (RFC 9110 §12.5.1).
enum Negotiation {
    static func accepts(_ header: String?, _ given: [String]) -> Bool {
        guard let header, !given.isEmpty, header != "*/*", !given.contains(header) else { return true }
        let ranges = header.split(separator: ",").compactMap(Range.init)
        // A header that cannot be read says nothing.
        guard !ranges.isEmpty else { return true }
        return given.contains { type in
            let type = type.prefix { $0 != ";" }.lowercased()
            let best = ranges.filter { $0.covers(type) }.max { $0.specificity < $1.specificity }
            return best.map { $0.quality > 0 } ?? false
        }
    }

    private struct Range {
        let type: Substring
        let subtype: Substring
        let quality: Double

        init?(_ text: Substring) {
            let parts = text.split(separator: ";").map { $0.trimmingPrefix { $0 == " " || $0 == "\t" } }
            guard let name = parts.first else { return nil }
            let sides = name.lowercased().filter { $0 != " " }.split(separator: "/")
            guard sides.count == 2 else { return nil }
            type = sides[0]
            subtype = sides[1]
            let weight = parts.dropFirst().first { $0.hasPrefix("q=") }
            quality = weight.flatMap { Double($0.dropFirst(2)) } ?? 1
        }

        var specificity: Int { type == "*" ? 0 : subtype == "*" ? 1 : 2 }

        func covers(_ given: String) -> Bool {
            if type == "*" { return true }
            return subtype == "*" ? given.hasPrefix(type + "/") : given == type + "/" + subtype
        }
    }
}

extension EndpointDescription {
    /// What the good answer may be, by media type; a refusal is a problem document whatever was asked for.
    var mediaTypes: [String] {
        answers.compactMap { answer in
            switch answer.content {
            case .json: "application/json"
            case .bytes(let type): type
            case .page: "text/html"
            default: nil
            }
        }
    }
}
