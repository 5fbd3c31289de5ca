import ServiceKit
import SocialDomain

/// The form of a sign-up: every fault at once, and what was typed kept.
struct SignUpForm {
    let form: Form
    let divisions: DivisionTree
    private static let longestName = 50
    /// A yuan more than anyone earns in a month is a slip of the finger.
    private static let mostIncome = Money(fen: 100_000_000)

    func read() -> (person: SignUpPerson?, faults: [FieldFault]) {
        var faults: [FieldFault] = []
        func fault(_ field: String, _ zh: String, _ en: String) {
            faults.append(FieldFault(field: field, message: LocalizedText(zh: zh, en: en)))
        }
        let name = form["name"] ?? ""
        if name.isEmpty { fault("name", "请填写姓名，与身份证一致。", "Write the name as on the identity card.") }
        if name.unicodeScalars.count > Self.longestName {
            fault("name", "姓名最多 \(Self.longestName) 个字。", "A name has at most \(Self.longestName) characters.")
        } else if name.unicodeScalars.contains(where: { $0.value < 0x20 || "<>{}".unicodeScalars.contains($0) }) {
            fault("name", "姓名里不能有 < > 这样的符号。", "A name holds no signs such as < or >.")
        }
        var number: CitizenID?
        do {
            number = try CitizenID(String((form["number"] ?? "").prefix(100)))
        } catch {
            faults.append(FieldFault(field: "number", message: error.explanation))
        }
        let phone = Self.digits(form["phone"] ?? "")
        if phone == nil {
            fault(
                "phone", "请填写能联系到您的电话：11 位手机号，或带区号的座机。",
                "Write a phone that reaches you: 11 digits, or a line with its area code.")
        }
        let residence = form["residence"].flatMap(Residence.init(rawValue:))
        if residence == nil {
            fault("residence", "请选择户籍是城镇还是农村牧区。", "Say whether the household is registered as urban or rural.")
        }
        var division = form["living"].flatMap { DivisionCode($0) }
        if form["living"] == "elsewhere" {
            division = number.flatMap { divisions.currentCodes(for: $0.division).first }
        }
        if division == nil, number != nil || form["living"] != "elsewhere" {
            fault("living", "请选择现在住在哪里。", "Say where you live.")
        }
        var income: Money?
        if let text = form["income"] {
            income = try? Money(parsing: String(text.prefix(50)))
            if income.map({ $0 < .zero || Self.mostIncome < $0 }) ?? true {
                fault(
                    "income", "请填写每月收入（元），如 1500；没有收入填 0。",
                    "Write the income a month in yuan, such as 1500; 0 if there is none.")
            }
        }
        let groups = Set(LearnerGroup.allCases.filter { form["group-\($0.rawValue)"] != nil })
        guard faults.isEmpty, let number, let phone, let residence, let division else { return (nil, faults) }
        return (
            SignUpPerson(
                name: name, number: number, phone: phone, residence: residence,
                schooling: form["schooling"].flatMap(Schooling.init(rawValue:)) ?? .unknown,
                wish: form["wish"].flatMap(WorkWish.init(rawValue:)) ?? .any, groups: groups, incomeBefore: income,
                division: division), []
        )
    }

    /// The digits of a phone number, nil where it cannot be one.
    static func digits(_ text: String) -> String? {
        guard text.unicodeScalars.count <= 30 else { return nil }
        var digits = ""
        for scalar in TextForm.folded(text).unicodeScalars {
            switch scalar {
            case "0"..."9": digits.unicodeScalars.append(scalar)
            case " ", "-", "+", "(", ")": break
            default: return nil
            }
        }
        if digits.count == 13, digits.hasPrefix("86") { digits = String(digits.dropFirst(2)) }
        return (10...12).contains(digits.count) ? digits : nil
    }

    // MARK: - The page

    /// - Parameter near: the league whose townships are offered.
    func fields(near: DivisionCode?, faults: [FieldFault], words: Words) -> Fields {
        var fields: Fields = [:]
        for name in ["name", "number", "phone", "income"] { fields[name] = String((form[name] ?? "").prefix(200)) }
        for fault in faults { fields["\(fault.field)Fault"] = words[fault.message] }
        fields["residences"] = Residence.allCases.map { choice($0.rawValue, $0.title, form["residence"], words) }
        fields["schoolings"] = Schooling.allCases.map {
            choice($0.rawValue, $0.title, form["schooling"] ?? "unknown", words)
        }
        fields["wishes"] = WorkWish.allCases.map { choice($0.rawValue, $0.title, form["wish"] ?? "any", words) }
        fields["groups"] = LearnerGroup.allCases.map { group -> Fields in
            [
                "value": group.rawValue, "name": words[group.title],
                "isChosen": form["group-\(group.rawValue)"] != nil,
            ]
        }
        let counties = near.map { divisions.children(of: $0) } ?? divisions.counties
        fields["counties"] = counties.map { county -> Fields in
            let places = [county] + (near == nil ? [] : divisions.children(of: county.code))
            return [
                "county": county.name,
                "places": places.map { place -> Fields in
                    [
                        "value": place.code.text,
                        "name": place.code == county.code
                            ? words("signup.living.county", ["county": county.name]) : place.name,
                        "isChosen": form["living"].flatMap { DivisionCode($0) } == place.code,
                    ]
                },
            ]
        }
        fields["isElsewhere"] = form["living"] == "elsewhere"
        return fields
    }

    private func choice(_ value: String, _ title: LocalizedText, _ current: String?, _ words: Words) -> Fields {
        ["value": value, "name": words[title], "isChosen": value == current]
    }
}
