import Foundation
import Testing

@testable import ServiceKit

/// What our bodies are made of, beside Foundation's encoder.
struct JSONOutputTests {
    private struct Inner: Encodable {
        let zebra: String
        let apple: Int?
        let list: [Double]
        let nothing: Int?
        let flags: [Bool]
    }

    private struct Outer: Encodable {
        let name: String
        let inner: Inner
        let inners: [Inner]
        let table: [String: Int]
        let nested: [[String]]
        let small: Int8
        let large: UInt64
        let ratio: Float
        let empty: [Int]
        let none: [String: String]
        let optionals: [Int?]
    }

    private struct Nothing: Encodable {
        func encode(to encoder: any Encoder) {}
    }

    /// Opens containers by hand, one within another, and goes on in the outer one.
    private struct ByHand: Encodable {
        enum Key: String, CodingKey { case first, second, third, deep }

        func encode(to encoder: any Encoder) throws {
            var outer = encoder.container(keyedBy: Key.self)
            var deep = outer.nestedContainer(keyedBy: Key.self, forKey: .third)
            try deep.encode("x", forKey: .deep)
            var list = outer.nestedUnkeyedContainer(forKey: .second)
            try list.encode(1)
            var row = list.nestedUnkeyedContainer()
            try row.encode("a")
            try list.encodeNil()
            try outer.encodeNil(forKey: .first)
            try "s".encode(to: outer.superEncoder())
        }
    }

    private func byFoundation(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    private func ours(_ value: some Encodable) throws -> String {
        String(decoding: try JSONOutput.bytes(value), as: UTF8.self)
    }

    @Test func `Every kind of value gives Foundation's bytes`() throws {
        let inner = Inner(
            zebra: "王/\"\\\u{1}\u{1F}\u{7F}\n\r\t\u{8}\u{c}🙂é", apple: nil,
            list: [1, 1.5, -0.25, 1e21, .leastNonzeroMagnitude],
            nothing: 7, flags: [true, false])
        let value = Outer(
            name: "", inner: inner, inners: [inner, inner], table: ["b": 1, "a": 2, "ä": 3, "B": 4, "": 5, "a1": -10],
            nested: [[], ["x"], ["y", "z"]], small: -128, large: .max, ratio: 0.1, empty: [], none: [:],
            optionals: [1, nil, 12345])
        #expect(try ours(value) == byFoundation(value))
        #expect(try ours(ByHand()) == byFoundation(ByHand()))
        #expect(try ours(ByHand()) == #"{"first":null,"second":[1,["a"],null],"super":"s","third":{"deep":"x"}}"#)
        #expect(try ours(["n": Nothing()]) == #"{"n":{}}"#)
        #expect(try ours("text") == "\"text\"")
        #expect(try ours([Int]()) == "[]")
        #expect(try ours(Int?.none) == "null")
    }

    @Test func `Any text and any number give Foundation's bytes`() throws {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<2000 {
            let scalars = (0..<Int.random(in: 0...12, using: &random)).compactMap { _ in
                Unicode.Scalar(UInt32.random(in: 0...(Bool.random() ? 0x7F : 0x10FFFF), using: &random))
            }
            let text = String(String.UnicodeScalarView(scalars))
            let number = Double(bitPattern: UInt64.random(in: .min ... .max, using: &random))
            let whole = Int64.random(in: .min ... .max, using: &random)
            #expect(try ours([text: [text]]) == byFoundation([text: [text]]))
            #expect(try ours([whole]) == byFoundation([whole]))
            if number.isFinite { #expect(try ours([number]) == byFoundation([number])) }
        }
    }

    private indirect enum Tree: Encodable {
        case leaf(Int)
        case branch([String: Tree])

        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            switch self {
            case .leaf(let number): try container.encode(number)
            case .branch(let trees): try container.encode(trees)
            }
        }

        static func random(depth: Int) -> Tree {
            if depth == 0 || Int.random(in: 0..<4) == 0 { return .leaf(.random(in: -99...99)) }
            let names = (0..<Int.random(in: 0...9)).map { _ in
                String((0..<Int.random(in: 0...3)).compactMap { _ in "abAB09é王_".randomElement() })
            }
            return .branch(Dictionary(names.map { ($0, random(depth: depth - 1)) }) { $1 })
        }
    }

    /// A member twice, two siblings in turn, two containers for one value.
    private struct OutOfOrder: Encodable {
        enum Key: String, CodingKey { case first, second }
        let kind: Int

        func encode(to encoder: any Encoder) throws {
            var outer = encoder.container(keyedBy: Key.self)
            switch kind {
            case 0:
                try outer.encode(1, forKey: .second)
                try outer.encode(2, forKey: .first)
                try outer.encode(3, forKey: .second)
            case 1:
                var one = outer.nestedContainer(keyedBy: Key.self, forKey: .first)
                var other = outer.nestedContainer(keyedBy: Key.self, forKey: .second)
                try other.encode(1, forKey: .first)
                try one.encode(1, forKey: .first)
            default:
                try outer.encode(1, forKey: .first)
                var again = encoder.container(keyedBy: Key.self)
                try again.encode(2, forKey: .second)
            }
        }
    }

    @Test func `Names are sorted at every depth, as Foundation's are`() throws {
        for _ in 0..<500 {
            let tree = Tree.random(depth: 4)
            #expect(try ours([tree]) == byFoundation([tree]))
        }
    }

    @Test func `What is written out of order is refused and never written wrong`() throws {
        #expect(try ours(OutOfOrder(kind: 0)) == #"{"first":2,"second":3}"#)
        for kind in 1...2 {
            #expect(throws: EncodingError.self) { try ours([OutOfOrder(kind: kind)]) }
        }
        #expect(throws: EncodingError.self) { try ours([Date(timeIntervalSince1970: 0)]) }
        #expect(throws: EncodingError.self) { try ours(["d": Data([1])]) }
        #expect(throws: EncodingError.self) { try ours(["d": Decimal(1)]) }
        #expect(throws: EncodingError.self) { try ours(["d": URL(fileURLWithPath: "/")]) }
    }

    @Test func `What is no number in JSON is refused`() {
        #expect(throws: EncodingError.self) { try ours([Double.nan]) }
        #expect(throws: EncodingError.self) { try ours(["a": Double.infinity]) }
    }
}
