import Contracts
import SocialDomain

/// `/SERVICE/docs`: the contract for people who write programs against it.
struct ContractManual: Sendable {
    let title: LocalizedText
    let service: String
    let endpoints: [EndpointDescription]

    func page(words: Words) -> Page {
        var page = Page(
            "contract", title: words("contract.title", ["service": words[title]]), lead: words["contract.lead"])
        page.fields["document"] = "/\(service)/openapi.json"
        let api = endpoints.filter { !$0.isPage }
        var tags: [String] = []
        for endpoint in api where !tags.contains(endpoint.tag) { tags.append(endpoint.tag) }
        page.fields["groups"] = tags.map { tag -> Fields in
            [
                "tag": tag, "endpoints": api.filter { $0.tag == tag }.map { fields(of: $0, words) },
            ]
        }
        page.fields["pages"] = endpoints.filter(\.isPage).map { endpoint -> Fields in
            ["method": endpoint.method.rawValue, "path": endpoint.path, "summary": words[endpoint.summary]]
        }
        return page
    }

    private func fields(of endpoint: EndpointDescription, _ words: Words) -> Fields {
        var fields: Fields = [
            "id": endpoint.id, "method": endpoint.method.rawValue, "path": endpoint.path,
            "summary": words[endpoint.summary], "access": access(endpoint.access, words),
            "answers": endpoint.answers.map { answer -> Fields in
                [
                    "status": "\(answer.status)", "meaning": words[answer.meaning],
                    "content": members(of: answer.content, words),
                ]
            },
            "problems": endpoint.allProblems.map { problem -> Fields in
                ["status": "\(problem.status)", "code": problem.code, "meaning": words[problem.meaning]]
            },
        ]
        let parameters = endpoint.documentedParameters
        if !parameters.isEmpty {
            fields["parameters"] =
                [
                    "list": parameters.map { parameter -> Fields in
                        member(
                            parameter.name, parameter.schema, isRequired: parameter.isRequired,
                            place: words["contract.in.\(parameter.place.rawValue)"], words)
                    }
                ] as Fields
        }
        if let body = endpoint.body { fields["body"] = ["list": members(of: body, words)] as Fields }
        return fields
    }

    private func access(_ access: Access, _ words: Words) -> String {
        switch access {
        case .open: words["contract.access.open"]
        case .signedIn: words["contract.access.signedIn"]
        case .services: words["contract.access.services"]
        case .roles(let roles, let service):
            words("contract.access.roles", ["service": service, "roles": roles.sorted().joined(separator: ", ")])
        }
    }

    private func members(of content: EndpointDescription.Content?, _ words: Words) -> [Fields] {
        switch content {
        case .json(let schema): members(of: schema, "", words)
        case .form(let properties): properties.map { member($0.name, $0.schema, isRequired: $0.isRequired, words) }
        case .upload(let field): [["name": field, "type": "multipart/form-data"]]
        case .bytes(let type): [["name": "", "type": type]]
        case .cloudEvent: [["name": "", "type": "application/cloudevents+json"]]
        case .page, nil: []
        }
    }

    private func members(of schema: Schema, _ prefix: String, _ words: Words) -> [Fields] {
        switch schema.kind {
        case .object(let properties):
            properties.flatMap { property -> [Fields] in
                [member(prefix + property.name, property.schema, isRequired: property.isRequired, words)]
                    + members(of: property.schema, "\(prefix)\(property.name).", words)
            }
        case .list(let element, _): members(of: element, prefix.isEmpty ? "" : "\(prefix.dropLast())[].", words)
        default: []
        }
    }

    private func member(
        _ name: String, _ schema: Schema, isRequired: Bool, place: String? = nil, _ words: Words
    ) -> Fields {
        var fields: Fields = ["name": name, "type": type(of: schema, words), "isOptional": !isRequired]
        fields["about"] = schema.about.map { words[$0] }
        fields["place"] = place
        return fields
    }

    private func type(of schema: Schema, _ words: Words) -> String {
        switch schema.kind {
        case .text(let least, let most): words("contract.type.text", ["from": "\(least)", "to": "\(most)"])
        case .formatted(let format): words["contract.type.\(format.rawValue)"]
        case .choice(let values): values.joined(separator: " | ")
        case .integer(let least, let most):
            most == .max
                ? words("contract.type.integerFrom", ["from": "\(least)"])
                : words("contract.type.integer", ["from": "\(least)", "to": "\(most)"])
        case .number: words["contract.type.number"]
        case .boolean: "true | false"
        case .list: words["contract.type.list"]
        case .object: words["contract.type.object"]
        case .any: "JSON"
        }
    }
}
