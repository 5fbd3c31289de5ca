import ArgumentParser
import Foundation
import Security
import ServiceKit
import SocialDomain
import Storage

/// Where the gateway keeps its accounts and keys.
struct GatewayOptions: ParsableArguments {
    @Option(name: .customLong("data"), help: "The gateway's data folder.")
    var folder = "data/gateway"

    @Option(
        name: .customLong("database"),
        help: "sqlite:///path or postgres://user@host/name; gateway.sqlite in the data folder if it is not given.")
    var address: String?

    var keys: SigningKeyFile { SigningKeyFile("\(folder)/keys/gateway.signing.keys", issuer: "gateway") }

    func open() throws -> (database: Database, ring: FieldKeyRing) {
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let database = try Database(
            address.map { text in try DatabaseAddress(text) }
                ?? DatabaseAddress(sqliteFile: "\(folder)/gateway.sqlite"))
        let time = Date().formatted(.iso8601)
        try database.migrate(Self.migrations(for: database.engine), at: time)
        try KitMigrations.apply(to: database, at: time)
        let file = FieldKeyFile("\(folder)/keys/gateway.keys")
        if !file.exists {
            let isSealed = try database.readBlocking { db in
                try db.first("SELECT 1 AS one FROM account WHERE totp_secret IS NOT NULL LIMIT 1") != nil
            }
            guard !isSealed else { throw SecurityFault.keysMissing(path: file.path) }
            try file.make()
        }
        return (database, try FieldKeyRing(file))
    }

    static func migrations(for engine: Engine) throws -> [Migration] {
        try Migration.inFolder(Bundle.module.bundlePath + "/Migrations", for: engine)
    }

    static var now: Int64 { Int64(Date().timeIntervalSince1970) }
}
