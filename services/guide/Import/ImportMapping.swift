import Foundation
import SocialDomain
import Yams

/// How the columns of a foreign file become the elements of an item: data, read from JSON or YAML.
///
///     elements:
///       code: {column: item_code}
///       kind: {column: task_type, values: {"1": 行政许可}}
///       level: {constant: 县级}
struct ImportMapping: Codable, Hashable, Sendable {
    struct Source: Codable, Hashable, Sendable {
        var column: String?
        /// For every row the same.
        var constant: String?
        /// What the file's own codes mean; a value that is not listed stays as it is.
        var values: [String: String]?
        /// Texts that are taken away.
        var removing: [String]?
        /// Characters between entries that stand in one cell, besides line breaks.
        var separators: String?
        /// Each line is one entry as it stands: bars and backslashes mean nothing.
        var isPlain: Bool?
    }

    var id: String
    var title: LocalizedText
    /// The columns by which a file of this kind is known, and which it must have.
    var recognise: [String]
    /// By an element's name, or `placeName`, `placeAddress`, `placeWindow`, `placeHours`, `placePhone`.
    var elements: [String: Source]
    var division: Source?
    /// A column that no element comes from is a mistake.
    var isStrict: Bool?

    static let placeParts = ["placeName", "placeAddress", "placeWindow", "placeHours", "placePhone"]

    /// Every name that `elements` may hold.
    static var targets: [String] { ItemElement.allCases.map(\.rawValue) + placeParts }

    init(path: String) throws {
        let text: String
        do {
            text = try String(contentsOfFile: path, encoding: .utf8)
        } catch {
            throw MappingFault.unreadable(path)
        }
        do {
            // JSON is YAML too.
            self = try YAMLDecoder().decode(ImportMapping.self, from: text)
        } catch let error as DecodingError {
            let (place, message) = ItemContent.explanation(of: error)
            throw MappingFault.wrong(path, place: place, message)
        } catch {
            throw MappingFault.wrong(
                path, place: "", LocalizedText(zh: "不是有效的 YAML 或 JSON。", en: "is neither YAML nor JSON."))
        }
        try check(path)
    }

    /// For a file whose columns were named one by one.
    init(columns: [(element: String, column: String)]) throws {
        id = "columns"
        title = LocalizedText(zh: "按指定的列", en: "By the columns given")
        recognise = []
        elements = [:]
        for (element, column) in columns { try setColumn(column, for: element) }
    }

    private func check(_ path: String) throws {
        if let unknown = elements.keys.sorted().first(where: { !Self.targets.contains($0) }) {
            throw MappingFault.wrong(
                path, place: "/elements/\(unknown)",
                LocalizedText(
                    zh: "没有这个要素；可以是：\(Self.targets.joined(separator: "、"))。",
                    en: "is no element; the elements are \(Self.targets.joined(separator: ", "))."))
        }
        for (name, source) in elements.sorted(by: { $0.key < $1.key })
        where (source.column == nil) == (source.constant == nil) {
            throw MappingFault.wrong(
                path, place: "/elements/\(name)",
                LocalizedText(zh: "请写 column 或 constant 之一。", en: "needs either column or constant."))
        }
        for name in ["code", "name", "department"] where elements[name] == nil {
            throw MappingFault.wrong(
                path, place: "/elements", LocalizedText(zh: "缺少 \(name)。", en: "lacks \(name)."))
        }
    }

    /// The mappings that are shipped, this system's own form first.
    static func shipped(_ resources: String) throws -> [ImportMapping] {
        try ["own", "county-hall", "province-portal"].map {
            try ImportMapping(path: "\(resources)/mappings/\($0).json")
        }
    }

    /// Takes another column for an element.
    mutating func setColumn(_ column: String, for element: String) throws {
        guard Self.targets.contains(element) else { throw MappingFault.noElement(element) }
        if let old = elements[element]?.column { recognise.removeAll { $0 == old } }
        var source = elements[element] ?? Source()
        source.column = column
        source.constant = nil
        elements[element] = source
        if !recognise.contains(column) { recognise.append(column) }
    }
}

enum MappingFault: ExplainedFault, Hashable {
    case unreadable(String)
    case wrong(String, place: String, LocalizedText)
    case noElement(String)

    var explanation: LocalizedText {
        switch self {
        case .unreadable(let path):
            LocalizedText(zh: "对应文件 \(path) 读不出来，请核对路径。", en: "the mapping \(path) cannot be read: check the path")
        case .wrong(let path, let place, let message):
            LocalizedText(
                zh: "对应文件 \(path) 的 \(place)：\(message.zh)", en: "the mapping \(path), \(place): \(message.en)")
        case .noElement(let name):
            LocalizedText(
                zh: "没有“\(name)”这个要素；可以是：\(ImportMapping.targets.joined(separator: "、"))。",
                en: "\(name) is no element; the elements are \(ImportMapping.targets.joined(separator: ", "))")
        }
    }
}
