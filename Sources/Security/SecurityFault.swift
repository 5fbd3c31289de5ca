package import SocialDomain

/// Why a key, a ciphertext or a stored hash is refused; no case carries a secret.
package enum SecurityFault: ExplainedFault, Hashable, Sendable {
    case unknownKeyVersion(UInt32)
    case duplicateKeyVersion(UInt32)
    case shortKey(version: UInt32)
    case damagedCiphertext
    case damagedHash
    case costTooHigh

    package var code: String {
        switch self {
        case .unknownKeyVersion: "unknown-key-version"
        case .duplicateKeyVersion: "duplicate-key-version"
        case .shortKey: "short-key"
        case .damagedCiphertext: "damaged-ciphertext"
        case .damagedHash: "damaged-hash"
        case .costTooHigh: "hash-cost-too-high"
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
        }
    }
}
