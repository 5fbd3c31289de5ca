import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOHTTPTypes
import SocialDomain
import Synchronization

/// Connections by address, so that one machine cannot take all of them.
final class ConnectionTable: Sendable {
    private let counts = Mutex<[String: Int]>([:])
    private let most: Int
    private let exempt: Set<String>

    init(most: Int, exempt: Set<String> = []) {
        self.most = most
        self.exempt = exempt
    }

    func open(_ address: String) -> Bool {
        if exempt.contains(address) { return true }
        return counts.withLock { counts in
            guard counts[address, default: 0] < most else { return false }
            counts[address, default: 0] += 1
            return true
        }
    }

    func close(_ address: String) {
        counts.withLock { counts in
            let left = (counts[address] ?? 1) - 1
            counts[address] = left > 0 ? left : nil
        }
    }
}

/// Closes a connection too many from one address, and one whose request comes in more slowly than any network is: half a
/// kilobyte a second after the first half minute. A byte now and then would keep an idle time-out from ever running out.
///
/// What is no HTTP gets a problem document and the end of its connection.
final class ConnectionGuard: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private static let grace = 30.0
    private static let slowest = 512.0
    private static let longestStall = TimeAmount.seconds(60)

    private let table: ConnectionTable
    private var address: String?
    private var requestBegan: NIODeadline?
    private var received = 0
    /// Closes a connection whose other end reads nothing of a long answer.
    private var stalled: Scheduled<Void>?
    /// A response has begun and not ended: nothing may be put in between.
    private var isAnswering = false

    init(_ table: ConnectionTable) {
        self.table = table
    }

    func channelActive(context: ChannelHandlerContext) {
        guard let address = context.remoteAddress?.ipAddress else { return context.fireChannelActive() }
        guard table.open(address) else { return context.close(promise: nil) }
        self.address = address
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        stalled?.cancel()
        if let address { table.close(address) }
        address = nil
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head:
            requestBegan = .now()
            received = 0
        case .body(let bytes):
            received += bytes.readableBytes
            if let requestBegan {
                let seconds = Double((NIODeadline.now() - requestBegan).nanoseconds) / 1e9
                if seconds > Self.grace, Double(received) < seconds * Self.slowest {
                    return context.close(promise: nil)
                }
            }
        case .end: requestBegan = nil
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(let head): isAnswering = head.status.kind != .informational
        case .body: break
        case .end: isAnswering = false
        }
        context.write(data, promise: promise)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        stalled?.cancel()
        stalled = nil
        if !context.channel.isWritable {
            let loop = NIOLoopBound(context, eventLoop: context.eventLoop)
            stalled = context.eventLoop.scheduleTask(in: Self.longestStall) { loop.value.close(promise: nil) }
        }
        context.fireChannelWritabilityChanged()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let fault = error as? HTTPParserError, !isAnswering else { return context.fireErrorCaught(error) }
        let problem = fault == .headerOverflow ? Problem.headersTooLong : Problem.notHTTP
        let body = problem.document(instance: "", requestID: "", language: .zh)
        var head = HTTPResponse(status: problem.status)
        head.headerFields = [
            .contentType: "application/problem+json", .contentLength: "\(body.readableBytes)", .connection: "close",
        ]
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(body)), promise: nil)
        let loop = NIOLoopBound(context, eventLoop: context.eventLoop)
        context.writeAndFlush(wrapOutboundOut(.end(nil))).whenComplete { _ in loop.value.close(promise: nil) }
    }
}

extension Problem {
    static let headersTooLong = Problem(
        .requestHeaderFieldsTooLarge, code: "headers-too-long",
        title: LocalizedText(zh: "请求头太长", en: "The headers are too long"),
        detail: LocalizedText(
            zh: "地址和请求头合计最多 32 KB。Address and headers have at most 32 KB together.",
            en: "Address and headers have at most 32 KB together."))

    static let notHTTP = Problem.badRequest(
        LocalizedText(
            zh: "请求不符合 HTTP 规范。What was sent is not HTTP.", en: "What was sent is not HTTP."), code: "not-http")
}
