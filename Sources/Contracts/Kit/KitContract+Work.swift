import SocialDomain

/// Events between services and work in the background.
extension KitContract {
    private var operating: Access { .roles(["operator"], service: service) }

    package var receiveEvent: EndpointDescription {
        EndpointDescription(
            id: "receiveEvent", method: .post, path: "/\(service)/v1/events",
            summary: LocalizedText(
                zh: "接收其他服务的事件（CloudEvents 1.0）", en: "Take another service's event (CloudEvents 1.0)"),
            access: .signedIn, tag: "events", parameters: [], body: .cloudEvent, bodyLimit: 256 * 1024,
            answers: [.init(200, .json(EventReceipt.schema), "已收下", "Taken")],
            problems: [
                ProblemKind(403, "event-not-yours", "只有来源服务自己能发送", "Only the service that it comes from may bring it"),
                ProblemKind(
                    409, "event-out-of-order", "先发送 expected 所说的那一条", "An earlier one of its subject comes first"),
            ])
    }

    package var events: EndpointDescription {
        .page(
            .get, "/\(service)/events", id: "showEvents", tag: "events", access: operating, "服务间事件",
            "Events between services",
            parameters: [.query("list", .words("哪个列表", "Which list")), .query("sent", .words("已重发", "Was sent again"))])
    }

    package var resendEvent: EndpointDescription {
        .page(
            .post, "/\(service)/events/{id}/resend", id: "resendEvent", tag: "events", access: operating, "重新发送",
            "Send again", parameters: [.path("id", .text("事件编号", "The event's id", from: 1, to: 200))],
            form: [.optional("receiver", .words("收件服务", "The receiver"))], leadsOn: true)
    }

    package var jobs: EndpointDescription {
        .page(
            .get, "/\(service)/jobs", id: "showJobs", tag: "jobs", access: operating, "后台任务", "Work in the background")
    }

    private var job: Parameter { .path("id", .text("任务编号", "The job's id", from: 1, to: 100)) }

    package var oneJob: EndpointDescription {
        .page(
            .get, "/\(service)/jobs/{id}", id: "showJob", tag: "jobs", access: operating, "一个任务", "One job",
            parameters: [job])
    }

    package var stopJob: EndpointDescription {
        .page(
            .post, "/\(service)/jobs/{id}/stop", id: "stopJob", tag: "jobs", access: operating, "停止任务", "Stop a job",
            parameters: [job], form: [], leadsOn: true)
    }

    package var work: [EndpointDescription] { [receiveEvent, events, resendEvent, jobs, oneJob, stopJob] }
}

package struct EventReceipt: APIBody, Hashable {
    package let receipt: String

    package init(receipt: String) {
        self.receipt = receipt
    }

    package static let schema = Schema.object(
        "EventReceipt", "回执", "What became of an event",
        [.init("receipt", .choice(["handled", "ignored", "repeated"], "已处理、用不着或已收到过", "Handled, of no use, or known"))])
}
