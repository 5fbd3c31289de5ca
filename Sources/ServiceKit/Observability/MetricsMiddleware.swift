package import Contracts
package import Hummingbird
import NIOCore

/// Counts and times requests by method, route and status; the route is the pattern, so that no id becomes a label.
package struct MetricsMiddleware: RouterMiddleware {
    private let registry: PrometheusRegistry
    private let active: PrometheusGauge

    package init(_ registry: PrometheusRegistry) {
        self.registry = registry
        active = registry.activeRequests
    }

    package func handle(
        _ request: Request, context: KitContext, next: (Request, KitContext) async throws -> Response
    ) async throws -> Response {
        let started = ContinuousClock.now
        active.increment(by: 1)
        defer { active.decrement(by: 1) }
        // Errors have become responses further in.
        let response = try await next(request, context)
        registry.histogram(
            "http_server_request_duration_seconds",
            [
                ("method", request.method.rawValue), ("route", context.endpointPath ?? "none"),
                ("status", "\(response.status.code)"),
            ]
        ).record((ContinuousClock.now - started) / .seconds(1))
        return response
    }
}

extension PrometheusRegistry {
    var activeRequests: PrometheusGauge {
        // The kind that was made for this label is the kind that comes back.
        makeMeter(label: "http_server_active_requests", dimensions: []) as? PrometheusGauge ?? PrometheusGauge()
    }

    /// For operators and other services' tokens with that role.
    package func addRoute(_ contract: EndpointDescription, to routes: inout RouteTable) {
        routes.on(contract) { [self] _, _ in
            Response(
                status: .ok, headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
                body: ResponseBody(byteBuffer: ByteBuffer(string: text())))
        }
    }
}
