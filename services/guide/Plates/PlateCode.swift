/// The code on a plate: seven characters drawn by lot and an eighth that tells a mistyped one.
///
/// The characters are digits and capital letters without those that look alike (0 and O, 1, I and L). There are 31, a
/// prime: the check, a sum of the characters by their places' weights modulo 31, finds every single wrong character and
/// every two that changed places.
struct PlateCode: Hashable, Sendable {
    /// `7KM4QXC2`.
    let text: String

    static let length = 8
    private static let alphabet = Array("23456789ABCDEFGHJKMNPQRSTUVWXYZ".utf8)

    enum Fault: Error, Hashable {
        /// Not eight of the characters.
        case form
        /// Something was mistyped.
        case check
    }

    /// As people type it: small letters, spaces and hyphens are taken.
    init(_ typed: String) throws(Fault) {
        var characters: [UInt8] = []
        for byte in typed.utf8 where byte != UInt8(ascii: "-") && byte != UInt8(ascii: " ") {
            let upper = (0x61...0x7A).contains(byte) ? byte - 0x20 : byte
            guard characters.count < Self.length, Self.alphabet.contains(upper) else { throw .form }
            characters.append(upper)
        }
        guard characters.count == Self.length else { throw .form }
        guard Self.check(characters.dropLast()) == characters.last else { throw .check }
        text = String(decoding: characters, as: UTF8.self)
    }

    private init(drawn: [UInt8]) {
        text = String(decoding: drawn + [Self.check(drawn[...])], as: UTF8.self)
    }

    static func random(using generator: inout some RandomNumberGenerator) -> PlateCode {
        PlateCode(drawn: (1..<length).map { _ in alphabet[Int.random(in: 0..<alphabet.count, using: &generator)] })
    }

    static func random() -> PlateCode {
        var generator = SystemRandomNumberGenerator()
        return random(using: &generator)
    }

    /// In two groups, as it is printed: `7KM4-QXC2`.
    var printed: String { "\(text.prefix(4))-\(text.suffix(4))" }

    private static func check(_ characters: ArraySlice<UInt8>) -> UInt8 {
        var sum = 0
        for (place, character) in characters.enumerated() {
            sum += (alphabet.firstIndex(of: character) ?? 0) * (place + 1)
        }
        return alphabet[sum % alphabet.count]
    }
}
