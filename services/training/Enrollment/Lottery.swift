import Crypto
import Foundation

/// The rule of the lottery, which anyone can repeat with `sha256sum`.
///
/// Each sign-up has a reference, `CLASS-SEQUENCE` (`17-42`), known before the draw. Whoever has the smallest SHA-256 of
/// `SEED:REFERENCE` (UTF-8, compared as lower-case hexadecimal) is first.
enum Lottery {
    static func reference(class id: Int64, sequence: Int64) -> String { "\(id)-\(sequence)" }

    static func digest(seed: String, reference: String) -> String {
        SHA256.hash(data: Data("\(seed):\(reference)".utf8)).map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }.joined()
    }

    /// The references by rank, the first first.
    static func ranked(_ references: [String], seed: String) -> [String] {
        references.map { (digest: digest(seed: seed, reference: $0), reference: $0) }
            .sorted { ($0.digest, $0.reference) < ($1.digest, $1.reference) }.map(\.reference)
    }
}
