import ServiceKit
import SocialDomain

/// The form of a plate's content, as its template sees it.
enum PlateForm {
    static func values(_ plate: Plate) -> [String: String] {
        let content = plate.content
        return [
            "name": content.name, "kind": content.kind.rawValue, "trade": content.trade, "address": content.address,
            "division": content.division.prefix, "longitude": content.position.map { "\($0.longitude)" } ?? "",
            "latitude": content.position.map { "\($0.latitude)" } ?? "", "helper": content.helperName,
            "phone": content.helperPhone, "version": "\(plate.version)",
        ]
    }

    static func fields(_ value: (String) -> String, faults: [PlateRefusal], _ words: Words) -> Fields {
        var fields = Fields()
        fields["kinds"] = Plate.Kind.allCases.map { kind -> Fields in
            ["value": kind.rawValue, "name": words["plate.kind.\(kind)"], "isChosen": value("kind") == kind.rawValue]
        }
        fields["inputs"] = PlateContent.fields.filter { $0 != "kind" }.map { name -> Fields in
            var input: Fields = [
                "id": name, "label": words["plate.field.\(name)"], "value": value(name),
                "isRequired": name == "name" || name == "division",
            ]
            input["hint"] = words.catalogue["plate.hint.\(name)"].map { words[$0] }
            input["fault"] = faults.first { $0.field == name }.map { words[$0.explanation] }
            return input
        }
        fields["kindFault"] = faults.first { $0.field == "kind" }.map { words[$0.explanation] }
        fields["version"] = value("version")
        fields["moveInputs"] = ["address", "division", "longitude", "latitude"].map { name -> Fields in
            [
                "id": "move-\(name)", "name": name, "label": words["plate.field.\(name)"],
                "value": name == "division" ? value(name) : "",
            ]
        }
        return fields
    }
}
