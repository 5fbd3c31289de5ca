import Foundation
package import Security

/// How far the chain reached when it was last verified, in a file away from the database: without it a tail that was cut
/// off would not be missed.
package struct AuditCheckpointFile: Sendable {
    package let path: String

    package init(_ path: String) {
        self.path = path
    }

    package enum Fault: Error, CustomStringConvertible {
        case damaged(String)

        package var description: String {
            switch self {
            case .damaged(let path): "the audit checkpoint \(path) cannot be read: restore it from a copy"
            }
        }
    }

    /// Nil before the first verification.
    package func read() throws -> AuditCheckpoint? {
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        let parts = try String(contentsOfFile: path, encoding: .utf8).split(separator: " ")
        guard parts.count == 3, let sequence = UInt64(parts[0]), let hash = Self.bytes(parts[1]),
            let code = Self.bytes(parts[2].filter { $0 != "\n" })
        else { throw Fault.damaged(path) }
        return AuditCheckpoint(sequence: sequence, hash: hash, code: code)
    }

    package func write(_ checkpoint: AuditCheckpoint) throws {
        let text = "\(checkpoint.sequence) \(Self.text(checkpoint.hash)) \(Self.text(checkpoint.code))\n"
        try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
    }

    private static func text(_ bytes: [UInt8]) -> String {
        bytes.map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }.joined()
    }

    private static func bytes(_ text: some StringProtocol) -> [UInt8]? {
        let digits = text.map(\.hexDigitValue).compactMap(\.self)
        guard digits.count == text.count, digits.count % 2 == 0 else { return nil }
        var bytes: [UInt8] = []
        for index in stride(from: 0, to: digits.count, by: 2) {
            bytes.append(UInt8(digits[index] * 16 + digits[index + 1]))
        }
        return bytes
    }
}
