import AsyncHTTPClient
import Load
import NIOCore
import NIOHTTP1

@main
enum AsyncLoad {
    static func main() async throws {
        let load = try Load(CommandLine.arguments)
        var configuration = HTTPClient.Configuration()
        if let connections = load.connections {
            configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = connections
        }
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        await load.run {
            let answer = try await client.execute(HTTPClientRequest(url: load.url), timeout: .seconds(60))
            let body = try await answer.body.collect(upTo: 16 << 20)
            return (Int(answer.status.code), body.readableBytes)
        }
        try await client.shutdown()
    }
}
