import Crypto
import Foundation
import Security
import ServiceKit
import SocialDomain
import Storage

/// Seals what the database keeps of identity numbers and phones, and finds people by their number.
struct LearnerSeal: Sendable {
    let ring: FieldKeyRing

    private static let table = "learner"

    /// What equal numbers share: HMAC-SHA256 with the index key. The same person has the same index as learner and as instructor.
    func index(of number: CitizenID) -> [UInt8] {
        ring.current.index.index(Array(number.text.utf8), table: Self.table, column: "number")
    }

    /// - Parameter row: the index in hexadecimal: a row's id is not known before it is put in.
    func seal(_ number: CitizenID) throws -> [UInt8] {
        try ring.seal(Array(number.text.utf8), at: Self.place("number", index(of: number)))
    }

    func openNumber(_ sealed: [UInt8], index: [UInt8]) throws -> String {
        String(decoding: try ring.open(sealed, at: Self.place("number", index)), as: UTF8.self)
    }

    func seal(phone: String, index: [UInt8]) throws -> [UInt8] {
        try ring.seal(Array(phone.utf8), at: Self.place("phone", index))
    }

    func openPhone(_ sealed: [UInt8], index: [UInt8]) throws -> String {
        String(decoding: try ring.open(sealed, at: Self.place("phone", index)), as: UTF8.self)
    }

    /// Of the secret part of a page's address.
    static func digest(of token: String) -> [UInt8] {
        Array(SHA256.hash(data: Data(token.utf8)))
    }

    /// Every column that holds what was sealed here.
    static let columns: [SealedColumn] = [
        SealedColumn("learner", "number_sealed", keys: ["learner_id"], others: ["number_index"]) { row in
            place("number", try row.get("number_index"))
        },
        SealedColumn("learner", "phone_sealed", keys: ["learner_id"], others: ["number_index"]) { row in
            place("phone", try row.get("number_index"))
        },
        SealedColumn("instructor", "number_sealed", keys: ["instructor_id"], others: ["number_index"]) { row in
            place("number", try row.get("number_index"))
        },
    ]

    private static func place(_ column: String, _ index: [UInt8]) -> FieldPlace {
        FieldPlace(
            table: Self.table, column: column, row: index.map { String(format: "%02x", $0) }.joined())
    }
}
