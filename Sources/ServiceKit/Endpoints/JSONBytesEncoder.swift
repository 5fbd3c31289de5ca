/// Lets values write themselves as JSON.
///
/// Values say what they are made of; dates, addresses and decimal numbers would say it in their own way, so bodies have none.
struct JSONBytesEncoder: Encoder {
    let json: JSONBytes

    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        json.beginObject()
        return KeyedEncodingContainer(Members(json: json, depth: json.depth))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        json.beginList()
        return Elements(json: json, depth: json.depth)
    }

    func singleValueContainer() -> any SingleValueEncodingContainer { Value(json: json) }

    // MARK: - An object

    private struct Members<Key: CodingKey>: KeyedEncodingContainerProtocol {
        let json: JSONBytes
        let depth: Int

        var codingPath: [any CodingKey] { [] }

        private func begin(_ key: some CodingKey) { json.beginMember(key.stringValue, at: depth) }

        func encodeNil(forKey key: Key) {
            begin(key)
            json.addNull()
        }

        func encode(_ value: String, forKey key: Key) {
            begin(key)
            json.add(value)
        }

        func encode(_ value: some Encodable, forKey key: Key) throws {
            begin(key)
            try json.add(value)
        }

        func nestedContainer<Inner: CodingKey>(
            keyedBy type: Inner.Type, forKey key: Key
        ) -> KeyedEncodingContainer<Inner> {
            begin(key)
            return JSONBytesEncoder(json: json).container(keyedBy: type)
        }

        func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
            begin(key)
            return JSONBytesEncoder(json: json).unkeyedContainer()
        }

        func superEncoder() -> any Encoder {
            json.beginMember("super", at: depth)
            return JSONBytesEncoder(json: json)
        }

        func superEncoder(forKey key: Key) -> any Encoder {
            begin(key)
            return JSONBytesEncoder(json: json)
        }
    }

    // MARK: - A list

    private struct Elements: UnkeyedEncodingContainer {
        let json: JSONBytes
        let depth: Int
        private(set) var count = 0

        var codingPath: [any CodingKey] { [] }

        private mutating func begin() {
            json.beginElement(at: depth)
            count += 1
        }

        mutating func encodeNil() {
            begin()
            json.addNull()
        }

        mutating func encode(_ value: String) {
            begin()
            json.add(value)
        }

        mutating func encode(_ value: some Encodable) throws {
            begin()
            try json.add(value)
        }

        mutating func nestedContainer<Inner: CodingKey>(keyedBy type: Inner.Type) -> KeyedEncodingContainer<Inner> {
            begin()
            return JSONBytesEncoder(json: json).container(keyedBy: type)
        }

        mutating func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
            begin()
            return JSONBytesEncoder(json: json).unkeyedContainer()
        }

        mutating func superEncoder() -> any Encoder {
            begin()
            return JSONBytesEncoder(json: json)
        }
    }

    // MARK: - One value

    private struct Value: SingleValueEncodingContainer {
        let json: JSONBytes

        var codingPath: [any CodingKey] { [] }

        func encodeNil() { json.addNull() }
        func encode(_ value: Bool) { json.add(value) }
        func encode(_ value: String) { json.add(value) }
        func encode(_ value: some BinaryFloatingPoint & Encodable & CustomStringConvertible) throws {
            try json.add(number: value)
        }
        func encode(_ value: some FixedWidthInteger & Encodable) { json.add(number: value) }
        func encode(_ value: some Encodable) throws { try json.add(value) }
    }
}
