/// How a client reaches servers.
package struct ClientOptions: Hashable, Sendable {
    package struct Timeouts: Hashable, Sendable {
        /// Name, TCP and TLS together.
        package var connect: Duration = .seconds(5)
        /// From the start, or the last byte sent, to the answer's first byte.
        package var firstByte: Duration = .seconds(15)
        /// Between two bytes of the answer. Time in which the reader of a stream is not ready does not count.
        package var idle: Duration = .seconds(30)
        /// The whole call, retries and the waits between them included.
        package var total: Duration = .seconds(60)

        package init() {}
    }

    package struct Retries: Hashable, Sendable {
        /// The first try included.
        package var attempts = 3
        /// The wait before the second try lies between half of this and all of it; it doubles with every further try.
        package var firstWait: Duration = .milliseconds(100)
        package var longestWait: Duration = .seconds(5)
        /// A `Retry-After` beyond this ends the retries.
        package var longestRetryAfter: Duration = .seconds(30)

        package init() {}
    }

    package struct Breaker: Hashable, Sendable {
        /// So many failures one after the other open the circuit.
        package var failures = 5
        /// How long it stays open before one request tries again.
        package var pause: Duration = .seconds(10)

        package init() {}
    }

    package enum Version: Hashable, Sendable {
        /// HTTP/2 where TLS agrees on it, else HTTP/1.1.
        case automatic
        case http1
        /// HTTP/2 without TLS and without asking.
        case http2PriorKnowledge
    }

    package var timeouts = Timeouts()
    package var retries = Retries()
    package var breaker = Breaker()
    package var version = Version.automatic
    /// In bytes, after decoding.
    package var bodyLimit = 16 << 20
    /// All header lines of an answer together, in bytes.
    package var headerLimit = 64 << 10
    package var connectionsPerHost = 32
    /// `http://host:port` and the like; the environment's own settings are not read.
    package var proxy: String?
    /// Hosts reached without the proxy, with commas between.
    package var proxyExceptions: String?
    /// A PEM file of the authorities to trust instead of the system's.
    package var authorities: String?
    package var userAgent = "minsheng"

    package init() {}

    /// Whether several requests may share a connection at the same time.
    func mayMultiplex(_ address: ServerAddress) -> Bool {
        switch version {
        case .automatic: address.isSecure
        case .http1: false
        case .http2PriorKnowledge: true
        }
    }
}
