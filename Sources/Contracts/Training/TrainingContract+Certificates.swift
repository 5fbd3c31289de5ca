import SocialDomain

/// Assessment and certificates (考核、证书): results and re-sits, issuing, revoking, and the page on which anybody checks one.
extension TrainingContract {
    private static let classNumber = Parameter.path(
        "class", .integer("班次编号", "The class's number", from: 1, example: 1))
    private static let enrollmentNumber = Parameter.path(
        "enrollment", .integer("报名编号", "The enrollment's number", from: 1, example: 1))
    private static let number = Parameter.path(
        "number", .text("证书编号", "The certificate's number", from: 1, to: 60, example: "7KM4QXC29TRX"))
    private static let resultsPath = "/training/classes/{class}/results"
    private static let certificatesPath = "/training/classes/{class}/certificates"
    private static let managePath = "/training/manage/certificates"

    package static let classResults = EndpointDescription.page(
        .get, resultsPath, id: "showClassResults", tag: "assessment", access: attendanceReading, "考核成绩",
        "The results of a class", parameters: [classNumber])
    package static let resultSheetCSV = EndpointDescription.bytes(
        "text/csv", "/training/classes/{class}/results.csv", id: "getResultSheet", tag: "assessment",
        access: attendanceReading, "成绩表（CSV）", "The results as CSV, to fill in and to keep", parameters: [classNumber])
    package static let takeResultSheet: EndpointDescription = {
        var page = EndpointDescription.page(
            .post, resultsPath, id: "takeResultSheet", tag: "assessment", access: keeping, "导入成绩表",
            "Take in a sheet of results", parameters: [classNumber])
        page.body = .upload(field: "file")
        page.bodyLimit = 2 << 20
        return page
    }()
    package static let setPassMark = EndpointDescription.page(
        .post, "/training/classes/{class}/pass-mark", id: "setPassMark", tag: "assessment", access: reviewing,
        "设定合格分数", "Set the pass mark of the class's program", parameters: [classNumber],
        form: ["theory", "practice"].map { .optional($0, .words("分数", "Points")) }, leadsOn: true)
    package static let learnerResult = EndpointDescription.page(
        .get, "\(resultsPath)/{enrollment}", id: "showLearnerResult", tag: "assessment", access: attendanceReading,
        "一名学员的成绩", "One learner's results", parameters: [classNumber, enrollmentNumber])
    package static let recordResult = EndpointDescription.page(
        .post, "\(resultsPath)/{enrollment}", id: "recordResult", tag: "assessment", access: keeping, "登记成绩",
        "Record a result", parameters: [classNumber, enrollmentNumber],
        form: ["attempt", "day", "theory", "practice", "examiner", "reason"].map {
            .optional($0, .words("成绩的一项", "A part of the result"))
        }, leadsOn: true)
    package static let grantException = EndpointDescription.page(
        .post, "\(resultsPath)/{enrollment}/exception", id: "grantAttendanceException", tag: "assessment",
        access: reviewing, "准予例外考核", "Let a learner be assessed in spite of missing hours",
        parameters: [classNumber, enrollmentNumber], form: [.optional("reason", .words("理由", "Why"))], leadsOn: true)

    package static let classCertificates = EndpointDescription.page(
        .get, certificatesPath, id: "showClassCertificates", tag: "certificates", access: attendanceReading,
        "一个班的证书", "The certificates of a class", parameters: [classNumber])
    package static let askIssue = EndpointDescription.page(
        .get, "\(certificatesPath)/issue", id: "askCertificateIssue", tag: "certificates", access: reviewing,
        "颁发证书？", "Issue the certificates?", parameters: [classNumber])
    package static let issueCertificates = EndpointDescription.page(
        .post, "\(certificatesPath)/issue", id: "issueCertificates", tag: "certificates", access: reviewing,
        "颁发证书", "Issue the certificates", parameters: [classNumber], leadsOn: true)
    package static let printCertificates = EndpointDescription.page(
        .get, "\(certificatesPath)/print", id: "printCertificates", tag: "certificates", access: attendanceReading,
        "打印证书", "The certificates to print",
        parameters: [classNumber, .query("number", .words("只打印这一张", "Only this one"))])

