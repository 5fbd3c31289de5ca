import HTTPTypes
import NIOCore
import NIOHTTPTypes
import Synchronization

/// Connections by address, so that one machine cannot take all of them.
final class ConnectionTable: Sendable {
    private let counts = Mutex<[String: Int]>([:])
    private let most: Int

    init(most: Int) {
        self.most = most
    }

    func open(_ address: String) -> Bool {
        counts.withLock { counts in
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
final class ConnectionGuard: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart

    private static let grace = 30.0
    private static let slowest = 512.0

    private let table: ConnectionTable
    private var address: String?
    private var requestBegan: NIODeadline?
    private var received = 0

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
}
