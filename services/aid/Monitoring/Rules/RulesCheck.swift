import SocialDomain

/// What `aid-service rules check` says of a rules file.
struct RulesCheck: Sendable {
    /// Whether the file may be used; else the text tells every fault.
    let isAccepted: Bool
    let text: LocalizedText

    init(yaml: String, file: String, kinds: FeedKindCatalogue) {
        do throws(RuleFileError) {
            let book = try RuleBook.load(yaml: yaml, file: file, kinds: kinds)
            isAccepted = true
            text = LocalizedText(
                zh: "\(file)：版本 \(book.version)，\(book.parameters.count) 个参数，\(book.facts.count) 个事实，"
                    + "\(book.indicators.count) 个指标，没有错误",
                en: "\(file): version \(book.version), parameters \(book.parameters.count), facts \(book.facts.count), "
                    + "indicators \(book.indicators.count), no faults")
        } catch {
            isAccepted = false
            text = LocalizedText(zh: error.rendered { $0.zh }, en: error.rendered { $0.en })
        }
    }
}
