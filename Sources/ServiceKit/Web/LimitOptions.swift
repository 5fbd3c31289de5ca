package import ArgumentParser

/// How many requests a service's `serve` takes.
package struct LimitOptions: ParsableArguments {
    @Option(
        name: .customLong("account-rate"),
        help: "Requests a second that one account may send, after a burst of five times as many.")
    package var accountRate = 20.0

    @Option(
        name: .customLong("address-rate"),
        help: "Requests a second that one address may send without sign-in, after a burst of four times as many.")
    package var addressRate = 100.0

    @Option(
        name: .customLong("proxy"),
        help: "The address of a proxy in front, whose X-Forwarded-For says who asks; once for each.")
    package var proxies: [String] = []

    package init() {}

    package func validate() throws {
        guard accountRate > 0, addressRate > 0 else {
            throw ValidationError("--account-rate and --address-rate are above 0")
        }
    }

    package var middleware: RateLimitMiddleware {
        RateLimitMiddleware(
            account: RateLimit(perSecond: accountRate, burst: accountRate * 5),
            address: RateLimit(perSecond: addressRate, burst: addressRate * 4))
    }
}
