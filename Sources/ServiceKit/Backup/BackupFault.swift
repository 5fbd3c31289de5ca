package import SocialDomain

/// Why a backup was not made or not put back.
package enum BackupFault: ExplainedFault, Hashable {
    case exists(String)
    case cannotWrite(String)
    case noManifest(String)
    case otherService(String)
    case unknownFile(String)
    case damaged(String)
    /// A file was replaced while it was being copied.
    case changedMeanwhile(String)
    /// A backup of a PostgreSQL database, and no such database to put it into.
    case needsPostgres
    case needsSQLite

    package var explanation: LocalizedText {
        switch self {
        case .exists(let path):
            LocalizedText(
                zh: "\(path) 已经存在，不会覆盖。请换一个位置。", en: "\(path) exists and is not replaced: choose another place")
        case .cannotWrite(let path):
            LocalizedText(zh: "无法写入 \(path)。", en: "\(path) cannot be written")
        case .noManifest(let path):
            LocalizedText(
                zh: "\(path) 不是完整的备份：缺少 manifest.json。", en: "\(path) is not a whole backup: manifest.json is missing")
        case .otherService(let name):
            LocalizedText(zh: "这是服务“\(name)”的备份。", en: "this is a backup of the service \(name)")
        case .unknownFile(let name):
            LocalizedText(zh: "备份里有不认识的文件 \(name)。", en: "the backup holds an unknown file \(name)")
        case .damaged(let name):
            LocalizedText(
                zh: "备份里的 \(name) 已损坏或缺失，请用另一份备份。",
                en: "\(name) in the backup is damaged or missing: use another backup")
        case .changedMeanwhile(let name):
            LocalizedText(zh: "备份时 \(name) 被替换，请重新备份。", en: "\(name) was replaced during the backup: make it again")
        case .needsPostgres:
            LocalizedText(
                zh: "这是 PostgreSQL 的备份。请用 --database postgres://… 指明一个空库。",
                en: "this is a backup of a PostgreSQL database: name an empty one with --database postgres://…")
        case .needsSQLite:
            LocalizedText(
                zh: "这是 SQLite 的备份，不能恢复到 PostgreSQL。请去掉 --database。",
                en: "this is a backup of an SQLite database and does not go into PostgreSQL: leave --database out")
        }
    }
}
