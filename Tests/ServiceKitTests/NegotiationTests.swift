import Testing

@testable import ServiceKit

struct NegotiationTests {
    @Test(arguments: [
        (nil, true), ("*/*", true), ("application/json", true), ("application/*", true), ("text/html", false),
        ("text/html, */*;q=0.1", true), ("application/json;q=0", false), ("application/json;q=0, */*", false),
        ("application/*;q=0, application/json", true), ("rubbish", true), ("", true), ("APPLICATION/JSON", true),
        ("application/json; charset=utf-8", true), ("text/*;q=0.5, application/xml", false),
    ])
    func `JSON is given to whoever takes it`(_ accept: String?, _ isGiven: Bool) {
        #expect(Negotiation.accepts(accept, ["application/json"]) == isGiven)
    }
}
