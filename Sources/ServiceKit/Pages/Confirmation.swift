package import Hummingbird

/// Asks once more before something is done that cannot be taken back: what will happen, one button that does it, and a way back. It is a
/// page of its own, so it needs no script.
package struct Confirmation: Sendable {
    /// A question, "停用 王芳 的账号？".
    package let title: String
    /// What will happen, in one or two sentences.
    package let effect: String
    /// The verb on the button; never "OK".
    package let verb: String
    /// Where the form goes: the contract's POST.
    package let action: String
    /// Where "do nothing" leads.
    package let back: String
    /// What the form carries besides.
    package var fields: [(name: String, value: String)] = []
    package var place = ""
    package var crumbs: [(name: String, href: String)] = []

    package init(title: String, effect: String, verb: String, action: String, back: String) {
        self.title = title
        self.effect = effect
        self.verb = verb
        self.action = action
        self.back = back
    }
}

extension Site {
    package func page(_ confirmation: Confirmation, _ request: Request, _ context: KitContext) -> Response {
        var page = Page("confirm", title: confirmation.title, place: confirmation.place)
        page.crumbs = confirmation.crumbs
        page.fields = [
            "effect": confirmation.effect, "verb": confirmation.verb, "action": confirmation.action,
            "backHref": confirmation.back,
            "hidden": confirmation.fields.map { ["name": $0.name, "value": $0.value] as Fields },
        ]
        return self.page(page, request, context)
    }
}
