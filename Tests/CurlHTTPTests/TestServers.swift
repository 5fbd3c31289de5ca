import CurlHTTP
import Foundation
import Testing

/// The servers that the suite talks to, started once: `servers.py` beside this file.
struct TestServers: Decodable, Sendable {
    /// What servers should not do, by path.
    let plain: String
    /// The same behind TLS, with a certificate that is in order.
    let good: String
    let expired: String
    let early: String
    let named: String
    let selfSigned: String
    /// The file of the authority that signed all but the last.
    let authorities: String
    /// Nobody listens there.
    let closed: String
    /// nginx; nil where it is not installed.
    let http2: String?
    let http2Plain: String?
    /// nil where it is not installed.
    let httpbin: String?

    /// Ends with this process: the servers read their standard input until it closes.
    private struct Running: Sendable {
        let servers: TestServers
        let lifeline: Pipe
    }

    private static let running = Result { try start() }

    static var shared: TestServers {
        get throws { try running.get().servers }
    }

    static var hasNginx: Bool { (try? shared.http2) != nil }
    static var hasHttpbin: Bool { (try? shared.httpbin) != nil }

    private static func start() throws -> Running {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
        let venv =
            ProcessInfo.processInfo.environment["MINSHENG_HTTPBIN_VENV"]
            ?? folder.appending(path: "../../.build/httpbin-venv").standardizedFileURL.path
        let (lifeline, output) = (Pipe(), Pipe())
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["python3", folder.appending(path: "servers.py").path, venv + "/bin/python"]
        process.standardInput = lifeline
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        var line = Data()
        while !line.contains(0x0a) {
            let more = output.fileHandleForReading.availableData
            if more.isEmpty { break }
            line.append(more)
        }
        return Running(servers: try JSONDecoder().decode(TestServers.self, from: line), lifeline: lifeline)
    }
}

extension ClientOptions {
    /// Retries are off and limits far away unless the test says otherwise: beside other suites a task may not be run for
    /// half a minute.
    static func with(_ change: (inout Self) throws -> Void) rethrows -> Self {
        var options = Self()
        options.retries.attempts = 1
        options.timeouts = .far
        options.breaker.pause = .seconds(120)
        try change(&options)
        return options
    }
}

extension ClientOptions.Timeouts {
    static var far: Self {
        var timeouts = Self()
        (timeouts.connect, timeouts.firstByte) = (.seconds(60), .seconds(120))
        (timeouts.idle, timeouts.total) = (.seconds(120), .seconds(120))
        return timeouts
    }
}

/// A client for one test, closed after it.
func withClient(
    _ options: ClientOptions = .with { _ in }, _ body: (HTTPClient, TestServers) async throws -> Void
) async throws {
    let servers = try TestServers.shared
    let client = HTTPClient(options: options)
    do {
        try await body(client, servers)
    } catch {
        await client.close()
        throw error
    }
    await client.close()
}

/// What a request ended with.
func fault(of client: HTTPClient, _ request: ClientRequest) async -> ClientFault? {
    do throws(ClientFault) {
        _ = try await client.send(request)
        return nil
    } catch {
        return error
    }
}

extension TestServers {
    var host: String { String(plain.dropFirst("http://".count)) }

    /// How many requests of the case the server has seen.
    func count(_ name: String) async throws -> Int {
        let answer = try await HTTPClient.observer.send(ClientRequest(.get, "\(plain)/count?case=\(name)"))
        return try #require(Int(answer.text))
    }

    struct Moved: Decodable {
        let sent: Int
        let taken: Int
    }

    /// How many bytes of the case's bodies the server has sent and taken.
    func moved(_ name: String) async throws -> Moved {
        let answer = try await HTTPClient.observer.send(ClientRequest(.get, "\(plain)/moved?case=\(name)"))
        return try JSONDecoder().decode(Moved.self, from: Data(answer.body))
    }

    /// A listener of its own, for tests that count connections.
    func ownPort() async throws -> Int {
        let answer = try await HTTPClient.observer.send(ClientRequest(.get, "\(plain)/own-port"))
        return try #require(Int(answer.text))
    }

    /// The connections that are open at a port of `ownPort`.
    func connections(at port: Int) async throws -> Int {
        let answer = try await HTTPClient.observer.send(ClientRequest(.get, "\(plain)/connections/\(port)"))
        return try #require(Int(answer.text))
    }
}

extension HTTPClient {
    /// Asks the servers what they saw, beside the client under test.
    fileprivate static let observer = HTTPClient()
}

/// What the server's `/echo` answers.
struct Echo: Decodable {
    let method: String
    /// Lower-case names.
    let headers: [String]
    let length: Int
    let sha256: String

    init(_ response: ClientResponse) throws {
        self = try JSONDecoder().decode(Echo.self, from: Data(response.body))
    }

    /// The values of a header, each line by itself.
    func values(_ name: String) -> [String] {
        headers.filter { $0.hasPrefix("\(name): ") }.map { String($0.dropFirst(name.count + 2)) }
    }
}
