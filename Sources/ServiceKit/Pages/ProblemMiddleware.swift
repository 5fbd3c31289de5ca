import HTTPTypes
package import Hummingbird
import Logging
import Storage

/// The one place that turns errors into responses: a page for a reader, `application/problem+json` for a program.
package struct ProblemMiddleware: RouterMiddleware {
    private let site: Site
    /// In bytes.
    static let longestAddress = 8000

    package init(site: Site) {
        self.site = site
    }

    package func handle(
        _ request: Request, context: KitContext, next: (Request, KitContext) async throws -> Response
    ) async throws -> Response {
        do {
            guard request.uri.string.utf8.count <= Self.longestAddress else { throw Problem.addressTooLong }
            return try await next(request, context)
        } catch {
            let problem = Problem(error)
            if problem.status.code >= 500 {
                // The type says where to look; its description could hold a person's data, but for a database's.
                let words = (error as? DatabaseFault).map { "\($0)" } ?? String(reflecting: type(of: error))
                context.logger.error("request failed", metadata: ["error": "\(words)"])
            }
            let accept = request.headers[.accept] ?? ""
            if accept.contains("text/html") { return page(problem, request, context) }
            return problem.json(
                instance: String(request.uri.path.prefix(1000)), requestID: context.requestID,
                language: context.language)
        }
    }

    /// In both languages: the reader may not be able to read the switch's.
    private func page(_ problem: Problem, _ request: Request, _ context: KitContext) -> Response {
        let language = context.language
        var page = Page("problem", title: problem.title[language])
        page.status = problem.status
        // A citizen has no places at the left, where the service has pages for citizens at all.
        if context.caller == nil, site.hasPublicPages { page.layout = .public }
        page.fields = [
            "detail": problem.detail[language],
            "otherTitle": problem.title[language.other],
            "otherDetail": problem.detail[language.other],
            "otherTag": language.other.tag,
            "number": context.requestID,
            "home": site.home,
            "errors": problem.errors.map { ["message": $0.message[language]] as Fields },
        ]
        var response = site.page(page, request, context)
        response.headers.append(contentsOf: problem.headers)
        return response
    }
}
