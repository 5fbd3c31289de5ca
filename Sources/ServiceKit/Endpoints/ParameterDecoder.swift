import Contracts

/// Makes a value of an endpoint's parameters from what stood in the address and the headers; they are flat, so this is
/// a fraction of what a JSON decoder does.
struct ParameterDecoder: Decoder {
    let values: [String: JSONValue]
    var codingPath: [any CodingKey] = []
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    init(_ values: [String: JSONValue]) {
        self.values = values
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        KeyedDecodingContainer(Members(values: values))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer { throw Self.notFlat }
    func singleValueContainer() throws -> any SingleValueDecodingContainer { throw Self.notFlat }

    fileprivate static var notFlat: DecodingError {
        .dataCorrupted(.init(codingPath: [], debugDescription: "parameters are flat"))
    }

    private struct Members<Key: CodingKey>: KeyedDecodingContainerProtocol {
        let values: [String: JSONValue]
        var codingPath: [any CodingKey] { [] }
        var allKeys: [Key] { values.keys.compactMap { Key(stringValue: $0) } }

        func contains(_ key: Key) -> Bool { values[key.stringValue] != nil }
        func decodeNil(forKey key: Key) throws -> Bool { values[key.stringValue] == nil }

        func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
            guard let value = values[key.stringValue] else {
                throw DecodingError.keyNotFound(key, .init(codingPath: [], debugDescription: "missing"))
            }
            return try Value(from: One(value: value))
        }

        func nestedContainer<Nested: CodingKey>(
            keyedBy type: Nested.Type, forKey key: Key
        ) throws -> KeyedDecodingContainer<Nested> { throw notFlat }
        func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer { throw notFlat }
        func superDecoder() throws -> any Decoder { throw notFlat }
        func superDecoder(forKey key: Key) throws -> any Decoder { throw notFlat }
    }

    /// One text, number or truth value.
    private struct One: Decoder, SingleValueDecodingContainer {
        let value: JSONValue
        var codingPath: [any CodingKey] { [] }
        var userInfo: [CodingUserInfoKey: Any] { [:] }

        func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> { throw notFlat }
        func unkeyedContainer() throws -> any UnkeyedDecodingContainer { throw notFlat }
        func singleValueContainer() throws -> any SingleValueDecodingContainer { self }

        func decodeNil() -> Bool { value == .null }

        func decode(_ type: String.Type) throws -> String {
            guard case .text(let text) = value else { throw notFlat }
            return text
        }

        func decode(_ type: Bool.Type) throws -> Bool {
            guard case .boolean(let truth) = value else { throw notFlat }
            return truth
        }

        func decode(_ type: Int64.Type) throws -> Int64 {
            guard case .integer(let number) = value else { throw notFlat }
            return number
        }

        func decode(_ type: Int.Type) throws -> Int { Int(try decode(Int64.self)) }
        func decode(_ type: Double.Type) throws -> Double { throw notFlat }
        func decode(_ type: Float.Type) throws -> Float { throw notFlat }
        func decode(_ type: Int8.Type) throws -> Int8 { throw notFlat }
        func decode(_ type: Int16.Type) throws -> Int16 { throw notFlat }
        func decode(_ type: Int32.Type) throws -> Int32 { throw notFlat }
        func decode(_ type: UInt.Type) throws -> UInt { throw notFlat }
        func decode(_ type: UInt8.Type) throws -> UInt8 { throw notFlat }
        func decode(_ type: UInt16.Type) throws -> UInt16 { throw notFlat }
        func decode(_ type: UInt32.Type) throws -> UInt32 { throw notFlat }
        func decode(_ type: UInt64.Type) throws -> UInt64 { throw notFlat }
        func decode<Value: Decodable>(_ type: Value.Type) throws -> Value { try Value(from: self) }
    }
}

private let notFlat = ParameterDecoder.notFlat
