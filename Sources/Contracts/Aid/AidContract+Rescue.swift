import SocialDomain

/// What aid and training have to do with each other; the rescue chain.
extension AidContract {
    package static let person = Endpoint<PersonReference, NoBody, PersonRecord>(
        .get, "/aid/v1/people/{person}", id: "getPerson", tag: "people", access: .services,
        "按用途提供一个人的身份：只限本系统请求过培训的人，只给培训服务，每次都记录",
        "Who a person is, for one purpose: only people for whom training was asked, only to training, each time recorded"
    ) {
        $0.problems = [
            ProblemKind(409, "number-missing", "名册里没有此人的身份证号", "The register has no identity number of the person")
        ]
    }

    package static let householdChain = Endpoint<HouseholdReference, NoBody, Listing<ChainEntryRecord>>(
        .get, "/aid/v1/households/{household}/chain", id: "getHouseholdChain", tag: "households", access: viewing,
        "一户的救助链，新的在前", "A household's rescue chain, the newest first")

    package static var rescue: [EndpointDescription] {
        [status.description, person.description, householdChain.description, Pages.askTraining]
    }
}

extension AidContract.Pages {
    package static let askTraining = EndpointDescription.page(
        .post, "/aid/households/{id}/training", id: "askTrainingByForm", tag: "pages", access: AidContract.working,
        "请求培训", "Ask training for a member",
        parameters: [.path("id", .text("家庭编号", "The household's number", from: 1, to: 300, example: "H0000003"))],
        form: [.optional("person", .words("人员编号", "The member's id"))], leadsOn: true)
}

/// An entry of a household's rescue chain (救助链).
package struct ChainEntryRecord: APIBody, Hashable {
    package let sequence: Int64
    package let kind: String
    package let day: String
    /// The member it is about; nil where it is about the household.
    package let person: String?
    package let title: String
    package let source: String
    package let actor: String?
    package let reference: String
    package let recordedAt: String
    /// SHA-256, hexadecimal.
    package let hash: String

    package init(
        sequence: Int64, kind: String, day: String, person: String?, title: String, source: String, actor: String?,
        reference: String, recordedAt: String, hash: String
    ) {
        self.sequence = sequence
        self.kind = kind
        self.day = day
        self.person = person
        self.title = title
        self.source = source
        self.actor = actor
        self.reference = reference
        self.recordedAt = recordedAt
        self.hash = hash
    }

    package static let schema = Schema.object(
        "ChainEntry", "救助链的一条", "An entry of a rescue chain",
        [
            .init("sequence", .integer("第几条，从 1 起", "Its place in the household's chain, from 1")),
            .init("kind", .text("事项", "What happened", to: 50)),
            .init("day", .formatted(.date, "日期", "The day on which it happened")),
            .optional("person", .text("人员编号", "The member's id", to: 100)),
            .init("title", .text("内容", "What it is about", to: 1000)),
            .init("source", .text("来源服务", "The service that says so", to: 50)),
            .optional("actor", .text("经办人", "Who did it", to: 200)),
            .init("reference", .text("来源编号", "What it is about there", to: 1000)),
            .init("recordedAt", .text("记录时间", "When it was recorded", to: 50)),
            .init("hash", .text("哈希值（SHA-256）", "Its hash (SHA-256)", from: 64, to: 64)),
        ])
}
