package import ArgumentParser
import Security

/// `migrate`: bring the database up to date.
package struct MigrateCommand<Folder: StoreFolder>: AsyncParsableCommand {
    package static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "migrate", abstract: "Make the database and bring it up to date. 建库或升级。",
            discussion: "Writes the service's public keys to keys/SERVICE.jwks.json, for other services' --jwks.")
    }
    @OptionGroup var data: Folder

    package init() {}

    package func run() async throws {
        try await Told.run {
            let store = try data.open()
            try store.signingKeys().publish(in: "\(store.folder)/keys")
            print("up to date 已是最新")
        }
    }
}

/// `audit`: follows the chain from its first entry.
package struct AuditCommand<Folder: StoreFolder>: AsyncParsableCommand {
    package static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "audit", abstract: "Find any change of the log of who did and who looked. 核对操作记录。",
            discussion: "Exit codes: 0 unchanged, 1 changed, 64 usage, 74 cannot be read.")
    }
    @OptionGroup var data: Folder

    package init() {}

    package func run() async throws {
        try await Told.run {
            let store = try data.open()
            try AuditWork.verify(
                store.database, checkpoint: store.auditCheckpoint, key: store.signingKeys().derived("audit"))
        }
    }
}

/// `keys`: the keys of sealed fields.
package struct KeysCommand<Folder: StoreFolder>: AsyncParsableCommand {
    package static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "keys", abstract: "Look after the keys of sealed fields. 管理字段加密密钥。",
            subcommands: [KeysStatusCommand<Folder>.self, KeysRotateCommand<Folder>.self],
            defaultSubcommand: KeysStatusCommand<Folder>.self)
    }

    package init() {}
}

/// `keys status`: which key is active, and what is still to be sealed with it.
package struct KeysStatusCommand<Folder: StoreFolder>: AsyncParsableCommand {
    package static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "status", abstract: "Show the active key's version and what it does not seal yet. 查看密钥状态。")
    }
    @OptionGroup var data: Folder

    package init() {}

    package func run() async throws {
        try await Told.run { try KeyWork(data.open(), Folder.sealed).printStatus() }
    }
}

/// `keys rotate`: a new key, and everything sealed with it, while the service serves.
package struct KeysRotateCommand<Folder: StoreFolder>: AsyncParsableCommand {
    package static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "rotate",
            abstract: "Add a key and seal everything with it, while the service serves. 轮换密钥，不停服务。",
            discussion: """
                A rotation that was stopped goes on where it stood: call it again. Old keys stay in the file, for backups \
                that were made under them. Exit codes: 0 done, 64 usage, 65 keys damaged, 73 cannot write, 74 failed midway.
                """)
    }
    @OptionGroup var data: Folder

    package init() {}

    package func run() async throws {
        try await Told.run { try await KeyWork(data.open(), Folder.sealed).rotate() }
    }
}

/// `event`: the events on their way to other services.
package struct EventCommand<Folder: StoreFolder>: AsyncParsableCommand {
    package static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "event", abstract: "See what other services are told, and tell it again. 服务间事件。",
            subcommands: [EventListCommand<Folder>.self, EventResendCommand<Folder>.self])
    }

    package init() {}
}

/// `event list`.
package struct EventListCommand<Folder: StoreFolder>: AsyncParsableCommand {
    package static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "list", abstract: "List deliveries: what waits, dead letters, what arrived. 列出事件。",
            discussion: "Exit codes: 0 listed, 64 usage, 74 the data cannot be read.")
    }
    @OptionGroup var data: Folder
    @OptionGroup var filter: EventFilterOptions

    package init() {}

    package func run() async throws {
        try await Told.run {
            try await EventWork.list(try data.open().database, state: filter.state, limit: filter.limit)
        }
    }
}

/// `event resend`.
package struct EventResendCommand<Folder: StoreFolder>: AsyncParsableCommand {
    package static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "resend", abstract: "Put a dead letter back into the queue. 重新发送死信。",
            discussion: "Exit codes: 0 queued, 64 usage, 65 no such dead letter, 74 the data cannot be read.")
    }
    @OptionGroup var data: Folder
    @OptionGroup var named: NamedEventOptions

    package init() {}

    package func run() async throws {
        try await Told.run {
            try await EventWork.resend(try data.open().database, event: named.event, to: named.receiver)
        }
    }
}

/// `backup`: a copy of the serving database, sealed as it is.
package struct BackupCommand<Folder: StoreFolder>: AsyncParsableCommand {
    package static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "backup", abstract: "Copy everything while the service serves. 在线备份。",
            discussion: """
                PostgreSQL is copied by pg_dump, which must be of the server's version or newer. The keys are not in it: \
                keep a copy of the keys folder elsewhere. Exit codes: 0 done, 64 usage, 65 refused, 74 failed midway.
                """)
    }
    @OptionGroup var data: Folder

    @Option(help: "A new folder for the backup.")
    var out: String

    package init() {}

    package func run() async throws {
        try await Told.run {
            try await BackupWork.backUp(try data.open().database, service: Folder.service, to: out)
        }
    }
}

/// `restore`: a backup into a new data folder.
package struct RestoreCommand<Folder: StoreFolder>: AsyncParsableCommand {
    package static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "restore", abstract: "Put a backup into a new data folder. 恢复备份到新的数据文件夹。",
            discussion: """
                A backup of PostgreSQL goes into an empty database that --database names. Put the keys folder into the data \
                folder too: without it sealed fields cannot be read. Exit codes: 0 done, 64 usage, 65 refused, 74 failed \
                midway.
                """)
    }
    @OptionGroup var options: RestoreOptions

    package init() {}

    package func run() async throws {
        try await Told.run { try await options.restore(service: Folder.service) }
    }
}
