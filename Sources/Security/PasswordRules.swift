package import SocialDomain

/// Why a new password is refused (after NIST SP 800-63B §5.1.1.2: length and a list of bad ones, no rules of composition).
package enum PasswordRefusal: ExplainedFault, Hashable, Sendable {
    case tooShort
    case tooLong
    /// On the list of common ones, or one letter or a run of them over and over.
    case common
    /// Holds the account's or the product's name.
    case obvious

    package var explanation: LocalizedText {
        switch self {
        case .tooShort:
            LocalizedText(
                zh: "密码至少 \(PasswordRules.least) 个字符。可以用几个不相干的词连起来。",
                en: "A password has at least \(PasswordRules.least) characters; a few unrelated words make a good one.")
        case .tooLong:
            LocalizedText(
                zh: "密码最多 \(PasswordRules.most) 个字符。", en: "A password has at most \(PasswordRules.most) characters.")
        case .common:
            LocalizedText(
                zh: "这个密码太常见，别人很容易猜到，请换一个。", en: "This password is too common and easily guessed: choose another.")
        case .obvious:
            LocalizedText(
                zh: "密码不能包含账号或系统名称，请换一个。",
                en: "The password must not hold the account's or the system's name: choose another.")
        }
    }
}

package enum PasswordRules {
    package static let least = 10
    package static let most = 200

    /// - Parameter account: the name that the account signs in with.
    package static func check(_ password: String, account: String) throws(PasswordRefusal) {
        guard password.count >= least else { throw .tooShort }
        guard password.count <= most else { throw .tooLong }
        let plain = password.lowercased()
        let letters = plain.filter { $0.isLetter || $0.isNumber }
        if Set(plain).count < 5 || isRun(plain) || common.contains(where: { letters == $0 || isRepeated(letters, $0) })
        {
            throw .common
        }
        for name in ["minsheng", "民生", account.lowercased()] where name.count >= 3 && plain.contains(name) {
            throw .obvious
        }
    }

    /// `abcdefghij`, `9876543210`.
    private static func isRun(_ text: String) -> Bool {
        let values = text.unicodeScalars.map { Int($0.value) }
        let steps = Set(zip(values, values.dropFirst()).map { $1 - $0 })
        return steps.count == 1
    }

    private static func isRepeated(_ text: String, _ word: String) -> Bool {
        !word.isEmpty && text.count % word.count == 0
            && text == String(repeating: word, count: text.count / word.count)
    }

    /// Those of ten characters and more that lists of leaked passwords show most, and the stems that they are made of.
    private static let common: Set<String> = [
        "password", "password1", "password12", "password123", "passw0rd", "passw0rd123", "qwertyuiop", "qwerty123",
        "qwerty1234", "qwerty12345", "1q2w3e4r5t", "1qaz2wsx3edc", "1qazxsw2", "qazwsxedc", "iloveyou", "iloveyou123",
        "woaini1314", "woaini520", "woaini521", "woaini1314520", "5201314", "1314520", "a123456789", "aa123456",
        "aa123456789", "abc123456", "abcd1234", "abc123456789", "admin123", "admin123456", "administrator",
        "administrator1", "letmein", "welcome", "welcome123", "welcome1234", "changeme", "changeme123", "zxcvbnm",
        "zxcvbnm123", "asdfghjkl", "asdf1234", "123456", "1234567890", "12345678910", "0123456789", "0987654321",
        "1122334455", "123123", "123321", "112233", "147258369", "159357", "987654321", "qq123456", "qq123456789",
        "woaizhongguo", "zhongguo", "beijing2008", "huhehaote", "neimenggu", "chifeng", "superman", "dragon",
        "football", "sunshine", "princess", "monkey", "trustno1",
    ]
}
