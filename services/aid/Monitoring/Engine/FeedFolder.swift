import Glibc
import Tabular

extension FeedFile {
    static let idNumberAliases = ["证件号码", "身份证号", "公民身份号码", "身份证号码"]

    /// Whether the suffix is one that is read, in any case.
    var isTable: Bool {
        let lower = name.lowercased()
        return lower.hasSuffix(".csv") || lower.hasSuffix(".xlsx")
    }

    /// The plain files of a folder in the order of their names, bytewise.
    static func list(_ folder: String) throws(MonitoringFailure) -> [FeedFile] {
        guard let directory = opendir(folder) else {
            throw .noInput(path: folder, detail: String(cString: strerror(errno)))
        }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            guard ReadableFile.size(ofPlainFile: "\(folder)/\(name)") != nil else { continue }
            names.append(name)
        }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.map {
            FeedFile(name: $0, path: "\(folder)/\($0)")
        }
    }
}
