package import SocialDomain

/// What a route takes and gives: written once; the route, the typed client and the API document come from it.
package struct EndpointDescription: Hashable, Sendable {
    package enum Method: String, Hashable, Sendable {
        case get = "GET"
        case post = "POST"
        case put = "PUT"
        case patch = "PATCH"
        case delete = "DELETE"
    }

    package enum Content: Hashable, Sendable {
        case json(Schema)
        /// `application/x-www-form-urlencoded`, as a page's form sends it.
        case form([Schema.Property])
        /// `multipart/form-data` with files in one field.
        case upload(field: String)
        /// Bytes of another kind, by media type.
        case bytes(String)
        /// `application/cloudevents+json`, structured (CloudEvents 1.0).
        case cloudEvent
        /// A page for people.
        case page
    }

    package struct Answer: Hashable, Sendable {
        package let status: Int
        package let content: Content?
        package let meaning: LocalizedText
        package var headers: [String]

        package init(_ status: Int, _ content: Content?, _ zh: String, _ en: String, headers: [String] = []) {
            self.status = status
            self.content = content
            meaning = LocalizedText(zh: zh, en: en)
            self.headers = headers
        }
    }

    package let id: String
    package let method: Method
    /// `/aid/v1/alerts/{id}`.
    package let path: String
    package let summary: LocalizedText
    package let access: Access
    package let tag: String
    package var parameters: [Parameter]
    package var body: Content?
    /// The longest body that is read, in bytes.
    package var bodyLimit = 64 * 1024
    package var answers: [Answer]
    /// Beyond those that every endpoint of its kind has.
    package var problems: [ProblemKind] = []
    /// Takes an `Idempotency-Key`: sent again with the same key it does nothing and gives the same answer.
    package var takesKey = false
    /// Its answer carries an `ETag`.
    package var isVersioned = false
    /// Needs `If-Match` with the version that the change is made on.
    package var needsMatch = false

    package var isPage: Bool { !path.contains("/v1/") }
}

extension EndpointDescription {
    /// Every way in which it can fail, by status.
    package var allProblems: [ProblemKind] {
        var all: [ProblemKind] = [
            .badRequest, .addressTooLong, .headersTooLong, .foreignHost, .tooManyRequests, .unexpected, .busy,
        ]
        if !isPage { all.append(.notAcceptable) }
        if access != .open { all += [.signInNeeded, .notAllowed] }
        if !parameters.isEmpty { all.append(.invalid) }
        if parameters.contains(where: { $0.place == .path }) { all.append(.notFound) }
        if method != .get {
            // A cookie's form from elsewhere.
            all += [.signInNeeded, .notAllowed]
        }
        if body != nil { all += [.tooLarge, .unsupportedMediaType, .invalid] }
        if takesKey { all += [.refused, .invalid] }
        if needsMatch { all += [.stale, .matchNeeded] }
        var known = Set(problems)
        var result = problems
        for kind in all where known.insert(kind).inserted { result.append(kind) }
        return result.sorted { ($0.status, $0.code) < ($1.status, $1.code) }
    }
}

/// An endpoint whose parameters, body and answer are values.
package struct Endpoint<Parameters: APIParameters, Body: APIBody, Answer: APIBody>: Sendable {
    package let description: EndpointDescription

    /// - Parameters:
    ///   - status: of the good answer.
    ///   - configure: the rarer settings.
    package init(
        _ method: EndpointDescription.Method, _ path: String, id: String, tag: String, access: Access,
        _ zh: String, _ en: String, status: Int = 200, configure: (inout EndpointDescription) -> Void = { _ in }
    ) {
        var headers: [String] = []
        if status == 201 || status == 202 { headers.append("Location") }
        var description = EndpointDescription(
            id: id, method: method, path: path, summary: LocalizedText(zh: zh, en: en), access: access, tag: tag,
            parameters: Parameters.parameters, body: Body.self == NoBody.self ? nil : .json(Body.schema),
            answers: [
                .init(status, Answer.self == NoBody.self ? nil : .json(Answer.schema), zh, en, headers: headers)
            ])
        configure(&description)
        if description.isVersioned { description.answers[0].headers.append("ETag") }
        self.description = description
    }
}

extension EndpointDescription {
    /// A page for people, or where a page's form goes.
    package static func page(
        _ method: Method = .get, _ path: String, id: String, tag: String, access: Access, _ zh: String, _ en: String,
        parameters: [Parameter] = [], form: [Schema.Property]? = nil, leadsOn: Bool = false
    ) -> EndpointDescription {
        var answers: [Answer] = []
        if method == .get || !leadsOn { answers.append(Answer(200, .page, zh, en)) }
        if method != .get || leadsOn {
            answers.append(Answer(303, nil, "转到结果页面", "Leads on to the result", headers: ["Location"]))
        } else if access != .open {
            answers.append(Answer(303, nil, "转到登录页面", "Leads to the sign-in", headers: ["Location"]))
        } else {
            answers.append(Answer(303, nil, "记住语言或字号", "Remembers language or type size", headers: ["Location"]))
        }
        return EndpointDescription(
            id: id, method: method, path: path, summary: LocalizedText(zh: zh, en: en), access: access, tag: tag,
            parameters: parameters, body: form.flatMap { $0.isEmpty ? nil : .form($0) }, answers: answers,
            problems: method == .get ? [] : [.invalid, .refused, .notFound, .stale])
    }

    /// Bytes of one kind: a download, a probe.
    package static func bytes(
        _ type: String, _ path: String, id: String, tag: String, access: Access, _ zh: String, _ en: String,
        parameters: [Parameter] = []
    ) -> EndpointDescription {
        EndpointDescription(
            id: id, method: .get, path: path, summary: LocalizedText(zh: zh, en: en), access: access, tag: tag,
            parameters: parameters, body: nil, answers: [Answer(200, .bytes(type), zh, en)])
    }
}

/// A list's answer: entries, and the cursor of the next.
package struct Listing<Entry: APIBody>: APIBody {
    package let items: [Entry]
    /// Nil at the end.
    package let next: String?

    package init(items: [Entry], next: String?) {
        self.items = items
        self.next = next
    }

    package static var schema: Schema {
        var schema = Schema(
            .object([
                .init("items", .list("条目", "The entries", of: Entry.schema)),
                .optional("next", .text("下一页的 cursor，末页没有", "The next page's cursor; absent at the end", to: 500)),
            ]), "一页", "One page of a list")
        schema.name = Entry.schema.name.map { "\($0)List" }
        return schema
    }
}
