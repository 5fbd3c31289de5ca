/// A person's sex, as the register writes it.
package enum Sex: String, CaseIterable, Codable, Sendable {
    case male
    case female

    package var title: LocalizedText {
        switch self {
        case .male: LocalizedText(zh: "男", en: "Male")
        case .female: LocalizedText(zh: "女", en: "Female")
        }
    }
}

/// What a member is to the head of the household.
package enum Relation: String, CaseIterable, Codable, Sendable {
    case head
    case spouse
    case child
    case parent
    case other

    package var title: LocalizedText {
        switch self {
        case .head: LocalizedText(zh: "户主", en: "Head")
        case .spouse: LocalizedText(zh: "配偶", en: "Spouse")
        case .child: LocalizedText(zh: "子女", en: "Child")
        case .parent: LocalizedText(zh: "父母", en: "Parent")
        case .other: LocalizedText(zh: "其他", en: "Other")
        }
    }
}

/// The age groups in which aid and care count people.
package enum AgeGroup: String, CaseIterable, Codable, Sendable {
    /// Below 3, of nursery age.
    case infant
    /// 3 to 5.
    case preschool
    /// 6 to 15; with the two before, below 16 as 特困人员认定办法 art. 5 draws the line.
    case schoolAge = "school_age"
    /// 16 and 17, still minors (未成年人保护法 art. 2).
    case adolescent
    /// 18 to 59.
    case workingAge = "working_age"
    /// 60 to 69; old age begins at 60 (老年人权益保障法 art. 2).
    case elder
    /// 70 to 79 (特困人员认定办法 art. 8 names 70).
    case senior
    /// 80 and above (高龄).
    case oldest

    /// The group of an age in full years.
    package init(age: Int) {
        self =
            switch age {
            case ..<3: .infant
            case ..<6: .preschool
            case ..<16: .schoolAge
            case ..<18: .adolescent
            case ..<60: .workingAge
            case ..<70: .elder
            case ..<80: .senior
            default: .oldest
            }
    }

    package init(bornOn birthDate: CalendarDate, on day: CalendarDate) {
        self.init(age: birthDate.fullYears(until: day))
    }

    /// Below 18.
    package var isMinor: Bool {
        switch self {
        case .infant, .preschool, .schoolAge, .adolescent: true
        case .workingAge, .elder, .senior, .oldest: false
        }
    }

    /// 60 and above.
    package var isElder: Bool {
        switch self {
        case .elder, .senior, .oldest: true
        case .infant, .preschool, .schoolAge, .adolescent, .workingAge: false
        }
    }

    package var title: LocalizedText {
        switch self {
        case .infant: LocalizedText(zh: "3岁以下", en: "Under 3")
        case .preschool: LocalizedText(zh: "3至5岁", en: "3 to 5")
        case .schoolAge: LocalizedText(zh: "6至15岁", en: "6 to 15")
        case .adolescent: LocalizedText(zh: "16至17岁", en: "16 to 17")
        case .workingAge: LocalizedText(zh: "18至59岁", en: "18 to 59")
        case .elder: LocalizedText(zh: "60至69岁", en: "60 to 69")
        case .senior: LocalizedText(zh: "70至79岁", en: "70 to 79")
        case .oldest: LocalizedText(zh: "80岁及以上", en: "80 and over")
        }
    }
}
