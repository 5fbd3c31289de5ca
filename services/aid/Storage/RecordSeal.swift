import Foundation
import Security
import SocialDomain
import Storage

/// Seals what the database keeps of people's identity numbers: the register's numbers, with a blind index to find them
/// by, and the rows of extracts behind an alert, which quote them.
struct RecordSeal: Sendable {
    let ring: FieldKeyRing

    /// A person's number before it is stored.
    struct Number: Sendable {
        let sealed: [UInt8]
        let index: [UInt8]
    }

    private static func place(ofPerson id: String) -> FieldPlace {
        FieldPlace(table: "person", column: "id_number", row: id)
    }

    private static func place(ofHousehold id: String) -> FieldPlace {
        FieldPlace(table: "evidence", column: "rows", row: id)
    }

    func number(_ text: String, person: String) throws -> Number {
        Number(sealed: try ring.seal(Array(text.utf8), at: Self.place(ofPerson: person)), index: index(of: text))
    }

    func openNumber(_ sealed: [UInt8], person: String) throws -> String {
        String(decoding: try ring.open(sealed, at: Self.place(ofPerson: person)), as: UTF8.self)
    }

    /// What equal numbers share: HMAC-SHA256 with the index key.
    func index(of number: String) -> [UInt8] {
        ring.current.index.index(Array(number.utf8), table: "person", column: "id_number")
    }

    func evidence(_ json: [UInt8], household: String) throws -> [UInt8] {
        try ring.seal(json, at: Self.place(ofHousehold: household))
    }

    func openEvidence(_ sealed: [UInt8], household: String) throws -> String {
        String(decoding: try ring.open(sealed, at: Self.place(ofHousehold: household)), as: UTF8.self)
    }

    /// The number of a row of `person`, from whichever column holds it.
    func number(in row: Row, person: String) throws -> String? {
        if let sealed: [UInt8] = try row.get("id_number_sealed") { return try openNumber(sealed, person: person) }
        return try row.get("id_number")
    }

    /// Does the same for many values on all cores; the results in the values' order.
    static func sideBySide<Input: Sendable, Output: Sendable>(
        _ inputs: [Input], _ body: @Sendable (Input) throws -> Output
    ) throws -> [Output] {
        let cores = min(ProcessInfo.processInfo.activeProcessorCount, inputs.count)
        guard cores > 1 else { return try inputs.map(body) }
        var parts = [Result<[Output], any Error>?](repeating: nil, count: cores)
        parts.withUnsafeMutableBufferPointer { buffer in
            // Each turn of the loop writes its own element and nothing else.
            nonisolated(unsafe) let parts = buffer
            DispatchQueue.concurrentPerform(iterations: cores) { core in
                let range = inputs.count * core / cores..<inputs.count * (core + 1) / cores
                parts[core] = Result { try inputs[range].map(body) }
            }
        }
        return try parts.flatMap { try $0?.get() ?? [] }
    }
}
