import Foundation

/// What an answer, or none, means for an event.
enum DeliveryRule {
    enum Verdict: Hashable, Sendable {
        case delivered
        case dead(reason: String)
        /// - Parameters:
        ///   - after: in milliseconds.
        ///   - counts: whether it was an attempt; a receiver that asks for less works.
        case wait(reason: String, after: Int64, counts: Bool)
        case rewind(to: Int64)
    }

    /// What sending the same again will not mend. Sign-in (401) and a path that is not there yet (404) may be mended on
    /// the other side.
    private static let final: Set<Int> = [400, 403, 405, 406, 410, 411, 413, 414, 415, 422, 431]

    /// - Parameters:
    ///   - delivered: the sequence that this receiver has reached, as far as is known here.
    ///   - chance: from 0 to 1.
    static func verdict(
        on answer: EventAnswer, for item: EventLane.Item, delivered: Int64, _ options: EventOptions, chance: Double,
        now: Date
    ) -> Verdict {
        let reason = "http-\(answer.status)"
        switch answer.status {
        case 200..<300: return .delivered
        case let status where final.contains(status): return .dead(reason: reason)
        case 409:
            if let expected = answer.expected, expected >= 1, expected - 1 < delivered { return .rewind(to: expected) }
        default: break
        }
        return failure(
            reason, of: item, options, chance: chance, now: now,
            retryAfter: answer.retryAfter.flatMap { seconds(of: $0, now: now) }, counts: answer.status != 429)
    }

    static func failure(
        _ reason: String, of item: EventLane.Item, _ options: EventOptions, chance: Double, now: Date,
        retryAfter: Double? = nil, counts: Bool = true
    ) -> Verdict {
        let attempts = item.attempts + (counts ? 1 : 0)
        let first = item.triedAt ?? now.unixMilliseconds
        if attempts >= options.attempts || now.unixMilliseconds - first >= options.patience.milliseconds {
            return .dead(reason: reason)
        }
        let doubled = options.firstWait * (1 << min(max(attempts - 1, 0), 20))
        let backoff = Double(min(doubled, options.longestWait).milliseconds) * (0.5 + chance / 2)
        let asked = min((retryAfter ?? 0) * 1000, Double(options.longestRetryAfter.milliseconds))
        return .wait(reason: reason, after: Int64(max(backoff, asked)), counts: counts)
    }

    /// RFC 9110 §10.2.3: seconds or a date.
    private static func seconds(of text: String, now: Date) -> Double? {
        if let seconds = Int(text) { return seconds >= 0 ? Double(min(seconds, 1_000_000)) : nil }
        let format = DateFormatter()
        format.locale = Locale(identifier: "en_US_POSIX")
        format.timeZone = TimeZone(secondsFromGMT: 0)
        format.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
        return format.date(from: text).map { max(0, $0.timeIntervalSince(now)) }
    }
}
