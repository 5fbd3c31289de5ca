import Contracts
import Hummingbird
import ServiceKit
import SocialDomain

/// What the pages of schools and classes share.
extension TrainingApplication {
    /// The number in an address; what is no number names nothing.
    func id(_ name: String, _ context: KitContext) throws -> Int64 {
        guard let id = Int64(QueryItems.decodedPath(try context.parameters.require(name))), id > 0 else {
            throw Problem.notFound
        }
        return id
    }

    func version(_ form: Form) -> Int64 { form["version"].flatMap { Int64($0) } ?? 0 }

    /// `一级…` beside its code, or the code where the classification is not at hand.
    func tradeTitle(_ code: String) -> String {
        tradeName(code).map { "\($0)（\(code)）" } ?? code
    }

    func knows(_ trade: String) -> Bool {
        tradeName(trade) != nil
    }

    func seeOther(_ location: String) -> Response {
        Response(status: .seeOther, headers: [.location: location])
    }

    func divisionName(_ digits: String) -> String { divisions.pathName(ofDigits: digits) }

    /// What a list is filtered by, as words that can be taken away one by one.
    static func active(
        _ path: String, _ query: QueryItems, _ names: [(name: String, word: String?)]
    ) -> Fields? {
        let chosen = names.compactMap { name, word in word.map { (name, $0) } }
        guard !chosen.isEmpty else { return nil }
        return [
            "words": chosen.map { name, word -> Fields in
                ["word": word, "removeHref": path + query.removing("after").setting(name, nil).suffix]
            },
            "clearHref": path,
        ]
    }

    /// A list of facts: term and meaning; what is empty is left out.
    static func facts(_ pairs: [(String, String)]) -> [Fields] {
        pairs.filter { !$0.1.isEmpty }.map { ["term": $0.0, "meaning": $0.1] }
    }
}

extension StepRefusal {
    /// 409 where what is conflicts, 422 where what was sent does.
    var pageStatus: HTTPResponse.Status {
        switch self {
        case .faults, .noteMissing: .unprocessableContent
        default: .conflict
        }
    }

    /// - Parameter field: where a refusal that is about no field stands.
    func pageFaults(_ field: String) -> [FieldFault] {
        if case .faults(let faults) = self { return faults }
        return [FieldFault(field: field, message: explanation)]
    }
}
