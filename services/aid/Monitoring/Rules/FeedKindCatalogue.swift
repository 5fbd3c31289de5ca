import Foundation

/// The feed kinds that an operator has declared, in the file's order.
struct FeedKindCatalogue: Sendable {
    let kinds: [FeedKind]

    /// The catalogue that the service brings along.
    static func shipped() throws -> FeedKindCatalogue {
        let name = "feed-kinds.yaml"
        guard
            let file = Bundle.module.url(forResource: "feed-kinds", withExtension: "yaml", subdirectory: "Resources")
        else { throw CocoaError(.fileNoSuchFile, userInfo: [NSFilePathErrorKey: name]) }
        return try load(yaml: String(contentsOf: file, encoding: .utf8), file: name)
    }

    static func load(yaml: String, file: String) throws -> FeedKindCatalogue {
        try FeedKindLoader.load(yaml: yaml, file: file)
    }

    func kind(named name: String) -> Int? {
        kinds.firstIndex { $0.name == name }
    }

    /// The kind of a file by its name: of the kinds whose name it starts with, the longest; nil where none fits or the
    /// file is neither `.csv` nor `.xlsx`, in any case.
    func kind(forFile name: String) -> Int? {
        let lowercased = name.lowercased()
        guard lowercased.hasSuffix(".csv") || lowercased.hasSuffix(".xlsx") else { return nil }
        var best: Int?
        for (index, kind) in kinds.enumerated() where name.utf8.starts(with: kind.name.utf8) {
            if let known = best, kinds[known].name.utf8.count >= kind.name.utf8.count { continue }
            best = index
        }
        return best
    }
}
