/// A certificate's number: eleven characters drawn by lot and a twelfth that tells a mistyped one.
///
/// The characters are digits and capital letters without those that look alike (0 and O, 1, I and L): 31, a prime. The
/// check is the sum of the characters' values, each by the weight of its place (1 to 11), modulo 31; the check itself
/// weighs −1. All twelve weights differ modulo 31 and none is 0, so every single wrong character and every two that changed
/// places are found, the check among them. This is the scheme of guide's door plates; ISO 7064 MOD 37,36 would let the
/// look-alikes in. 31¹¹ are 2.5 × 10¹⁶ numbers: whoever guesses finds none.
struct CertificateNumber: Hashable, Sendable {
    /// `7KM4QXC29TRX`.
    let text: String

    static let length = 12
    private static let alphabet = Array("23456789ABCDEFGHJKMNPQRSTUVWXYZ".utf8)

    enum Fault: Error, Hashable {
        /// Not twelve of the characters, or the check is another: copied wrongly, either way.
        case mistyped
    }

    /// As people type it: small letters, spaces and hyphens are taken.
    init(_ typed: String) throws(Fault) {
        var characters: [UInt8] = []
        for byte in typed.utf8 where byte != UInt8(ascii: "-") && byte != UInt8(ascii: " ") {
            let upper = (0x61...0x7A).contains(byte) ? byte - 0x20 : byte
            guard characters.count < Self.length, Self.alphabet.contains(upper) else { throw .mistyped }
            characters.append(upper)
        }
        guard characters.count == Self.length, Self.check(characters.dropLast()) == characters.last else {
            throw .mistyped
        }
        text = String(decoding: characters, as: UTF8.self)
    }

    private init(drawn: [UInt8]) {
        text = String(decoding: drawn + [Self.check(drawn[...])], as: UTF8.self)
    }

    static func random(using generator: inout some RandomNumberGenerator) -> CertificateNumber {
        CertificateNumber(
            drawn: (1..<length).map { _ in alphabet[Int.random(in: 0..<alphabet.count, using: &generator)] })
    }

    static func random() -> CertificateNumber {
        var generator = SystemRandomNumberGenerator()
        return random(using: &generator)
    }

    /// In three groups, as it is printed: `7KM4-QXC2-9TRX`.
    var printed: String { "\(text.prefix(4))-\(text.dropFirst(4).prefix(4))-\(text.suffix(4))" }

    /// Of a number that the database holds.
    static func printed(_ stored: String) -> String { (try? CertificateNumber(stored))?.printed ?? stored }

    private static func check(_ characters: ArraySlice<UInt8>) -> UInt8 {
        var sum = 0
        for (place, character) in characters.enumerated() {
            sum += (alphabet.firstIndex(of: character) ?? 0) * (place + 1)
        }
        return alphabet[sum % alphabet.count]
    }
}
