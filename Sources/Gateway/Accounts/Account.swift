import Contracts
import Security
import SocialDomain

/// Who may sign in, with what they may do.
struct Account: Hashable, Sendable {
    let id: String
    let login: String
    let name: String
    let division: DivisionCode
    let roles: [String: Set<String>]
    /// The credit code of the organisation that the person works for; nil for the government's people.
    let organisation: String?
    let mustChange: Bool
    let hasAuthenticator: Bool
    let lockOut: LockOut
    let isBlocked: Bool

    /// An account with a given-out password may only choose its own.
    var effectiveRoles: [String: [String]] {
        mustChange ? [:] : roles.mapValues { $0.sorted() }
    }
}

extension Account {
    /// As the API tells of it.
    var entry: AccountEntry {
        AccountEntry(
            id: id, login: login, name: name, division: division.text,
            roles: roles.flatMap { service, roles in roles.map { "\(service):\($0)" } }.sorted(),
            organisation: organisation, state: isBlocked ? "blocked" : mustChange ? "new" : "active")
    }
}

/// The roles that can be given, by service; the words stand in the catalogue as `role.SERVICE.ROLE`.
enum Roles {
    static let all: [(service: String, roles: [String])] = [
        ("gateway", GatewayContract.roles), ("aid", AidContract.roles),
        ("guide", GuideContract.roles), ("training", TrainingContract.roles),
    ]

    /// Reads `aid:officer`.
    static func parse(_ text: String) -> (service: String, role: String)? {
        let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
        guard parts.count == 2, all.first(where: { $0.service == parts[0] })?.roles.contains(parts[1]) == true else {
            return nil
        }
        return (parts[0], parts[1])
    }

    static func grouped(_ pairs: [(service: String, role: String)]) -> [String: Set<String>] {
        Dictionary(grouping: pairs, by: \.service).mapValues { Set($0.map(\.role)) }
    }
}

/// Why something about an account was not done.
enum AccountRefusal: ExplainedFault, Hashable {
    case loginTaken(String)
    case badLogin
    case nameMissing
    case badDivision
    case badRole(String)
    case organisationMissing
    case badOrganisation(UnifiedCreditCodeFault)
    /// A role of the government's people.
    case notForOrganisations(String)
    case unknown
    /// An administrator gives out no more than the own division.
    case outsideDivision
    case wrongPassword
    case wrongCode
    case onlyAdministrator

    var explanation: LocalizedText {
        switch self {
        case .loginTaken(let login):
            LocalizedText(zh: "账号“\(login)”已经有人使用，请换一个。", en: "The account name \(login) is taken: choose another.")
        case .badLogin:
            LocalizedText(
                zh: "账号用 3 到 64 个小写字母、数字、点、横线或下划线。",
                en: "An account name has 3 to 64 small letters, digits, dots, dashes or underscores.")
        case .nameMissing: LocalizedText(zh: "请填写姓名。", en: "Write the person's name.")
        case .badDivision:
            LocalizedText(
                zh: "区划代码应为 2、4、6、9 或 12 位数字，如 150402。",
                en: "A division code has 2, 4, 6, 9 or 12 digits, such as 150402.")
        case .badRole(let text):
            LocalizedText(zh: "没有“\(text)”这个角色。", en: "There is no role \(text).")
        case .organisationMissing:
            LocalizedText(
                zh: "培训机构、教师和用人单位的账号要写明是哪个单位：请填统一社会信用代码。",
                en:
                    "An account of a school, a teacher or an employer says for which: give the unified social credit code."
            )
        case .badOrganisation(let fault): fault.explanation
        case .notForOrganisations(let role):
            LocalizedText(
                zh: "机构的账号不能有“\(role)”这个角色；政府工作人员的账号不填机构。",
                en:
                    "An organisation's account cannot have the role \(role); the government's people name no organisation."
            )
        case .unknown: LocalizedText(zh: "没有这个账号。", en: "There is no such account.")
        case .outsideDivision:
            LocalizedText(
                zh: "只能管理本区划以内的账号。", en: "You can look after accounts of your own division only.")
        case .wrongPassword: LocalizedText(zh: "现在的密码不对。", en: "The present password is wrong.")
        case .wrongCode:
            LocalizedText(
                zh: "动态码不对。请核对手机时间，输入最新的 6 位数字。",
                en: "The code is wrong: check the phone's clock and type the newest six digits.")
        case .onlyAdministrator:
            LocalizedText(
                zh: "这是最后一位管理员，不能停用或取消管理员角色。",
                en: "This is the last administrator: it can neither be blocked nor lose the role.")
        }
    }
}
