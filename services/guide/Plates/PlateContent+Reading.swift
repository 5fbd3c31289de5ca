import SocialDomain

extension PlateContent {
    /// The fields in the order of the form and of the import's columns.
    static let fields = [
        "name", "kind", "trade", "address", "division", "longitude", "latitude", "helper", "phone",
    ]
    private static let longest = 100

    /// Reads what was typed into a form or stands in a row.
    ///
    /// - Returns: the content, and every fault there is.
    static func read(_ value: (String) -> String?) -> (content: PlateContent?, faults: [PlateRefusal]) {
        var faults: [PlateRefusal] = []
        func fault(_ field: String, _ zh: String, _ en: String) {
            faults.append(.field(field, LocalizedText(zh: zh, en: en)))
        }
        func text(_ field: String) -> String {
            let text = value(field) ?? ""
            if text.count > longest {
                fault(field, "最多 \(longest) 个字。", "At most \(longest) characters.")
            } else if text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) {
                fault(field, "有不可见的控制字符，请去掉。", "It holds control characters: take them out.")
            }
            return text
        }
        let name = text("name")
        if name.isEmpty { fault("name", "请填写名称。", "Give the place a name.") }
        let kind = kinds[(value("kind") ?? "").lowercased()]
        if kind == nil {
            fault("kind", "类别须为：店铺、大厅、村社。", "The kind is one of: shop, hall, village.")
        }
        let division = value("division").flatMap { DivisionCode($0) }
        if division == nil {
            fault("division", "区划代码应为 6、9 或 12 位数字。", "A division's code has 6, 9 or 12 digits.")
        }
        let position = position(value("longitude"), value("latitude"))
        if case .failure = position {
            fault(
                "longitude", "经度和纬度要一起填，例如 118.95 和 42.27。",
                "Give longitude and latitude together, such as 118.95 and 42.27.")
        }
        let phone = text("phone")
        if !phone.allSatisfy({ $0.isASCII && ($0.isNumber || " +-()".contains($0)) }) {
            fault("phone", "电话只能有数字和 + - ( )。", "A phone number holds digits and + - ( ) only.")
        }
        let (trade, address, helper) = (text("trade"), text("address"), text("helper"))
        guard faults.isEmpty, let kind, let division, case .success(let place) = position else { return (nil, faults) }
        return (
            PlateContent(
                kind: kind, name: name, trade: trade, address: address, division: division, position: place,
                helperName: helper, helperPhone: phone), []
        )
    }

    private static let kinds: [String: Plate.Kind] = [
        "shop": .shop, "店铺": .shop, "hall": .hall, "大厅": .hall, "village": .village, "村社": .village,
    ]

    private struct BadPosition: Error {}

    private static func position(_ longitude: String?, _ latitude: String?) -> Result<Position?, BadPosition> {
        let given = [longitude ?? "", latitude ?? ""]
        if given.allSatisfy(\.isEmpty) { return .success(nil) }
        guard let east = Double(given[0]), let north = Double(given[1]),
            let position = Position(longitude: east, latitude: north)
        else { return .failure(BadPosition()) }
        return .success(position)
    }
}
