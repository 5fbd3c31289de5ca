/// Lets values write themselves as JSON.
struct JSONOutputEncoder: Encoder {
    let json: JSONOutput
    private let place: JSONOutput.Place

    init(json: JSONOutput) {
        self.json = json
        place = json.place
    }

    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        KeyedEncodingContainer(Members(json: json, object: json.begin(isObject: true, at: place)))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        Elements(json: json, list: json.begin(isObject: false, at: place))
    }

    func singleValueContainer() -> any SingleValueEncodingContainer {
        json.check(place)
        return Value(json: json)
    }

    // MARK: - An object

    private struct Members<Key: CodingKey>: KeyedEncodingContainerProtocol {
        let json: JSONOutput
        let object: JSONOutput.Container

        var codingPath: [any CodingKey] { [] }

        private func begin(_ key: some CodingKey) { json.beginMember(key.stringValue, of: object) }

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
            return JSONOutputEncoder(json: json).container(keyedBy: type)
        }

        func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
            begin(key)
            return JSONOutputEncoder(json: json).unkeyedContainer()
        }

        func superEncoder() -> any Encoder {
            json.beginMember("super", of: object)
            return JSONOutputEncoder(json: json)
        }

        func superEncoder(forKey key: Key) -> any Encoder {
            begin(key)
            return JSONOutputEncoder(json: json)
        }
    }

    // MARK: - A list

    private struct Elements: UnkeyedEncodingContainer {
        let json: JSONOutput
        let list: JSONOutput.Container
        private(set) var count = 0

        var codingPath: [any CodingKey] { [] }

        private mutating func begin() {
            json.beginElement(of: list)
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
            return JSONOutputEncoder(json: json).container(keyedBy: type)
        }

        mutating func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
            begin()
            return JSONOutputEncoder(json: json).unkeyedContainer()
        }

        mutating func superEncoder() -> any Encoder {
            begin()
            return JSONOutputEncoder(json: json)
        }
    }

    // MARK: - One value

    private struct Value: SingleValueEncodingContainer {
        let json: JSONOutput

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
