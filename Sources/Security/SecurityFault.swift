package import SocialDomain

/// Why a key, a ciphertext or a stored hash is refused; no case carries a secret.
package enum SecurityFault: ExplainedFault, Hashable, Sendable {
    case unknownKeyVersion(UInt32)
    case duplicateKeyVersion(UInt32)
    case shortKey(version: UInt32)
    case damagedCiphertext
    case damagedHash
    case costTooHigh
    /// There is no key file; values that were sealed with it are lost without it.
    case keysMissing(path: String)
    case keysUnreadable(path: String)
    case keysUnwritable(path: String)
    /// Others than its owner may read the file.
    case keysExposed(path: String)
    case keysDamaged(path: String, line: Int)

    package var code: String {
        switch self {
        case .unknownKeyVersion: "unknown-key-version"
        case .duplicateKeyVersion: "duplicate-key-version"
        case .shortKey: "short-key"
        case .damagedCiphertext: "damaged-ciphertext"
        case .damagedHash: "damaged-hash"
        case .costTooHigh: "hash-cost-too-high"
        case .keysMissing: "keys-missing"
        case .keysUnreadable: "keys-unreadable"
        case .keysUnwritable: "keys-unwritable"
        case .keysExposed: "keys-exposed"
        case .keysDamaged: "keys-damaged"
        }
    }

    package var explanation: LocalizedText {
        switch self {
        case .unknownKeyVersion(let version):
            LocalizedText(zh: "密钥文件中没有第 \(version) 版密钥。", en: "the key ring has no key of version \(version)")
        case .duplicateKeyVersion(let version):
            LocalizedText(zh: "第 \(version) 版密钥出现了两次。", en: "key version \(version) stands twice")
        case .shortKey(let version):
            LocalizedText(zh: "第 \(version) 版密钥应为 32 字节。", en: "key version \(version) must have 32 bytes")
        case .damagedCiphertext:
            LocalizedText(zh: "密文已损坏，或不属于这一字段。", en: "the ciphertext is damaged or belongs to another field")
        case .damagedHash:
            LocalizedText(zh: "保存的密码散列已损坏。", en: "the stored password hash is damaged")
        case .costTooHigh:
            LocalizedText(zh: "密码散列所需内存超出上限。", en: "the password hash asks for more memory than is allowed")
        case .keysMissing(let path):
            LocalizedText(
                zh: "找不到密钥文件 \(path)。数据库里有用它加密的内容，请从密钥备份恢复该文件，切勿新建。",
                en: "the key file \(path) is missing, and the database holds values sealed with it: "
                    + "restore it from the keys' backup, do not make a new one")
        case .keysUnreadable(let path):
            LocalizedText(
                zh: "无法读取密钥文件 \(path)，请检查权限。", en: "the key file \(path) cannot be read: check its permissions")
        case .keysUnwritable(let path):
            LocalizedText(
                zh: "无法写入密钥文件 \(path)，请检查权限和磁盘空间。",
                en: "the key file \(path) cannot be written: check permissions and free space")
        case .keysExposed(let path):
            LocalizedText(
                zh: "其他账户也能读取密钥文件 \(path)。请执行 chmod 600 后重试。",
                en: "others may read the key file \(path): run chmod 600 on it and try again")
        case .keysDamaged(let path, let line):
            LocalizedText(zh: "密钥文件 \(path) 第 \(line) 行有误。", en: "line \(line) of the key file \(path) is wrong")
        }
    }
}
