import SocialDomain

/// What other services may ask aid about a person: one question, one bit and the category's name.
extension AidContract {
    package static let status = Endpoint<NoParameters, StatusQuestion, StatusAnswer>(
        .post, "/aid/v1/statuses", id: "askStatus", tag: "statuses", access: .services,
        "某人是否属于低收入家庭", "Whether a person belongs to a low-income household")
}

/// The number travels in the body: it never stands in an address or a log.
package struct StatusQuestion: APIBody, Hashable {
    package let idNumber: String

    package init(idNumber: String) {
        self.idNumber = idNumber
    }

    package static let schema = Schema.object(
        "StatusQuestion", "问谁", "Whom it is about",
        [.init("idNumber", .text("身份证号", "The identity number", from: 15, to: 18))])
}

package struct StatusAnswer: APIBody, Hashable {
    package let isLowIncome: Bool
    /// The household's category, where it has one.
    package let category: String?

    package init(isLowIncome: Bool, category: String?) {
        self.isLowIncome = isLowIncome
        self.category = category
    }

    package static let schema = Schema.object(
        "StatusAnswer", "是否低收入家庭成员", "Whether the person belongs to a low-income household",
        [
            .init("isLowIncome", .boolean("是否低收入家庭成员", "Belongs to a low-income household")),
            .optional("category", .text("家庭类别", "The household's category", to: 100).orNull),
        ])
}
