package import SocialDomain

/// The OpenAPI 3.1 document of a service's endpoints.
package struct OpenAPIDocument: Sendable {
    package let title: LocalizedText
    package let version: String
    package let endpoints: [EndpointDescription]

    package init(title: LocalizedText, version: String, endpoints: [EndpointDescription]) {
        self.title = title
        self.version = version
        self.endpoints = endpoints
    }

    package var json: JSONValue {
        var paths: [String: JSONValue] = [:]
        for endpoint in endpoints {
            var operations: [String: JSONValue] = [:]
            if case .object(let known) = paths[endpoint.path] { operations = known }
            operations[endpoint.method.rawValue.lowercased()] = operation(endpoint)
            paths[endpoint.path] = .object(operations)
        }
        return [
            "openapi": "3.1.0",
            "jsonSchemaDialect": "https://spec.openapis.org/oas/3.1/dialect/base",
            "info": ["title": Self.both(title), "version": .text(version)],
            "paths": .object(paths),
            "components": [
                "schemas": .object(components()),
                "securitySchemes": [
                    "bearer": ["type": "http", "scheme": "bearer", "bearerFormat": "JWT"],
                    "cookie": ["type": "apiKey", "in": "cookie", "name": "minsheng_token"],
                ],
            ],
        ]
    }

    private static func both(_ text: LocalizedText) -> JSONValue { .text("\(text.zh) · \(text.en)") }

    // MARK: - Operations

    private func operation(_ endpoint: EndpointDescription) -> JSONValue {
        var members: [String: JSONValue] = [
            "operationId": .text(endpoint.id),
            "summary": Self.both(endpoint.summary),
            "tags": [.text(endpoint.tag)],
            "responses": responses(of: endpoint),
            "security": endpoint.access == .open ? [] : [["bearer": []], ["cookie": []]],
        ]
        if case .roles(let roles, let service) = endpoint.access {
            members["description"] = .text(
                "\(service): \(roles.sorted().joined(separator: ", "))（任一角色 · any of these roles）")
        } else if endpoint.access == .services {
            members["description"] = "其他服务的令牌 · a token of another service"
        }
        let parameters = endpoint.documentedParameters.map(Self.parameter)
        if !parameters.isEmpty { members["parameters"] = .list(parameters) }
        if let body = endpoint.body {
            members["requestBody"] = ["required": true, "content": Self.content(body)]
        }
        return .object(members)
    }

    private static func parameter(_ parameter: Parameter) -> JSONValue {
        var members: [String: JSONValue] = [
            "name": .text(parameter.name), "in": .text(parameter.place.rawValue),
            "required": .boolean(parameter.isRequired), "schema": parameter.schema.json,
        ]
        if let about = parameter.schema.about { members["description"] = both(about) }
        return .object(members)
    }

    private func responses(of endpoint: EndpointDescription) -> JSONValue {
        var responses: [String: JSONValue] = [:]
        for answer in endpoint.answers {
            var members: [String: JSONValue] = ["description": Self.both(answer.meaning)]
            if let content = answer.content { members["content"] = Self.content(content) }
            if !answer.headers.isEmpty {
                members["headers"] = .object(
                    Dictionary(uniqueKeysWithValues: answer.headers.map { ($0, ["schema": ["type": "string"]]) }))
            }
            responses[String(answer.status)] = .object(members)
        }
        for (status, kinds) in Dictionary(grouping: endpoint.allProblems, by: \.status) {
            let words = kinds.map { "`\($0.code)` \($0.meaning.zh) · \($0.meaning.en)" }.joined(separator: "; ")
            var content: [String: JSONValue] = [
                "application/problem+json": ["schema": ["$ref": "#/components/schemas/Problem"]]
            ]
            if endpoint.isPage { content["text/html"] = ["schema": ["type": "string"]] }
            responses[String(status)] = ["description": .text(words), "content": .object(content)]
        }
        return .object(responses)
    }

    private static func content(_ content: EndpointDescription.Content) -> JSONValue {
        switch content {
        case .json(let schema): ["application/json": ["schema": schema.json]]
        case .form(let properties):
            ["application/x-www-form-urlencoded": ["schema": Schema(.object(properties)).formJSON]]
        case .upload(let field):
            [
                "multipart/form-data": [
                    "schema": [
                        "type": "object", "required": [.text(field)],
                        "properties": [
                            field: ["type": "array", "items": ["type": "string", "format": "binary"]]
                        ],
                    ]
                ]
            ]
        case .bytes(let type): [type: ["schema": type.hasSuffix("json") ? [:] : ["type": "string"]]]
        case .cloudEvent: ["application/cloudevents+json": ["schema": ["type": "object"]]]
        case .page: ["text/html": ["schema": ["type": "string"]]]
        }
    }

    // MARK: - Components

    private func components() -> [String: JSONValue] {
        var found: [String: JSONValue] = ["Problem": Self.problem]
        func add(_ schema: Schema) {
            if let name = schema.name, found[name] == nil { found[name] = schema.written }
            switch schema.kind {
            case .object(let properties): for property in properties { add(property.schema) }
            case .list(let element, _): add(element)
            default: break
            }
        }
        for endpoint in endpoints {
            if case .json(let schema) = endpoint.body { add(schema) }
            for answer in endpoint.answers {
                if case .json(let schema) = answer.content { add(schema) }
            }
        }
        return found
    }

    /// RFC 9457 §3, with `code`, `requestID` and `errors` of our own.
    private static let problem: JSONValue = [
        "type": "object",
        "required": ["type", "title", "status", "detail", "instance", "code", "requestID"],
        "properties": [
            "type": ["type": "string"], "title": ["type": "string"], "status": ["type": "integer"],
            "detail": ["type": "string"], "instance": ["type": "string"], "code": ["type": "string"],
            "requestID": ["type": "string"],
            "errors": [
                "type": "array",
                "items": [
                    "type": "object", "required": ["detail"],
                    "properties": [
                        "pointer": ["type": "string", "description": "JSON pointer (RFC 6901) into the body"],
                        "parameter": ["type": "string"], "detail": ["type": "string"],
                    ],
                ],
            ],
        ],
    ]
}

