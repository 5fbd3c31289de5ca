import Testing

@testable import ServiceKit

struct TemplateTests {
    private func rendered(
        _ source: String, _ fields: Fields = [:], partials: [String: String] = [:]
    ) throws -> String {
        var templates = ["page": try Template(source)]
        for (name, source) in partials { templates[name] = try Template(source) }
        return TemplateLibrary(templates).render("page", fields)
    }

    @Test func `Values are escaped and markup is not`() throws {
        let fields: Fields = ["name": "<b> & \"c\" 'd' 王", "html": "<b>&amp;</b>"]
        #expect(
            try rendered("[{{name}}|{{ name }}|{{{html}}}|{{{ html }}}]", fields)
                == "[&lt;b&gt; &amp; &quot;c&quot; &#39;d&#39; 王|&lt;b&gt; &amp; &quot;c&quot; &#39;d&#39; 王|<b>&amp;</b>|<b>&amp;</b>]"
        )
    }

    @Test func `A name that is absent or holds nothing shows nothing`() throws {
        let fields: Fields = ["none": String?.none, "number": 42, "part": "abc".prefix(2)]
        #expect(try rendered("[{{missing}}{{none}}{{{missing}}}]{{number}}{{part}}", fields) == "[]42ab")
    }

    @Test(arguments: [
        ("absent", "no"), ("none", "no"), ("no", "no"), ("empty", "no"), ("yes", "yes"), ("text", "yes"),
        ("blank", "yes"),
        ("zero", "yes"), ("fields", "yes"), ("some", "yes"), ("list", "yesyes"),
    ])
    func `A section shows itself by its value`(name: String, expected: String) throws {
        let fields: Fields = [
            "none": Fields?.none, "no": false, "empty": [Fields](), "yes": true, "text": "a", "blank": "", "zero": 0,
            "fields": ["a": "b"] as Fields, "some": Optional("x"), "list": ["a", "b"],
        ]
        #expect(try rendered("{{#\(name)}}yes{{/\(name)}}{{^\(name)}}no{{/\(name)}}", fields) == expected)
    }

    @Test func `The innermost value of a name is shown and outer ones are seen`() throws {
        let fields: Fields = [
            "name": "outer", "only": "above",
            "people": [["name": "甲"] as Fields, ["role": "x"] as Fields],
            "tags": ["a<", "b"],
        ]
        #expect(
            try rendered("{{#people}}{{name}}/{{only}};{{/people}}{{#tags}}{{.}},{{/tags}}", fields)
                == "甲/above;outer/above;a&lt;,b,")
    }

    @Test func `Tags alone on a line take the line with them`() throws {
        let source =
            "<ul>\n  {{#list}}\n  <li>{{.}}</li>\n  {{/list}}\n{{^list}}\nnone\n{{/list}}\n{{! said }}\n</ul>\n"
        #expect(try rendered(source, ["list": ["a", "b"]]) == "<ul>\n  <li>a</li>\n  <li>b</li>\n</ul>\n")
        #expect(try rendered(source, [:]) == "<ul>\nnone\n</ul>\n")
        #expect(try rendered("a {{#x}}\nb\n{{/x}} c\r\n{{#x}}\r\nd\r\n{{/x}}", ["x": true]) == "a \nb\n c\r\nd\r\n")
    }

    @Test func `Templates show others with the names in sight`() throws {
        #expect(
            try rendered(
                "{{#rows}}\n{{> row}}\n{{/rows}}\n", ["rows": [["a": "1"] as Fields, ["a": "2"] as Fields], "b": "x"],
                partials: ["row": "<td>{{a}}{{b}}</td>\n"]) == "<td>1x</td>\n<td>2x</td>\n")
        let library = TemplateLibrary(["page": try Template("{{#a}}{{> gone}}{{/a}}")])
        #expect(library.gaps.map(\.shown) == ["gone"])
        #expect(library.render("other", [:]) == "⟦other⟧")
    }

    @Test(arguments: [
        ("a\n{{#x}}b", 2, "{{#x}} is never ended"),
        ("{{#x}}\n\n{{/y}}", 3, "{{/y}}: {{#x}} of line 1 is open"),
        ("{{/y}}", 1, "{{/y}}: no section is open"),
        ("a\n\n{{x", 3, "a tag is never closed"),
        ("{{{x}}", 1, "a tag is never closed"),
        ("{{}}", 1, "“” is not a name"),
        ("{{a b}}", 1, "“a b” is not a name"),
        ("{{= x}}", 1, "“= x” is not a name"),
    ])
    func `What is wrong is told with its line`(source: String, line: Int, reason: String) {
        #expect(throws: TemplateFault(line: line, reason: reason)) { try Template(source) }
    }

    @Test func `Text that looks like a tag is only text`() throws {
        #expect(try rendered("{{a}}{ {b} }", ["a": "{{c}}{{#d}}", "c": "no"]) == "{{c}}{{#d}}{ {b} }")
    }

    @Test func `A form that is posted carries the session's token and no other does`() throws {
        let source = Site.guarded(
            "<form class=\"a\" method=\"post\" action=\"{{to}}\">x</form><form method=\"get\">y</form>{{{given}}}")
        let fields: Fields = ["to": "/p", "given": "<form method=\"post\">"]
        #expect(
            try rendered(source, fields)
                == "<form class=\"a\" method=\"post\" action=\"/p\">x</form><form method=\"get\">y</form><form method=\"post\">"
        )
        var signedIn = fields
        signedIn["formToken"] = "T1"
        #expect(
            try rendered(source, signedIn)
                == "<form class=\"a\" method=\"post\" action=\"/p\"><input type=\"hidden\" name=\"form_token\" value=\"T1\">x</form>"
                + "<form method=\"get\">y</form><form method=\"post\">")
    }

    @Test func `Fields keep one value a name`() throws {
        var fields: Fields = ["a": "1", "b": "2"]
        fields["a"] = "3"
        fields["b"] = nil
        fields["c"] = nil
        fields["a"] = "4"
        fields["d"] = true
        let shown = try TemplateLibrary(["page": Template("{{a}}{{b}}{{c}}{{#d}}!{{/d}}")]).render("page", fields)
        #expect(shown == "4!")
        #expect(Fields().isEmpty)
        #expect(!fields.isEmpty)
    }
}
