import Crypto
import Foundation
import Security
import Storage

/// A link of a household's rescue chain (救助链), as it is stored.
///
/// Its canonical form: the sequence as 8 bytes, then household, division, kind, day, person, title, source, actor,
/// reference, payload and time of recording, each as the number of its bytes (8 bytes) and its UTF-8. All numbers are big
/// endian. The hash is the SHA-256 of the household's hash before (its length, 32, in 8 bytes, then the hash; 32 zero bytes
/// stand before the first) and the canonical form.
struct RescueEntry: ChainedEntry, Hashable {
    /// Within the household, from 1.
    let sequence: UInt64
    let household: String
    let division: String
    let kind: String
    let day: String
    let person: String
    let title: String
    let source: String
    let actor: String
    let reference: String
    let payload: String
    let recordedAt: String

    init(_ event: RescueEvent, sequence: UInt64, recordedAt: String) {
        self.sequence = sequence
        household = event.household
        division = event.division
        kind = event.kind.rawValue
        day = event.day
        person = event.person
        title = event.title
        source = event.source
        actor = event.actor
        reference = event.reference
        payload = event.payload
        self.recordedAt = recordedAt
    }

    /// From a row of `chain_entry`, whatever was done to it.
    init(_ row: Row) throws {
        // A sequence that was made negative comes out of order either way.
        sequence = UInt64(clamping: try row.get("sequence", as: Int64.self))
        household = try row.get("household_id")
        division = try row.get("division")
        kind = try row.get("kind")
        day = try row.get("day")
        person = try row.get("person_id")
        title = try row.get("title")
        source = try row.get("source")
        actor = try row.get("actor")
        reference = try row.get("reference")
        payload = try row.get("payload")
        recordedAt = try row.get("recorded_at")
    }

    var canonicalBytes: [UInt8] {
        bigEndianBytes(sequence)
            + [
                household, division, kind, day, person, title, source, actor, reference, payload, recordedAt,
            ].flatMap { lengthPrefixed(Array($0.utf8)) }
    }

    func hash(after previous: [UInt8]) -> [UInt8] {
        [UInt8](SHA256.hash(data: lengthPrefixed(previous) + canonicalBytes))
    }
}

/// The place of an entry among those of all households, in the order of commit: the SHA-256 of the link before (as above),
/// the position as 8 bytes, and the entry's hash (its length in 8 bytes, then the hash). So a household's last entries
/// cannot be cut off without a gap.
struct RescueLink: ChainedEntry, Hashable {
    let position: UInt64
    let hash: [UInt8]

    var sequence: UInt64 { position }

    func hash(after previous: [UInt8]) -> [UInt8] {
        [UInt8](SHA256.hash(data: lengthPrefixed(previous) + bigEndianBytes(position) + lengthPrefixed(hash)))
    }
}
