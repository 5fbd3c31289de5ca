package import Contracts
import HTTPTypes
import Hummingbird
import Logging
import Synchronization

/// `health/live`: the process answers. `health/ready`: it can do its work; if not, what is missing is named.
package enum Health {
    /// Something that the service needs.
    package struct Dependency: Sendable {
        let name: String
        let check: @Sendable () async throws -> Void

        package init(_ name: String, check: @escaping @Sendable () async throws -> Void) {
            self.name = name
            self.check = check
        }
    }

    package static func addRoutes(to routes: inout RouteTable, _ contract: KitContract, _ dependencies: [Dependency]) {
        let probe = Probe(dependencies)
        routes.on(contract.live) { _ in Reply(Liveness()) }
        routes.on(contract.ready.description) { _, context in
            let failing = await probe.failing()
            let checks = dependencies.map { Readiness.Check(name: $0.name, isWell: !failing.contains($0.name)) }
            if failing.isEmpty { return try JSONAnswer.response(Readiness(status: "ready", checks: checks)) }
            context.logger.error("not ready", metadata: ["failing": "\(failing.sorted().joined(separator: " "))"])
            return try JSONAnswer.response(
                Readiness(status: "failing", checks: checks), status: .serviceUnavailable)
        }
    }

    /// Asks at most once a second, however often it is asked, and waits two seconds for an answer.
    private actor Probe {
        private let dependencies: [Dependency]
        private var last: (time: ContinuousClock.Instant, failing: Set<String>)?

        init(_ dependencies: [Dependency]) {
            self.dependencies = dependencies
        }

        func failing() async -> Set<String> {
            if let last, ContinuousClock.now - last.time < .seconds(1) { return last.failing }
            var failing: Set<String> = []
            for dependency in dependencies where await !Self.holds(dependency) { failing.insert(dependency.name) }
            last = (ContinuousClock.now, failing)
            return failing
        }

        private static func holds(_ dependency: Dependency) async -> Bool {
            await withTaskGroup(of: Bool.self) { group in
                group.addTask { (try? await dependency.check()) != nil }
                group.addTask {
                    try? await Task.sleep(for: .seconds(2))
                    return false
                }
                defer { group.cancelAll() }
                return await group.next() ?? false
            }
        }
    }
}