    package static let certificates = EndpointDescription.page(
        .get, managePath, id: "showCertificates", tag: "certificates", access: attendanceReading, "证书",
        "Certificates", parameters: ["number", "state", "after"].map { .query($0, .words("筛选", "A filter")) })
    package static let certificatesCSV = EndpointDescription.bytes(
        "text/csv", "/training/manage/certificates.csv", id: "getCertificatesCSV", tag: "certificates",
        access: attendanceReading, "证书（CSV）", "Certificates as CSV",
        parameters: ["number", "state"].map { .query($0, .words("筛选", "A filter")) })
    package static let oneCertificate = EndpointDescription.page(
        .get, "\(managePath)/{number}", id: "showOneCertificate", tag: "certificates", access: attendanceReading,
        "一张证书", "One certificate", parameters: [number])
    package static let askRevocation = EndpointDescription.page(
        .get, "\(managePath)/{number}/revoke", id: "askCertificateRevocation", tag: "certificates", access: reviewing,
        "撤销证书？", "Revoke the certificate?", parameters: [number])
    package static let revokeCertificate = EndpointDescription.page(
        .post, "\(managePath)/{number}/revoke", id: "revokeCertificate", tag: "certificates", access: reviewing,
        "撤销证书", "Revoke the certificate", parameters: [number],
        form: ["why", "note"].map { .optional($0, .words("撤销的原因", "Why it is revoked")) }, leadsOn: true)

    package static let certificateSearch = EndpointDescription.page(
        .get, "/training/certificates", id: "findCertificate", tag: "certificates", access: .open, "证书查验",
        "Check a certificate", parameters: [.query("number", .words("证书编号", "Its number"))])
    package static let certificatePage = EndpointDescription.page(
        .get, "/training/certificates/{number}", id: "showCertificate", tag: "certificates", access: .open,
        "一张证书的查验结果", "What is known of a certificate", parameters: [number])
    package static let certificate = Endpoint<CertificateReference, NoBody, CertificateRecord>(
        .get, "/training/v1/certificates/{number}", id: "getCertificate", tag: "certificates", access: .open,
        "一张证书", "One certificate")

    package static var certification: [EndpointDescription] {
        [
            classResults, resultSheetCSV, takeResultSheet, setPassMark, learnerResult, recordResult, grantException,
            classCertificates, askIssue, issueCertificates, printCertificates, certificates, certificatesCSV,
            oneCertificate, askRevocation, revokeCertificate, certificateSearch, certificatePage,
            certificate.description,
        ]
    }
}

package struct CertificateReference: APIParameters, Hashable {
    package let number: String

    package static let parameters: [Parameter] = [
        .path("number", .text("证书编号", "The certificate's number", from: 1, to: 60, example: "7KM4QXC29TRX"))
    ]
}

/// What anybody may know of a certificate whose number he holds.
package struct CertificateRecord: APIBody, Hashable {
    package let number: String
    package let state: String
    /// Masked.
    package let holder: String
    package let program: String
    package let trade: String
    package let level: Int64
    package let school: String
    package let issuedOn: String
    package let revokedOn: String?
    package let revokedWhy: String?

    package init(
        number: String, state: String, holder: String, program: String, trade: String, level: Int64, school: String,
        issuedOn: String, revokedOn: String?, revokedWhy: String?
    ) {
        self.number = number
        self.state = state
        self.holder = holder
        self.program = program
        self.trade = trade
        self.level = level
        self.school = school
        self.issuedOn = issuedOn
        self.revokedOn = revokedOn
        self.revokedWhy = revokedWhy
    }

    package static let schema = Schema.object(
        "Certificate", "一张证书", "A certificate",
        [
            .init("number", .text("编号", "Its number", to: 12)),
            .init("state", .choice(["valid", "revoked"], "状态", "Whether it holds")),
            .init("holder", .text("持证人，隐去部分", "The holder, masked", to: 100)),
            .init("program", .text("培训项目", "The program", to: 200)),
            .init("trade", .text("职业代码", "The occupation's code", to: 40)),
            .init(
                "level",
                .integer(
                    "等级，5 初级至 1 高级技师，0 专项", "The level: 5 junior to 1 chief technician, 0 a specific ability", to: 5)),
            .init("school", .text("培训机构", "The school", to: 200)),
            .init("issuedOn", .formatted(.date, "颁发日期", "The day of issue")),
            .optional("revokedOn", .formatted(.date, "撤销日期", "The day of revocation")),
            .optional(
                "revokedWhy",
                .choice(["error", "fraud", "result-withdrawn", "holder-asked"], "撤销原因", "Why it was revoked")),
        ])
}
