/// The values of a statement in one buffer, as libpq takes them.
struct PostgresParameters {
    private var bytes: [UInt8] = []
    /// Where each value begins; below 0 for NULL.
    private var starts: [Int] = []
    private var lengths: [Int32] = []
    private var formats: [Int32] = []
    private(set) var types: [UInt32] = []

    init(_ values: [SQLValue]) throws(DatabaseFault) {
        for value in values {
            let start = bytes.count
            switch value {
            case .null: break
            case .integer(let number): bytes += String(number).utf8
            case .double(let number): bytes += CopyText.text(of: number).utf8
            case .bool(let isTrue): bytes.append(isTrue ? 0x74 : 0x66)
            case .text(let text):
                // PostgreSQL's texts hold no zero character, and libpq would end the text there.
                guard !text.utf8.contains(0) else { throw .engine(code: "22021", message: "a text holds U+0000") }
                bytes += text.utf8
            case .blob(let blob): bytes += blob
            }
            if case .null = value { starts.append(-1) } else { starts.append(start) }
            lengths.append(Int32(bytes.count - start))
            bytes.append(0)
            types.append(Self.type(of: value))
            if case .blob = value { formats.append(1) } else { formats.append(0) }
        }
    }

    var count: Int32 { Int32(types.count) }
    var signature: String { "\u{0}" + types.map(String.init).joined(separator: ",") }

    /// From the server's pg_type.dat: int8, float8, bool, text, bytea.
    private static func type(of value: SQLValue) -> UInt32 {
        switch value.type {
        case .integer: 20
        case .double: 701
        case .bool: 16
        case .text: 25
        case .blob: 17
        }
    }

    func withPointers<Value>(
        _ body: (
            UnsafePointer<UInt32>, UnsafePointer<UnsafePointer<CChar>?>, UnsafePointer<Int32>, UnsafePointer<Int32>
        )
            -> Value
    ) -> Value {
        bytes.withUnsafeBytes { buffer in
            let base = buffer.bindMemory(to: CChar.self).baseAddress
            let pointers = starts.map { start in start < 0 ? nil : base.map { $0 + start } }
            return body(types, pointers, lengths, formats)
        }
    }
}
