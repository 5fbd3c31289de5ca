import GRDB
import SocialDomain

/// Why the service's database cannot be used, in words for the operator; `sqlite` keeps the code and never the SQL's
/// arguments.
enum DatabaseFault: ExplainedFault, Hashable {
    case diskFull
    case readOnly
    case notADatabase
    case damaged
    case locked
    case cannotOpen
    /// The data was written by a newer version of the service.
    case fromTheFuture(found: Int, known: Int)
    /// A migration that was applied reads otherwise now.
    case migrationChanged(number: Int)
    case folder(FileFault)
    case sqlite(code: Int, message: String)

    init(_ error: any Error) {
        switch error {
        case let fault as DatabaseFault: self = fault
        case let fault as FileFault: self = .folder(fault)
        case let error as DatabaseError: self.init(error)
        default: self = .sqlite(code: -1, message: String(describing: type(of: error)))
        }
    }

    init(_ error: DatabaseError) {
        self =
            switch error.resultCode {
            case .SQLITE_FULL: .diskFull
            case .SQLITE_READONLY, .SQLITE_PERM: .readOnly
            case .SQLITE_NOTADB: .notADatabase
            case .SQLITE_CORRUPT: .damaged
            case .SQLITE_BUSY, .SQLITE_LOCKED: .locked
            case .SQLITE_CANTOPEN: .cannotOpen
            default: .sqlite(code: Int(error.extendedResultCode.rawValue), message: error.message ?? "")
            }
    }

    var explanation: LocalizedText {
        switch self {
        case .diskFull:
            LocalizedText(
                zh: "磁盘已满，数据库无法写入。请清理空间后重试，原有数据未改动。",
                en: "the disk is full and the database cannot be written; free some space and try again, "
                    + "nothing was changed")
        case .readOnly:
            LocalizedText(
                zh: "数据库只能读取，不能写入。请检查数据文件夹的权限。",
                en: "the database can be read but not written: check the data folder's permissions")
        case .notADatabase:
            LocalizedText(
                zh: "数据文件夹里的 aid.sqlite 不是数据库文件。请恢复备份，或换一个数据文件夹。",
                en: "aid.sqlite in the data folder is not a database: restore a backup or choose another folder")
        case .damaged:
            LocalizedText(
                zh: "数据库文件已损坏，请恢复备份。", en: "the database file is damaged: restore a backup")
        case .locked:
            LocalizedText(
                zh: "数据库正被另一个程序占用，请稍后重试。",
                en: "the database is in use by another program: try again in a moment")
        case .cannotOpen:
            LocalizedText(
                zh: "无法打开数据文件夹里的 aid.sqlite。请检查该文件夹是否存在、是否有权限。",
                en: "aid.sqlite in the data folder cannot be opened: check that the folder exists and may be written")
        case .fromTheFuture(let found, let known):
            LocalizedText(
                zh: "数据由更新的版本写入（结构版本 \(found)，本程序只认识到 \(known)）。请升级本程序。",
                en: "the data was written by a newer version (schema \(found), this program knows up to \(known)): "
                    + "upgrade this program")
        case .migrationChanged(let number):
            LocalizedText(
                zh: "第 \(number) 号数据库迁移在使用之后被改动过。请使用原来的程序版本。",
                en:
                    "migration \(number) was changed after it was applied: use the version of the program that applied it"
            )
        case .folder(let fault): fault.explanation
        case .sqlite(let code, _):
            LocalizedText(zh: "数据库出错（SQLite \(code)）。", en: "the database failed (SQLite \(code))")
        }
    }
}
