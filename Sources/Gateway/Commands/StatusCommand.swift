import ArgumentParser
import Contracts
import CurlHTTP
import Foundation
import ServiceClients
import ServiceKit
import SocialDomain

/// `minsheng status`: do the services answer, and what does one lack that does not.
struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Whether each service can do its work. 各服务的状态。",
        discussion: "Exit codes: 0 all can, 1 one cannot or does not answer, 64 usage.")

    @Option(name: .customLong("service"), help: "A service, aid=http://127.0.0.1:8101; once for each.")
    var services: [String] = [
        "gateway=http://127.0.0.1:8100", "aid=http://127.0.0.1:8101", "guide=http://127.0.0.1:8104",
    ]
    @Flag(help: "As JSON, for programs.") var json = false

    private struct Line: Encodable, Sendable {
        let service: String
        let state: String
        let detail: String
    }

    func validate() throws {
        for text in services where text.split(separator: "=", maxSplits: 1).count != 2 {
            throw ValidationError("--service is written as name=address, aid=http://127.0.0.1:8101")
        }
    }

    func run() async throws {
        var options = ClientOptions()
        options.timeouts.connect = .seconds(2)
        options.timeouts.total = .seconds(5)
        // What is asked is how things stand now.
        options.retries.attempts = 1
        let http = HTTPClient(options: options)
        let lines = await withTaskGroup(of: (Int, Line).self) { group in
            for (index, text) in services.enumerated() {
                let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
                group.addTask { (index, await Self.ask(parts[0], parts[1], http)) }
            }
            return await group.reduce(into: []) { $0.append($1) }.sorted { $0.0 < $1.0 }.map(\.1)
        }
        await http.close()
        if json {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys]
            print(String(decoding: try encoder.encode(lines), as: UTF8.self))
        } else {
            for line in lines { print("\(line.service)\t\(line.state)\t\(line.detail)") }
        }
        if lines.contains(where: { $0.state != "ready" }) { throw ExitCode(1) }
    }

    private static func ask(_ name: String, _ address: String, _ http: HTTPClient) async -> Line {
        do {
            let answer = try await ServiceClient(address: address, http: http).call(KitContract(name).ready)
            let missing = answer.value.checks.filter { !$0.isWell }.map(\.name)
            return Line(service: name, state: answer.value.status, detail: missing.joined(separator: " "))
        } catch let fault as ClientFault {
            return Line(service: name, state: "silent", detail: fault.explanation.zh + " " + fault.explanation.en)
        } catch let refusal as ServiceRefusal {
            return Line(service: name, state: "failing", detail: refusal.explanation.zh)
        } catch {
            return Line(service: name, state: "failing", detail: "\(type(of: error))")
        }
    }
}
