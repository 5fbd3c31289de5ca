import CurlHTTP
import Glibc

/// Sends and reads a body of some megabytes as a stream: `ADDRESS MEGABYTES`, the address of `misbehaving_server.py`.
/// Prints megabytes a second up, the same down, and by how many KB the peak of resident memory rose.
@main
enum CurlStream {
    struct BadArguments: Error {}
    struct Incomplete: Error {}

    static func main() async throws {
        guard CommandLine.arguments.count == 3, let size = Int(CommandLine.arguments[2]) else { throw BadArguments() }
        let address = CommandLine.arguments[1]
        let client = HTTPClient()
        _ = try await client.send(ClientRequest(.get, "\(address)/ok"))
        let before = peak()

        let body = ClientRequest.Body.stream(length: nil) { writer in
            let piece = [UInt8](repeating: 0, count: 1 << 20)
            for _ in 0..<size { try await writer.write(piece) }
        }
        let up = try await seconds {
            let answer = try await client.send(ClientRequest(.post, "\(address)/echo", body: body))
            guard answer.text.contains("\"length\": \(size << 20),") else { throw Incomplete() }
        }
        let down = try await seconds {
            let count = try await client.stream(ClientRequest(.get, "\(address)/zeros/\(size << 20)")) { stream in
                try await stream.reduce(0) { $0 + $1.count }
            }
            guard count == size << 20 else { throw Incomplete() }
        }
        print("\(Int(Double(size) / up)) \(Int(Double(size) / down)) \(peak() - before)")
        await client.close()
    }

    private static func seconds(_ work: @Sendable () async throws -> Void) async throws -> Double {
        let start = ContinuousClock.now
        try await work()
        return (ContinuousClock.now - start) / .seconds(1)
    }

    private static func peak() -> Int {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return usage.ru_maxrss
    }
}
