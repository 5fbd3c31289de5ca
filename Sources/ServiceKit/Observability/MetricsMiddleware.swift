package import Contracts
package import Hummingbird
import NIOCore
import Synchronization

/// Counts and times requests by method, route and status; the route is the pattern, so that no id becomes a label.
package struct MetricsMiddleware: RouterMiddleware {
    private let registry: PrometheusRegistry
    private let active: PrometheusGauge
    private let known = KnownHistograms()

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
        known.histogram(request.method.rawValue, context.endpointPath ?? "none", response.status.code, in: registry)
            .record((ContinuousClock.now - started) / .seconds(1))
        return response
    }
}

/// The histograms of the routes that were asked for, by what tells them apart.
private final class KnownHistograms: Sendable {
    private struct Key: Hashable {
        let method: String
        let route: String
        let status: Int
    }

    private let known = Mutex<[Key: PrometheusHistogram]>([:])

    func histogram(
        _ method: String, _ route: String, _ status: Int, in registry: PrometheusRegistry
    ) -> PrometheusHistogram {
        known.withLock { known in
            let key = Key(method: method, route: route, status: status)
            if let histogram = known[key] { return histogram }
            let histogram = registry.histogram(
                "http_server_request_duration_seconds",
                [("method", method), ("route", route), ("status", "\(status)")])
            known[key] = histogram
            return histogram
        }
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
