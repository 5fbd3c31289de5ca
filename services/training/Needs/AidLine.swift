import CurlHTTP
import Logging
import Security
import ServiceClients
import ServiceKit

/// The line to aid: what is told there, and who is asked about people.
struct AidLine: Sendable {
    /// Nil where aid is not connected; what waits for it stays.
    let sender: EventSender?
    let people: AidPeople?
    /// Asks whether a household is a low-income one, while a citizen waits.
    let status: ServiceClient?
    private let client: HTTPClient
    private let statusHTTP: HTTPClient

    /// - Parameter address: of aid, `http://127.0.0.1:8101`.
    init(_ address: String?, store: ServiceStore, registry: PrometheusRegistry, logger: Logger) async throws {
        var options = ClientOptions()
        // An officer waits for the answer.
        options.timeouts.connect = .seconds(2)
        options.timeouts.firstByte = .seconds(5)
        options.timeouts.total = .seconds(8)
        let client = HTTPClient(options: options)
        self.client = client
        statusHTTP = HTTPClient(options: AidStatus.clientOptions)
        let outbox = Outbox(database: store.database)
        guard let address else {
            try await outbox.setReceivers([])
            (sender, people, status) = (nil, nil, nil)
            return
        }
        let base = address.hasSuffix("/") ? String(address.dropLast()) : address
        try await outbox.setReceivers([
            EventReceiver(name: "aid", address: base + "/aid", types: [Milestone.eventType])
        ])
        let tokens = ServiceTokens(try await TokenIssuer(store.signingKeys()))
        sender = EventSender(
            service: "training", outbox: outbox, transport: .http(client, tokens: tokens), metrics: registry,
            logger: logger)
        status = ServiceClient(address: base, http: statusHTTP) { try await tokens.token() }
        people = .http(ServiceClient(address: base, http: client) { try await tokens.token() })
    }

    func close() async {
        await client.close()
        await statusHTTP.close()
    }
}
