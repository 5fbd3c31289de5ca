import Foundation
import HTTPTypes
package import Hummingbird
import SocialDomain
import Synchronization

/// How many requests an account or an address may send.
package struct RateLimit: Hashable, Sendable {
    package let perSecond: Double
    package let burst: Double

    package init(perSecond: Double, burst: Double) {
        self.perSecond = perSecond
        self.burst = burst
    }

    /// A person who clicks fast, or a page's pictures.
    package static let account = RateLimit(perSecond: 20, burst: 100)
    /// An office behind one address.
    package static let address = RateLimit(perSecond: 100, burst: 400)
}

/// Token buckets, one an account and one an address that has not signed in; who has none left gets 429 and is told when.
package struct RateLimitMiddleware: RouterMiddleware {
    private let buckets: RateBuckets
    private let account: RateLimit
    private let address: RateLimit

    package init(account: RateLimit = .account, address: RateLimit = .address) {
        buckets = RateBuckets()
        self.account = account
        self.address = address
    }

    package func handle(
        _ request: Request, context: KitContext, next: (Request, KitContext) async throws -> Response
    ) async throws -> Response {
        let wait: Double?
        switch context.caller?.kind {
        case .person, .service:
            wait = buckets.take("a:\(context.caller?.id ?? "")", account, now: RateBuckets.now())
        case .system: wait = nil
        case nil: wait = context.remoteAddress.flatMap { buckets.take($0, address, now: RateBuckets.now()) }
        }
        if let wait { throw Problem.tooManyRequests(after: Int(wait.rounded(.up))) }
        return try await next(request, context)
    }
}

/// The buckets, at most ten thousand of them.
package final class RateBuckets: Sendable {
    private struct Bucket {
        var tokens: Double
        var filledAt: Double
    }

    private let buckets = Mutex<[String: Bucket]>([:])
    private static let most = 10_000

    package init() {}

    static func now() -> Double {
        Double(DispatchTime.now().uptimeNanoseconds) / 1e9
    }

    /// Nil where a token was there; else the seconds until there is one.
    package func take(_ key: String, _ limit: RateLimit, now: Double) -> Double? {
        buckets.withLock { buckets in
            if buckets.count >= Self.most {
                // A full bucket is as good as none.
                buckets = buckets.filter { $0.value.tokens + (now - $0.value.filledAt) * limit.perSecond < limit.burst }
                if buckets.count >= Self.most { buckets.removeAll(keepingCapacity: true) }
            }
            var bucket = buckets[key] ?? Bucket(tokens: limit.burst, filledAt: now)
            bucket.tokens = min(limit.burst, bucket.tokens + (now - bucket.filledAt) * limit.perSecond)
            bucket.filledAt = now
            defer { buckets[key] = bucket }
            guard bucket.tokens >= 1 else { return (1 - bucket.tokens) / limit.perSecond }
            bucket.tokens -= 1
            return nil
        }
    }
}

extension Problem {
    package static func tooManyRequests(after seconds: Int) -> Problem {
        Problem(
            .tooManyRequests, code: "too-many-requests",
            title: LocalizedText(zh: "操作太频繁", en: "Too many requests"),
            detail: LocalizedText(zh: "请过 \(seconds) 秒再试。", en: "Try again in \(seconds) s."),
            headers: [.retryAfter: "\(seconds)"])
    }

    static let addressTooLong = Problem(
        .uriTooLong, code: "address-too-long",
        title: LocalizedText(zh: "地址太长", en: "The address is too long"),
        detail: LocalizedText(
            zh: "地址最多 8,000 字节。请把要查的内容写短些，或减少筛选条件。",
            en: "An address has at most 8,000 bytes: shorten what you look for, or use fewer filters."))
}
