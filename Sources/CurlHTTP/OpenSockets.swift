import CCurl
import Glibc

/// The sockets of a multi handle's connections, so that a kept one can be looked at before it is used again: libcurl
/// 7.88 takes what a server sent unasked for the answer to the next request. Lives on the loop's thread only.
final class OpenSockets {
    /// A connection by both of its ends, as libcurl tells them to `CURLOPT_PREREQFUNCTION`.
    struct Ends: Hashable {
        private let hash: UInt64
        fileprivate let localPort: UInt16
        fileprivate let remotePort: UInt16

        init(remote: UnsafePointer<CChar>?, local: UnsafePointer<CChar>?, remotePort: Int32, localPort: Int32) {
            // FNV-1a, as the texts are not kept.
            var hash: UInt64 = 0xcbf2_9ce4_8422_2325
            for text in [remote, local] {
                guard var byte = text else { continue }
                while byte.pointee != 0 {
                    hash = (hash ^ UInt64(UInt8(bitPattern: byte.pointee))) &* 0x100_0000_01b3
                    byte += 1
                }
                hash = (hash ^ 0xff) &* 0x100_0000_01b3
            }
            self.hash = hash
            self.localPort = UInt16(truncatingIfNeeded: localPort)
            self.remotePort = UInt16(truncatingIfNeeded: remotePort)
        }
    }

    private struct Connection {
        let socket: Int32
        /// The server must be silent between two answers. HTTP/2 need not be.
        var isHTTP1 = false
    }

    private var connections: [Ends: Connection] = [:]
    /// Opened, and not known to be connected yet.
    private var fresh: [Int32] = []

    func noteNew(_ ends: Ends) {
        let index = fresh.firstIndex { socket in
            port(of: socket, getsockname) == ends.localPort && port(of: socket, getpeername) == ends.remotePort
        }
        guard let index else { return }
        connections[ends] = Connection(socket: fresh.remove(at: index))
    }

    func noteHTTP1(_ ends: Ends) {
        connections[ends]?.isHTTP1 = true
    }

    /// Whether a kept connection has something to read, or its end: neither may be before a request.
    func isStale(_ ends: Ends) -> Bool {
        guard let connection = connections[ends], connection.isHTTP1 else { return false }
        var byte: UInt8 = 0
        let count = recv(connection.socket, &byte, 1, Int32(MSG_PEEK | MSG_DONTWAIT))
        return count >= 0 || (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR)
    }

    // MARK: - Called by libcurl

    func open(_ address: UnsafeMutablePointer<curl_sockaddr>) -> Int32 {
        let type = address.pointee.socktype | Int32(SOCK_CLOEXEC.rawValue)
        let socket = socket(address.pointee.family, type, address.pointee.protocol)
        if socket >= 0 { fresh.append(socket) }
        return socket
    }

    func close(_ socket: Int32) -> Int32 {
        if let index = fresh.firstIndex(of: socket) {
            fresh.remove(at: index)
        } else if let index = connections.firstIndex(where: { $0.value.socket == socket }) {
            connections.remove(at: index)
        }
        return Glibc.close(socket)
    }

    private func port(
        of socket: Int32, _ name: (Int32, UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Int32
    ) -> UInt16? {
        // The port stands at the same place in an address of either family.
        var address = sockaddr_in6()
        var length = socklen_t(MemoryLayout<sockaddr_in6>.size)
        let code = withUnsafeMutableBytes(of: &address) { bytes in
            bytes.baseAddress.map { name(socket, $0.assumingMemoryBound(to: sockaddr.self), &length) } ?? -1
        }
        return code == 0 ? UInt16(bigEndian: address.sin6_port) : nil
    }
}