extension EndpointDescription {
    /// With the headers that its settings bring.
    package var documentedParameters: [Parameter] {
        var all = parameters
        if takesKey {
            all.append(
                Parameter(
                    "Idempotency-Key", in: .header,
                    .text(
                        "同一操作重发时不变，保证只做一次", "The same when a request is sent again: it is done once", from: 1, to: 100),
                    isRequired: false))
        }
        if needsMatch {
            all.append(
                Parameter(
                    "If-Match", in: .header,
                    .text("读取时的 ETag", "The ETag that was read", from: 1, to: 100, example: "\"3\""), isRequired: true))
        }
        return all
    }
}

extension Schema {
    /// By reference where it has a name.
    package var json: JSONValue {
        guard let name else { return written }
        let reference: JSONValue = ["$ref": .text("#/components/schemas/\(name)")]
        return mayBeNull ? ["anyOf": [reference, ["type": "null"]]] : reference
    }

    /// A form's fields are texts; a browser may send more than the page names (the form's token).
    var formJSON: JSONValue {
        guard case .object(let properties) = kind else { return written }
        return [
            "type": "object",
            "properties": .object(Dictionary(uniqueKeysWithValues: properties.map { ($0.name, $0.schema.json) })),
            "required": .list(properties.filter(\.isRequired).map { .text($0.name) }),
        ]
    }

    /// In full, JSON Schema 2020-12.
    var written: JSONValue {
        var members = kindMembers
        if mayBeNull, let type = members["type"] { members["type"] = [type, "null"] }
        if mayBeNull, case .list(let values) = members["enum"] { members["enum"] = .list(values + [.null]) }
        if let about { members["description"] = .text("\(about.zh) · \(about.en)") }
        if let example { members["examples"] = [example] }
        return .object(members)
    }

    private var kindMembers: [String: JSONValue] {
        switch kind {
        case .text(let least, let most):
            var members: [String: JSONValue] = ["type": "string"]
            if least > 0 { members["minLength"] = .integer(Int64(least)) }
            if most < .max { members["maxLength"] = .integer(Int64(most)) }
            return members
        case .formatted(let format):
            var members: [String: JSONValue] = ["type": "string"]
            members["pattern"] = format.pattern.map { .text($0) }
            members["format"] = format.standardName.map { .text($0) }
            return members
        case .choice(let values): return ["type": "string", "enum": .list(values.map { .text($0) })]
        case .integer(let least, let most):
            var members: [String: JSONValue] = ["type": "integer", "format": "int64"]
            members["minimum"] = .integer(least)
            members["maximum"] = .integer(most)
            return members
        case .number: return ["type": "number"]
        case .boolean: return ["type": "boolean"]
        case .list(let element, let most):
            var members: [String: JSONValue] = ["type": "array", "items": element.json]
            members["maxItems"] = most.map { .integer(Int64($0)) }
            return members
        case .object(let properties):
            return [
                "type": "object", "additionalProperties": false,
                "properties": .object(Dictionary(uniqueKeysWithValues: properties.map { ($0.name, $0.schema.json) })),
                "required": .list(properties.filter(\.isRequired).map { .text($0.name) }),
            ]
        case .any: return [:]
        }
    }
}
