package import SocialDomain

/// What the gateway offers over HTTP: sign-in, accounts, tokens for programs.
package enum GatewayContract {
    package static let title = LocalizedText(zh: "民生统一入口", en: "The gateway of Minsheng")
    package static let roles = ["administrator", "operator", "auditor"]
    package static let kit = KitContract("gateway")
    package static let administering = Access.roles(["administrator"], service: "gateway")

    package static var all: [EndpointDescription] {
        [Pages.root] + api + Pages.all + kit.all
    }

    package static var api: [EndpointDescription] {
        [token.description, keys, me.description, accounts.description]
    }

    package static let token = Endpoint<NoParameters, Credentials, AccessTokenAnswer>(
        .post, "/gateway/v1/token", id: "getToken", tag: "sign-in", access: .open, "领取令牌（15 分钟）",
        "A token for a program, for 15 minutes"
    ) {
        $0.bodyLimit = 4096
        $0.problems = [
            ProblemKind(401, "sign-in-refused", "账号或密码不对，或被锁定", "Wrong, locked or blocked: one answer for all")
        ]
    }

    package static let keys = EndpointDescription.bytes(
        "application/jwk-set+json", "/gateway/.well-known/jwks.json", id: "getKeys", tag: "sign-in", access: .open,
        "公钥（JWKS）", "The public keys that tokens are checked by (JWKS)")

    package static let me = Endpoint<NoParameters, NoBody, AccountEntry>(
        .get, "/gateway/v1/me", id: "getOwnAccount", tag: "accounts", access: .signedIn, "我的账号", "One's own account")

    package static let accounts = Endpoint<NoParameters, NoBody, Listing<AccountEntry>>(
        .get, "/gateway/v1/accounts", id: "listAccounts", tag: "accounts", access: administering, "本区划的账号",
        "The accounts of the administrator's division")
}

package struct Credentials: APIBody, Hashable {
    package let login: String
    package let password: String
    /// Six digits of the authenticator, or a recovery code.
    package let code: String?

    package init(login: String, password: String, code: String?) {
        self.login = login
        self.password = password
        self.code = code
    }

    package static let schema = Schema.object(
        "Credentials", "账号和密码", "Account and password",
        [
            .init("login", .text("账号", "The account's name", from: 1, to: 200)),
            .init("password", .text("密码", "The password", from: 1, to: 1000)),
            .optional("code", .text("动态码或恢复码", "The authenticator's or a recovery code", to: 50).orNull),
        ])
}

/// The names of RFC 6749 §5.1.
package struct AccessTokenAnswer: APIBody, Hashable {
    package let token: String
    package let type: String
    /// Seconds.
    package let lifetime: Int64

    package init(token: String, lifetime: Int64) {
        self.token = token
        type = "Bearer"
        self.lifetime = lifetime
    }

    enum CodingKeys: String, CodingKey {
        case token = "access_token"
        case type = "token_type"
        case lifetime = "expires_in"
    }

    package static let schema = Schema.object(
        "AccessToken", "令牌", "A bearer token",
        [
            .init("access_token", .text("放进 Authorization: Bearer", "For Authorization: Bearer", to: 10_000)),
            .init("token_type", .choice(["Bearer"], "类型", "Its kind")),
            .init("expires_in", .integer("有效秒数", "Seconds that it lives")),
        ])
}

package struct AccountEntry: APIBody, Hashable {
    package let id: String
    package let login: String
    package let name: String
    package let division: String
    /// `aid:officer`.
    package let roles: [String]
    /// The credit code of the organisation that the person works for.
    package let organisation: String?
    package let state: String

    package init(
        id: String, login: String, name: String, division: String, roles: [String], organisation: String?, state: String
    ) {
        self.id = id
        self.login = login
        self.name = name
        self.division = division
        self.roles = roles
        self.organisation = organisation
        self.state = state
    }

    package static let schema = Schema.object(
        "Account", "账号", "An account",
        [
            .init("id", .text("编号", "Its id", to: 100)),
            .init("login", .text("账号", "The name to sign in with", to: 100)),
            .init("name", .text("姓名", "The person's name", to: 200)),
            .init("division", .text("区划", "The division that it sees", to: 12)),
            .init("roles", .list("角色", "Its roles", of: .text("服务:角色", "service:role", to: 100))),
            .optional("organisation", .text("单位的统一社会信用代码", "Its organisation's credit code", from: 18, to: 18)),
            .init("state", .choice(["active", "new", "blocked"], "状态", "The state")),
        ])
}
