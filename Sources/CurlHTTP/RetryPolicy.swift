import CCurl
import Glibc

/// Whether and when a request is tried again.
struct RetryPolicy: Sendable {
    let settings: ClientOptions.Retries

    /// What is known of a try that did not go well.
    enum Failure: Sendable {
        case fault(ClientFault)
        case status(Int, retryAfter: String?)
    }

    /// Nil where no further try may help. `chance` is from 0 to 1, `now` in seconds since 1970.
    func wait(after failure: Failure, tries: Int, chance: Double, now: Int) -> Duration? {
        guard tries < settings.attempts else { return nil }
        switch failure {
        case .fault(let fault): return fault.isPassing ? backoff(tries, chance) : nil
        case .status(let status, let retryAfter):
            guard Self.isPassing(status) else { return nil }
            guard let asked = retryAfter.flatMap({ Self.duration(of: $0, now: now) }) else {
                return backoff(tries, chance)
            }
            return asked > settings.longestRetryAfter ? nil : max(asked, backoff(tries, chance))
        }
    }

    static func isPassing(_ status: Int) -> Bool {
        [429, 502, 503, 504].contains(status)
    }

    static var secondsSince1970: Int { time(nil) }

    private func backoff(_ tries: Int, _ chance: Double) -> Duration {
        let doubled = settings.firstWait * (1 << min(tries - 1, 20))
        return min(doubled, settings.longestWait) * (0.5 + chance / 2)
    }

    /// RFC 9110 §10.2.3: seconds or a date.
    private static func duration(of text: String, now: Int) -> Duration? {
        if let seconds = Int(text) { return seconds >= 0 ? .seconds(min(seconds, 1_000_000)) : nil }
        let date = curl_getdate(text, nil)
        guard date >= 0 else { return nil }
        return .seconds(max(0, date - now))
    }
}
