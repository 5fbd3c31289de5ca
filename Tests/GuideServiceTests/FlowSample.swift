import SocialDomain

@testable import GuideService

/// Flows for the tests, written as files are.
enum FlowSample {
    /// Two questions; the second is passed over by whoever answers no.
    static func json(
        id: String = "shop", next: String = "\"end\"", item: String = "食品经营许可", second: String = "\"end\""
    ) -> String {
        """
        {"id": "\(id)", "title": {"zh": "开店", "en": "Open a shop"}, "lead": {"zh": "两问", "en": "Two questions"},
         "start": "q1",
         "nodes": {
          "q1": {"question": {"zh": "卖吃的吗？", "en": "Do you sell food?"}, "options": [
            {"id": "yes", "label": {"zh": "卖", "en": "Yes"}, "items": [{"item": "\(item)"}], "next": "q2"},
            {"id": "no", "label": {"zh": "不卖", "en": "No"}, "items": [], "next": \(next)}]},
          "q2": {"question": {"zh": "请人吗？", "en": "Do you hire?"}, "hint": {"zh": "含家人", "en": "Family too"},
            "options": [{"id": "one", "label": {"zh": "请", "en": "Yes"}, "items": [], "next": \(second)}]}
         },
         "ends": {"end": {"title": {"zh": "要办的事", "en": "What to do"}}},
         "order": ["\(item)"]}
        """
    }

    static let items = FlowCheck.Items([
        .init(code: "100", name: "食品经营许可", variants: ["new", "renew"]),
        .init(code: "200", name: "同名", variants: []), .init(code: "201", name: "同名", variants: []),
    ])

    static func faults(_ json: String) -> [String] {
        FlowCheck(items: items).read(json).faults.map(\.explanation.en)
    }
}
