extension GatewayContract {
    /// The pages for people, with where their forms go.
    package enum Pages {
        private static let back = Parameter.query("return", .words("登录后回到哪里", "Where to go on after it"))
        private static let account = Parameter.path("id", .text("账号编号", "The account's id", from: 1, to: 100))

        private static func field(_ name: String, _ zh: String, _ en: String) -> Schema.Property {
            .optional(name, .words(zh, en))
        }

        package static let root = EndpointDescription.page(
            .get, "/", id: "showRoot", tag: "pages", access: .open, "转到首页", "Leads to the start", leadsOn: true)
        package static let home: EndpointDescription = .page(
            .get, "/gateway/", id: "showHome", tag: "pages", access: .signedIn, "首页", "The start")

        // MARK: - Sign-in

        package static let signInForm = EndpointDescription.page(
            .get, "/gateway/sign-in", id: "showSignIn", tag: "sign-in", access: .open, "登录", "Sign in",
            parameters: [back])
        package static let signIn: EndpointDescription = {
            var page = EndpointDescription.page(
                .post, "/gateway/sign-in", id: "signIn", tag: "sign-in", access: .open, "登录", "Sign in",
                form: [
                    field("login", "账号", "The account"), field("password", "密码", "The password"),
                    field("code", "动态码", "The code"), field("return", "登录后回到哪里", "Where to go on after it"),
                ], leadsOn: true)
            return page
        }()
        package static let refresh = EndpointDescription.page(
            .get, "/gateway/refresh", id: "refresh", tag: "sign-in", access: .open, "续期后回到原页",
            "A new token, and back", parameters: [back], leadsOn: true)
        package static let signOut = EndpointDescription.page(
            .post, "/gateway/sign-out", id: "signOut", tag: "sign-in", access: .open, "退出", "Sign out", form: [],
            leadsOn: true)

        // MARK: - One's own account

        package static let own = EndpointDescription.page(
            .get, "/gateway/account", id: "showAccount", tag: "pages", access: .signedIn, "我的账号", "One's own account")
        package static let password = EndpointDescription.page(
            .post, "/gateway/account/password", id: "changePassword", tag: "pages", access: .signedIn, "修改密码",
            "Change the password",
            form: [
                field("old", "现在的密码", "The present one"), field("new", "新密码", "The new one"),
                field("again", "再输一次", "The new one again"),
            ], leadsOn: true)
        package static let authenticatorForm = EndpointDescription.page(
            .get, "/gateway/account/authenticator", id: "showAuthenticator", tag: "pages", access: .signedIn, "设置动态码",
            "Set up an authenticator")
        package static let authenticator = EndpointDescription.page(
            .post, "/gateway/account/authenticator", id: "confirmAuthenticator", tag: "pages", access: .signedIn,
            "确认动态码", "Confirm the authenticator", form: [field("code", "动态码", "The code")], leadsOn: true)
        package static let removeAuthenticator = EndpointDescription.page(
            .post, "/gateway/account/authenticator/remove", id: "removeAuthenticator", tag: "pages", access: .signedIn,
            "停用动态码", "Do without the authenticator", form: [field("present", "现在的密码", "The present password")],
            leadsOn: true)
        package static let endOwnSession = EndpointDescription.page(
            .post, "/gateway/account/sessions/{id}/end", id: "endOwnSession", tag: "pages", access: .signedIn,
            "退出一处登录", "End a session", parameters: [.path("id", .text("会话编号", "The session's id", from: 1, to: 100))],
            form: [], leadsOn: true)

        // MARK: - Accounts

        package static let accounts = EndpointDescription.page(
            .get, "/gateway/accounts", id: "showAccounts", tag: "accounts", access: administering, "账号管理", "Accounts")
        package static let newAccount = EndpointDescription.page(
            .get, "/gateway/accounts/new", id: "showNewAccount", tag: "accounts", access: administering, "新建账号",
            "A new account")
        package static let addAccount = EndpointDescription.page(
            .post, "/gateway/accounts", id: "addAccount", tag: "accounts", access: administering, "新建账号",
            "Make an account",
            form: [
                field("login", "账号", "The account's name"), field("name", "姓名", "The person's name"),
                field("division", "区划", "The division"), organisation,
            ])
        package static let oneAccount = EndpointDescription.page(
            .get, "/gateway/accounts/{id}", id: "showOneAccount", tag: "accounts", access: administering, "一个账号",
            "One account", parameters: [account])
        package static let setRoles = change(
            "roles", "setRoles", "设置角色", "Give roles", form: [organisation])
        package static let block = change("block", "blockAccount", "停用", "Block")
        package static let unlock = change("unlock", "unlockAccount", "解除停用或锁定", "Lift a block or a lock")
        package static let endSessions = change("sessions/end", "endSessions", "退出全部登录", "End all sessions")
        package static let reset = change("reset", "resetPassword", "重置密码", "A new password", showsPage: true)

        package static let askBlock = ask("block", "askBlockAccount", "确认停用", "Ask before an account is blocked")
        package static let askEndSessions = ask(
            "sessions/end", "askEndSessions", "确认退出全部登录", "Ask before all sessions end")
        package static let askReset = ask("reset", "askResetPassword", "确认重置密码", "Ask before a new password is given")

        private static func ask(_ what: String, _ id: String, _ zh: String, _ en: String) -> EndpointDescription {
            .page(
                .get, "/gateway/accounts/{id}/\(what)", id: id, tag: "accounts", access: administering, zh, en,
                parameters: [account])
        }

        private static let organisation = Schema.Property.optional(
            "organisation", .words("单位的统一社会信用代码", "The organisation's credit code"))

        private static func change(
            _ what: String, _ id: String, _ zh: String, _ en: String, form: [Schema.Property] = [],
            showsPage: Bool = false
        ) -> EndpointDescription {
            .page(
                .post, "/gateway/accounts/{id}/\(what)", id: id, tag: "accounts", access: administering, zh, en,
                parameters: [account], form: form, leadsOn: !showsPage)
        }

        static let all = [
            home, signInForm, signIn, refresh, signOut, own, password, authenticatorForm, authenticator,
            removeAuthenticator, endOwnSession, accounts, newAccount, addAccount, oneAccount, setRoles, block, unlock,
            endSessions, reset, askBlock, askEndSessions, askReset,
        ]
    }
}
