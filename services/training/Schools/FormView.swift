import Foundation
import ServiceKit
import SocialDomain

/// The inputs of a form as the template `class-fields` shows them: what was typed stays, each fault stands beside its field.
struct FormView {
    let words: Words
    /// The first part of the words' keys, `school.field.name`.
    let area: String
    let faults: [FieldFault]
    /// Before the ids, where one page has two forms with fields of one name.
    var prefix = ""
    let value: (String) -> String

    enum Look {
        case line
        case day
        case area
        case tick
        case choice([(value: String, title: String)])
    }

    func input(_ name: String, _ look: Look = .line, isNeeded: Bool = false, most: Int = 100) -> Fields {
        let id = prefix + name
        var input: Fields = ["id": id, "name": name, "label": words["\(area).field.\(name)"], "most": "\(most)"]
        let hint = words.catalogue["\(area).hint.\(name)"].map { words[$0] }
        let fault = faults.first { $0.field == id }.map { words[$0.message] }
        input["hint"] = hint
        input["fault"] = fault
        let described = [hint.map { _ in "\(id)-hint" }, fault.map { _ in "\(id)-fault" }].compactMap(\.self)
        input["describedBy"] = described.isEmpty ? nil : described.joined(separator: " ")
        input["isNeeded"] = isNeeded
        let value = value(name)
        input["value"] = value
        switch look {
        case .line: input["isLine"] = true
        case .day: input["isDay"] = true
        case .area: input["isArea"] = true
        case .tick:
            input["isTick"] = true
            input["isTicked"] = value == "yes"
        case .choice(let options):
            input["isChoice"] = true
            var options = options
            if !options.contains(where: { $0.value == value }) {
                // Nothing is chosen for anybody who would only overlook it.
                if value.isEmpty, isNeeded, options.count > 1 {
                    options.insert(("", words["form.choose"]), at: 0)
                } else if !value.isEmpty {
                    options.append((value, value))
                }
            }
            input["options"] = options.map { option -> Fields in
                ["value": option.value, "name": option.title, "isChosen": option.value == value]
            }
        }
        return input
    }

    /// The divisions that an account may choose from, down to the townships where they are not too many.
    static func divisions(_ tree: DivisionTree, within division: DivisionCode?) -> [(value: String, title: String)] {
        let all = division.map { Array(tree.subtree(of: $0)) } ?? tree.all
        let fitting = all.filter { $0.level >= .county }
        let shown = fitting.count <= 300 ? fitting : fitting.filter { $0.level == .county }
        return shown.map { ($0.code.prefix, tree.pathName(of: $0.code)) }
    }
}

/// What a page says whose form was sent after somebody else had changed the same thing.
struct StaleForm {
    /// Label, what stands there now, what was typed.
    let differences: [(label: String, now: String, typed: String)]

    init(_ names: [String], kept: (String) -> String, typed: (String) -> String, area: String, words: Words) {
        differences = names.compactMap { name in
            let (now, given) = (kept(name), typed(name))
            return now == given ? nil : (words["\(area).field.\(name)"], now, given)
        }
    }

    func fields(_ words: Words) -> Fields {
        Table(
            caption: words["stale.title"],
            columns: [.init(words["stale.field"]), .init(words["stale.now"]), .init(words["stale.typed"])],
            rows: differences.map {
                [.init($0.label), .init($0.now.isEmpty ? "–" : $0.now), .init($0.typed.isEmpty ? "–" : $0.typed)]
            }, emptiness: words["stale.same"]
        ).fields()
    }

    static let fault = FieldFault(
        field: "stale",
        message: LocalizedText(
            zh: "您打开页面以后，别人改过这里。没有保存；请对照下面的不同，改好后再保存。",
            en: "Somebody else has changed this since you opened it. Nothing was saved: compare below, then save again."
        ))
}
