import ArgumentParser
import Contracts
import Foundation
import Security
import ServiceKit
import SocialDomain
import Storage

/// `minsheng account …`: accounts from the machine itself, for the first administrator and for the night when nobody can
/// sign in.
struct AccountCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "account", abstract: "Look after accounts. 管理账号。",
        subcommands: [
            AccountListCommand.self, AccountAddCommand.self, AccountRolesCommand.self, AccountBlockCommand.self,
            AccountUnlockCommand.self, AccountResetCommand.self, AccountSessionsCommand.self,
        ], defaultSubcommand: AccountListCommand.self)
}

struct AccountListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List the accounts. 列出账号。")
    @OptionGroup var options: GatewayOptions
    @Flag(help: "As JSON, for programs.") var json = false

    func run() async throws {
        try await Told.run {
            let accounts = try await AccountStore(database: try options.open().database).list(within: .ownMachine)
            let rows = accounts.map { account in
                [
                    account.login, account.name, account.division.text, account.organisation ?? "",
                    account.roles.flatMap { service, roles in roles.map { "\(service):\($0)" } }.sorted()
                        .joined(separator: " "),
                    account.isBlocked ? "blocked" : account.mustChange ? "new" : "active",
                ]
            }
            let keys = ["login", "name", "division", "organisation", "roles", "state"]
            if json {
                let objects = rows.map { Dictionary(uniqueKeysWithValues: zip(keys, $0)) }
                let encoder = JSONEncoder()
                encoder.outputFormatting = [.sortedKeys]
                print(String(decoding: try encoder.encode(objects), as: UTF8.self))
            } else {
                for row in [keys] + rows { print(row.joined(separator: "\t")) }
            }
        }
    }
}

struct AccountAddCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Make an account; its password is shown once. 新建账号。",
        discussion:
            "Exit codes: 0 done, 64 usage, 65 refused. With --if-missing an account that exists is left as it is.")
    @OptionGroup var options: GatewayOptions
    @Argument(help: "The name to sign in with.") var login: String
    @Option(help: "The person's name.") var name: String
    @Option(help: "The division that the account sees, 150402.") var division: String
    @Option(name: .customLong("role"), help: "A role, aid:officer; once for each.") var roles: [String] = []
    @Option(help: "The credit code of the school or employer that the person works for.") var organisation = ""
    @Flag(name: .customLong("if-missing"), help: "Do nothing where the account exists.") var isOptional = false

    func run() async throws {
        try await Told.run {
            let (database, ring) = try options.open()
            let grant = try AccountGrant(roles, organisation: organisation)
            do {
                let made = try await AccountActions(database: database, ring: ring).add(
                    login: login, name: name, division: division, grant: grant, within: .ownMachine,
                    at: GatewayOptions.now,
                    audit: AuditEvent("account.add", reason: grant.reason, by: .machine))
                print("account 账号: \(login.lowercased())\npassword 初始密码: \(made.password)")
            } catch AccountRefusal.loginTaken where isOptional {}
        }
    }
}

/// An account named on the command line.
struct NamedAccount: ParsableArguments {
    @OptionGroup var options: GatewayOptions
    @Argument(help: "The name to sign in with.") var login: String

    func find(_ database: Database) async throws -> Account {
        let store = AccountStore(database: database)
        guard let account = try await store.account(login: login.lowercased(), within: .ownMachine) else {
            throw AccountRefusal.unknown
        }
        return account
    }
}

struct AccountRolesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "roles", abstract: "Give an account these roles and no others. 设置角色。",
        discussion:
            "An account of a school or an employer keeps it where --organisation is left out and the roles are an organisation's."
    )
    @OptionGroup var named: NamedAccount
    @Option(name: .customLong("role"), help: "A role, aid:officer; once for each.") var roles: [String] = []
    @Option(help: "The credit code of the school or employer that the person works for.") var organisation: String?

    func run() async throws {
        try await Told.run {
            let database = try named.options.open().database
            let account = try await named.find(database)
            let kept = OrganisationRoles.need(Roles.grouped(roles.compactMap(Roles.parse))) ? account.organisation : nil
            let grant = try AccountGrant(roles, organisation: organisation ?? kept ?? "")
            try await AccountStore(database: database).setRoles(
                grant, of: account.id, within: .ownMachine, at: GatewayOptions.now,
                audit: AuditEvent("account.roles", reason: grant.reason, by: .machine))
        }
    }
}

struct AccountBlockCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "block", abstract: "Let an account sign in no more, and end its sessions. 停用账号。")
    @OptionGroup var named: NamedAccount

    func run() async throws {
        try await Told.run {
            let database = try named.options.open().database
            let account = try await named.find(database)
            try await AccountStore(database: database).block(
                account.id, within: .ownMachine, at: GatewayOptions.now,
                audit: AuditEvent("account.block", by: .machine))
        }
    }
}

struct AccountUnlockCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "unlock", abstract: "Lift a block or a lock-out. 解除停用或锁定。")
    @OptionGroup var named: NamedAccount

    func run() async throws {
        try await Told.run {
            let database = try named.options.open().database
            let account = try await named.find(database)
            try await AccountStore(database: database).unlock(
                account.id, within: .ownMachine, at: GatewayOptions.now,
                audit: AuditEvent("account.unlock", by: .machine))
        }
    }
}

struct AccountResetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reset", abstract: "Give an account a new password, shown once. 重置密码。")
    @OptionGroup var named: NamedAccount
    @Flag(help: "Take the authenticator away too, where the phone is lost.") var authenticator = false

    func run() async throws {
        try await Told.run {
            let (database, ring) = try named.options.open()
            let account = try await named.find(database)
            let password = try await AccountActions(database: database, ring: ring).reset(
                account.id, within: .ownMachine, at: GatewayOptions.now,
                audit: AuditEvent("account.reset", by: .machine))
            if authenticator {
                try await AccountStore(database: database).removeAuthenticator(
                    of: account.id, at: GatewayOptions.now, audit: AuditEvent("account.plain", by: .machine))
            }
            print("account 账号: \(account.login)\npassword 初始密码: \(password)")
        }
    }
}
