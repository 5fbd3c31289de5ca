import Foundation
import SocialDomain

/// Something in a flow that cannot stand: where, what, and how to mend it.
struct FlowFault: ExplainedFault, Hashable {
    /// The node, `nodes.q3`; empty for the flow as a whole.
    let place: String
    let explanation: LocalizedText

    init(_ place: String, _ zh: String, _ en: String) {
        self.place = place
        explanation = LocalizedText(
            zh: place.isEmpty ? zh : "\(place)：\(zh)", en: place.isEmpty ? en : "\(place): \(en)")
    }
}

extension FlowFault {
    /// Why a text is no flow.
    init(_ error: any Error) {
        func path(_ context: DecodingError.Context) -> String {
            context.codingPath.map { key in key.intValue.map { "[\($0)]" } ?? ".\(key.stringValue)" }.joined()
                .trimmingCharacters(in: ["."])
        }
        switch error {
        case DecodingError.keyNotFound(let key, let context):
            self.init(path(context), "缺少“\(key.stringValue)”，请补上。", "“\(key.stringValue)” is missing: add it.")
        case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context):
            self.init(
                path(context), "这里的内容种类不对（例如应为文字、列表或对象）。请对照样例改正。",
                "What stands here is of another kind than it should be (a text, a list, an object): compare with a shipped flow."
            )
        default:
            self.init(
                "", "不是有效的 JSON：请检查引号、逗号和括号是否成对。",
                "It is not JSON: look for a missing quote, comma or bracket.")
        }
    }
}
