import Foundation
import Testing

/// Runs a body over changed seeds for `MINSHENG_FUZZ_SECONDS`, from the seed `MINSHENG_FUZZ_SEED` or the clock's.
enum Fuzz {
    static let seconds = number("MINSHENG_FUZZ_SECONDS") ?? 0
    private static let seed = number("MINSHENG_FUZZ_SEED") ?? Int(Date().timeIntervalSince1970)

    static func run(
        _ name: String, _ seeds: [[UInt8]], _ body: ([UInt8], inout SplitMix) throws -> Void
    ) throws {
        let end = ContinuousClock.now.advanced(by: .seconds(seconds))
        var random = SplitMix(state: UInt64(truncatingIfNeeded: seed))
        // The input stands there when the process dies of it.
        let last = FileManager.default.temporaryDirectory.appending(path: "minsheng-fuzz-\(name)")
        let descriptor = open(last.path, O_RDWR | O_CREAT | O_TRUNC, 0o600)
        defer { close(descriptor) }
        func note(_ input: [UInt8]) {
            _ = pwrite(descriptor, input, input.count, 0)
            _ = ftruncate(descriptor, off_t(input.count))
        }
        var inputs = seeds
        var rounds = 0
        while ContinuousClock.now < end {
            rounds += 1
            let input = changed(inputs[random.below(inputs.count)], &random)
            // Some changed inputs become seeds, so that changes add up.
            if rounds % 50 == 0, inputs.count < 500, input.count < 5000 { inputs.append(input) }
            note(input)
            do {
                try body(input, &random)
            } catch {
                Issue.record("round \(rounds) of seed \(seed): \(error); input \(Data(input).base64EncodedString())")
                return
            }
        }
        print("fuzz \(name): \(rounds) inputs from seed \(seed)")
        try FileManager.default.removeItem(at: last)
    }

    static func changed(_ bytes: [UInt8], _ random: inout SplitMix) -> [UInt8] {
        var bytes = bytes
        for _ in 0...random.below(6) {
            let place = random.below(bytes.count + 1)
            switch random.below(7) {
            case 0: bytes.insert(UInt8(truncatingIfNeeded: random.next()), at: place)
            case 1: bytes.insert(contentsOf: pieces[random.below(pieces.count)], at: place)
            case 2: if place < bytes.count { bytes.remove(at: place) }
            case 3: if place < bytes.count { bytes[place] ^= 1 << UInt8(random.below(8)) }
            case 4: bytes.removeSubrange(place..<min(bytes.count, place + random.below(20)))
            case 5:
                let copied = bytes[place..<min(bytes.count, place + random.below(40))]
                bytes.insert(contentsOf: Array(copied), at: random.below(bytes.count + 1))
            default:
                bytes.replaceSubrange(place..<min(bytes.count, place + 1), with: pieces[random.below(pieces.count)])
            }
        }
        return bytes
    }

    private static let pieces: [[UInt8]] =
        [
            "\"", "\"\"", ",", "\n", "\r\n", "\r", " ", "\u{3000}", "\u{85}", "苏", "\u{FEFF}", "\0", "<", ">", "&",
            "&#0;",
            "0", "9", "-", ".", "e", "x", "X", "元", "年", "１", "'", "\\", "(", ")", "[", "]", "{", "}", ":", "null",
            "&&",
            String(repeating: "z", count: 70),
        ].map { Array($0.utf8) } + [[0xFF], [0x80], [0x81], [0xA1], [0xC2], [0xE3, 0x80], [0x81, 0x30]]

    /// A mismatch, thrown so that the run can tell the input with it.
    struct Mismatch: Error {
        let what: String
    }

    static func require(_ holds: Bool, _ what: String) throws {
        if !holds { throw Mismatch(what: what) }
    }

    private static func number(_ name: String) -> Int? {
        ProcessInfo.processInfo.environment[name].flatMap { Int($0) }
    }
}

/// A random number generator whose numbers are the same everywhere (Steele, Lea, Flood 2014).
struct SplitMix {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// A number from 0 up to, not including, the bound.
    mutating func below(_ bound: Int) -> Int {
        Int(next() % UInt64(max(1, bound)))
    }
}
