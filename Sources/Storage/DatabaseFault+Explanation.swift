package import SocialDomain

extension DatabaseFault {
    package var explanation: LocalizedText {
        connectionWords ?? storageWords ?? schemaWords
    }

    private var connectionWords: LocalizedText? {
        switch self {
        case .badAddress:
            LocalizedText(
                zh: "数据库地址无法识别，应为 sqlite:///文件路径 或 postgres://用户@主机/库名。",
                en: "the database's address must be sqlite:///path or postgres://user@host/name")
        case .wrongPassword:
            LocalizedText(
                zh: "数据库拒绝登录：用户名或密码不对。", en: "the database refused the sign-in: wrong user or password")
        case .noSuchDatabase:
            LocalizedText(
                zh: "服务器上没有这个数据库，或该用户无权使用。请先建库并授权。",
                en: "the server has no such database, or the user has no right to it: create and grant it first")
        case .serverGone:
            LocalizedText(
                zh: "连不上数据库服务器。请检查服务器是否运行、地址和网络是否正确。",
                en: "the database server cannot be reached: check that it runs, its address and the network")
        case .tooManyConnections:
            LocalizedText(
                zh: "数据库服务器的连接已满，请稍后重试，或调高其连接上限。",
                en: "the database server has no connection left: try again later or raise its limit")
        case .outcomeUnknown:
            LocalizedText(
                zh: "提交时连接中断，无法确定是否已保存。请先查看，再决定是否重做。",
                en: "the connection broke during the commit, which may or may not have happened: look before repeating")
        case .timedOut:
            LocalizedText(zh: "数据库操作超时，未作改动。", en: "the database took too long; nothing was changed")
        case .closed:
            LocalizedText(zh: "数据库已关闭。", en: "the database is closed")
        case .unsuitableLocale:
            LocalizedText(
                zh: "PostgreSQL 数据库须为 UTF-8 编码、C 或 C.UTF-8 排序。请按要求重新建库。",
                en: "the PostgreSQL database must have encoding UTF8 and collation C or C.UTF-8: create it anew")
        default: nil
        }
    }

    private var storageWords: LocalizedText? {
        switch self {
        case .diskFull:
            LocalizedText(
                zh: "磁盘已满，数据库无法写入。请清理空间后重试，原有数据未改动。",
                en: "the disk is full and the database cannot be written; free some space and try again, "
                    + "nothing was changed")
        case .readOnly:
            LocalizedText(
                zh: "数据库只能读取，不能写入。请检查权限，或是否连到了备库。",
                en: "the database can be read but not written: check permissions, and that it is not a standby")
        case .notADatabase:
            LocalizedText(
                zh: "该文件不是数据库。请恢复备份，或换一个路径。",
                en: "the file is not a database: restore a backup or choose another path")
        case .damaged:
            LocalizedText(zh: "数据库文件已损坏，请恢复备份。", en: "the database file is damaged: restore a backup")
        case .cannotOpen:
            LocalizedText(
                zh: "无法打开数据库文件。请检查文件夹是否存在、是否有权限。",
                en: "the database file cannot be opened: check that its folder exists and may be written")
        case .locked:
            LocalizedText(
                zh: "数据库正被另一个程序占用，请稍后重试。",
                en: "the database is in use by another program: try again in a moment")
        case .conflict:
            LocalizedText(
                zh: "有人同时修改了相同的数据，请重试。", en: "someone else changed the same data: try again")
        case .backupFailed(let reason):
            LocalizedText(zh: "备份或恢复未完成：\(reason)。", en: "the backup or restore failed: \(reason)")
        case .notEmpty:
            LocalizedText(
                zh: "这个数据库里已经有表，不会覆盖。请新建一个空库再恢复。",
                en:
                    "the database holds tables already, and they are not replaced: create an empty one and restore into that"
            )
        case .toolMissing(let name):
            LocalizedText(
                zh: "找不到 \(name)。请安装 PostgreSQL 客户端程序（postgresql-client）。",
                en: "\(name) is missing: install PostgreSQL's client programs (postgresql-client)")
        case .toolTooOld(let name, let version, let server):
            LocalizedText(
                zh: "\(name) 是 \(version) 版，数据库服务器是 \(server) 版。请安装 \(server) 版或更新的客户端程序。",
                en: "\(name) is of version \(version) and the server of \(server): install client programs of version "
                    + "\(server) or newer")
        default: nil
        }
    }

    private var schemaWords: LocalizedText {
        switch self {
        case .constraint(let violation):
            LocalizedText(
                zh: "数据违反了约束：\(violation.words)。", en: "the data breaks a constraint: \(violation.words)")
        case .columnMissing(let column, let present):
            LocalizedText(
                zh: "结果中没有“\(column)”列，只有：\(present.joined(separator: "、"))。",
                en: "the result has no column \(column), only \(present.joined(separator: ", "))")
        case .columnType(let column, let expected, let found):
            LocalizedText(
                zh: "“\(column)”列应为 \(expected)，实为 \(found)。",
                en: "column \(column) should be \(expected) but is \(found)")
        case .fromTheFuture(let found, let known):
            LocalizedText(
                zh: "数据由更新的版本写入（结构版本 \(found)，本程序只认识到 \(known)）。请升级本程序。",
                en: "the data was written by a newer version (schema \(found), this program knows up to \(known)): "
                    + "upgrade this program")
        case .migrationChanged(let number):
            LocalizedText(
                zh: "第 \(number) 号数据库迁移在使用之后被改动过。请使用原来的程序版本。",
                en: "migration \(number) was changed after it was applied: use the version that applied it")
        case .badMigrations(let reason):
            LocalizedText(zh: "数据库迁移文件有误：\(reason)。", en: "the migrations are wrong: \(reason)")
        case .engine(let code, let message):
            LocalizedText(
                zh: "数据库出错（\(code)）。",
                en: message.isEmpty ? "the database failed (\(code))" : "the database failed (\(code)): \(message)")
        default:
            LocalizedText(zh: "数据库出错（\(code)）。", en: "the database failed (\(code))")
        }
    }
}

extension ConstraintViolation {
    fileprivate var words: String {
        var parts = [kind.rawValue]
        if let name { parts.append(name) }
        let place = (table.map { [$0] } ?? []) + (columns.isEmpty ? [] : [columns.joined(separator: ", ")])
        if !place.isEmpty { parts.append(place.joined(separator: ".")) }
        return parts.joined(separator: " ")
    }
}
