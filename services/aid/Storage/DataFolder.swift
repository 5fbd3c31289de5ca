import Foundation
import Security

#if canImport(Glibc)
    import Glibc
#endif

/// The folder that holds everything the service keeps: the database, the extracts, the rules and what runs put out.
///
/// Only its owner may look into it (0700): it holds identity numbers.
struct DataFolder: Hashable, Sendable {
    let path: String

    init(_ path: String) {
        self.path = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
    }

    var database: String { path + "/aid.sqlite" }
    var feeds: String { path + "/feeds" }
    var runs: String { path + "/runs" }
    /// The operator's rules; the shipped ones are used while it does not exist.
    var rules: String { path + "/rules.yaml" }
    /// The operator's feed kinds; the shipped ones are used while it does not exist.
    var kinds: String { path + "/feed-kinds.yaml" }
    /// The keys of sealed fields, unless the operator keeps them elsewhere.
    var keys: String { path + "/keys/aid.keys" }
    /// How far the audit log was verified.
    var auditCheckpoint: String { path + "/keys/audit.checkpoint" }
    /// How far the rescue chain was verified.
    var chainCheckpoint: String { path + "/keys/chain.checkpoint" }
    /// Whoever computes a run holds this file's lock.
    var runLock: String { path + "/run.lock" }

    /// The service's own signing keys, made where they are missing.
    func signingKeys() throws -> SigningKeys {
        try SigningKeyFile(path + "/keys/aid.signing.keys", issuer: "aid").readOrMake()
    }

    func run(_ id: Int64) -> String { "\(runs)/\(id)" }

    /// Makes the folder and those in it that are missing, and closes it to others.
    func create() throws(FileFault) {
        for folder in [path, feeds, runs] {
            do {
                try FileManager.default.createDirectory(
                    atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            } catch {
                throw FileFault(error, path: folder)
            }
        }
        guard chmod(path, 0o700) == 0 else { throw FileFault(errno: errno, path: path) }
    }
}
