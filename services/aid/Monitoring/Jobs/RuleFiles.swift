import Crypto
import Foundation

#if canImport(Glibc)
    import Glibc
#endif

/// The rules and feed kinds that runs go by: the operator's in the data folder, else the shipped ones.
struct RuleFiles: Sendable {
    let folder: DataFolder

    func kinds() throws -> FeedKindCatalogue {
        guard let yaml = try text(ofFile: folder.kinds) else { return try FeedKindCatalogue.shipped() }
        return try FeedKindCatalogue.load(yaml: yaml, file: "feed-kinds.yaml")
    }

    func load() throws -> LoadedRules {
        let kinds = try kinds()
        let yaml = try text(ofFile: folder.rules) ?? Self.shippedRules()
        return LoadedRules(
            book: try RuleBook.load(yaml: yaml, file: "rules.yaml", kinds: kinds), kinds: kinds, yaml: yaml,
            sha256: SHA256.hash(data: Data(yaml.utf8)).hexadecimal)
    }

    static func shippedRules() throws(FileFault) -> String {
        let path = Bundle.module.bundlePath + "/Resources/rules.yaml"
        do {
            return try String(contentsOfFile: path, encoding: .utf8)
        } catch {
            throw FileFault(error, path: path)
        }
    }

    private func text(ofFile path: String) throws(FileFault) -> String? {
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        do {
            return try String(contentsOfFile: path, encoding: .utf8)
        } catch {
            throw FileFault(error, path: path)
        }
    }
}

/// Rules that were read and checked, with the text they came from.
struct LoadedRules: Sendable {
    let book: RuleBook
    let kinds: FeedKindCatalogue
    let yaml: String
    let sha256: String
}
