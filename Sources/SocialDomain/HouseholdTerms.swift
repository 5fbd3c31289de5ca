/// Why a household stands in the register.
package enum HouseholdCategory: String, CaseIterable, Codable, Sendable {
    case dibao
    case tekun
    case dibaoEdge = "dibao_edge"
    case rigidExpense = "rigid_expense"
    case factualHardship = "factual_hardship"
    case monitored

    package var title: LocalizedText {
        switch self {
        case .dibao: LocalizedText(zh: "低保", en: "Subsistence allowance (dibao)")
        case .tekun: LocalizedText(zh: "特困", en: "Extreme hardship (tekun)")
        case .dibaoEdge: LocalizedText(zh: "低保边缘", en: "Near the dibao line")
        case .rigidExpense: LocalizedText(zh: "刚性支出困难", en: "Rigid-expense hardship")
        case .factualHardship: LocalizedText(zh: "城镇事实困难", en: "Factual urban hardship")
        case .monitored: LocalizedText(zh: "其他监测对象", en: "Monitored only")
        }
    }

    /// Whether the household is in aid already (覆盖), and not only watched.
    package var isCovered: Bool { self != .monitored }
}

/// Whether a household lives in town or in the country: standards and programs differ.
package enum Settlement: String, CaseIterable, Codable, Sendable {
    case urban
    case rural

    package var title: LocalizedText {
        switch self {
        case .urban: LocalizedText(zh: "城镇", en: "Urban")
        case .rural: LocalizedText(zh: "农村牧区", en: "Rural")
        }
    }
}
