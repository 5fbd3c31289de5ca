import Hummingbird

/// What the services are measured beside: one route that returns a constant, and nothing around it. `BareServer PORT`
@main
struct BareServer {
    static func main() async throws {
        let port = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 8099
        let router = Router()
        router.get("/constant") { _, _ in "constant" }
        let application = Application(
            router: router, configuration: .init(address: .hostname("127.0.0.1", port: port)))
        try await application.runService()
    }
}
