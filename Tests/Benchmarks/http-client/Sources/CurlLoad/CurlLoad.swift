import CurlHTTP
import Load

@main
enum CurlLoad {
    static func main() async throws {
        let load = try Load(CommandLine.arguments)
        var options = ClientOptions()
        if let connections = load.connections { options.connectionsPerHost = connections }
        let client = HTTPClient(options: options)
        await load.run {
            let answer = try await client.send(ClientRequest(.get, load.url))
            return (answer.status, answer.body.count)
        }
        await client.close()
    }
}
