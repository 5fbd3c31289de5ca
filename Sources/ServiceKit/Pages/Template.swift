/// A template of a page, in the part of Mustache (mustache(5)) that our pages use: `{{name}}`, `{{{name}}}` for what is HTML
/// already, `{{.}}`, sections `{{#name}}…{{/name}}` and `{{^name}}…{{/name}}`, partials `{{> name}}`, comments `{{! … }}`.
///
/// A section, its end, a partial or a comment that stands alone on its line takes the line away with it.
struct Template: Sendable {
    indirect enum Part: Sendable, Equatable {
        case text(String)
        /// Escaped.
        case value(String)
        case markup(String)
        case section(String, [Part])
        /// Shown where the section would not be.
        case inverted(String, [Part])
        case partial(String)
    }

    let parts: [Part]

    init(_ source: String) throws(TemplateFault) {
        var reader = TemplateReader(source)
        parts = try reader.parts()
    }

    /// The templates that it shows.
    var partials: Set<String> { Self.partials(parts) }

    private static func partials(_ parts: [Part]) -> Set<String> {
        parts.reduce(into: []) { names, part in
            switch part {
            case .partial(let name): names.insert(name)
            case .section(_, let inner), .inverted(_, let inner): names.formUnion(partials(inner))
            case .text, .value, .markup: break
            }
        }
    }
}

/// What is wrong with a template, and in which of its lines.
struct TemplateFault: Error, Equatable, CustomStringConvertible {
    let line: Int
    let reason: String

    var description: String { "line \(line): \(reason)" }
}

/// Templates by name, which may show each other.
struct TemplateLibrary: Sendable {
    private let templates: [String: Template]

    init(_ templates: [String: Template]) {
        self.templates = templates
    }

    /// Names of templates that are shown and not there, with who shows them.
    var gaps: [(shown: String, by: String)] {
        templates.sorted { $0.key < $1.key }.flatMap { name, template in
            template.partials.filter { templates[$0] == nil }.sorted().map { ($0, name) }
        }
    }

    /// A name that is not there shows itself, so that a gap is seen and not hidden.
    func render(_ name: String, _ fields: Fields) -> String {
        guard let template = templates[name] else { return "⟦\(name)⟧" }
        var rendering = Rendering(templates: templates, stack: [.fields(fields)])
        rendering.html.reserveCapacity(8192)
        rendering.add(template.parts)
        return rendering.html
    }
}

/// One page being written.
private struct Rendering {
    let templates: [String: Template]
    /// The innermost at the end.
    var stack: [ShownField]
    var html = ""

    mutating func add(_ parts: [Template.Part]) {
        for part in parts {
            switch part {
            case .text(let text): html += text
            case .value(let name): if let text = text(name) { HTML.add(text, to: &html) }
            case .markup(let name): if let text = text(name) { html += text }
            case .section(let name, let inner): addSection(value(name), inner)
            case .inverted(let name, let inner): if isAbsent(value(name)) { add(inner) }
            case .partial(let name): if let template = templates[name] { add(template.parts) }
            }
        }
    }

    private mutating func addSection(_ value: ShownField, _ parts: [Template.Part]) {
        switch value {
        case .nothing, .flag(false): return
        case .flag(true): add(parts)
        case .text, .fields: add(parts, within: value)
        case .list(let values): for value in values { add(parts, within: value) }
        }
    }

    private mutating func add(_ parts: [Template.Part], within value: ShownField) {
        stack.append(value)
        add(parts)
        stack.removeLast()
    }

    private func isAbsent(_ value: ShownField) -> Bool {
        switch value {
        case .nothing, .flag(false): true
        case .list(let values): values.isEmpty
        case .text, .flag(true), .fields: false
        }
    }

    private func text(_ name: String) -> String? {
        switch value(name) {
        case .text(let text): text
        case .flag(let isTrue): "\(isTrue)"
        case .nothing, .fields, .list: nil
        }
    }

    /// The innermost that has the name.
    private func value(_ name: String) -> ShownField {
        if name == "." { return stack.last ?? .nothing }
        for case .fields(let fields) in stack.reversed() {
            if let found = fields.shown(name) { return found }
        }
        return .nothing
    }
}
