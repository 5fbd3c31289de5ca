import Foundation

@testable import AidService

/// A folder of its own for one test, removed with it.
final class DemoFolder: Sendable {
    let path: String

    init() {
        path = Self.base + UUID().uuidString
    }

    /// Written once for all tests that only read.
    static let clean = written(isClean: true)
    static let dirty = written(isClean: false)

    private static func written(isClean: Bool) -> Result<DemoFolder, any Error> {
        Result {
            let folder = DemoFolder()
            try DemoGenerator.sample(isClean: isClean).write(to: folder.path)
            return folder
        }
    }

    private static let base: String = {
        atexit { try? FileManager.default.removeItem(atPath: DemoFolder.base) }
        let path = NSTemporaryDirectory() + "/aid-demo-\(ProcessInfo.processInfo.processIdentifier)/"
        try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        return path
    }()

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    func bytes(_ name: String) throws -> Data {
        try Data(contentsOf: URL(filePath: "\(path)/\(name)"))
    }

    func text(_ name: String) throws -> String {
        String(decoding: try bytes(name), as: UTF8.self)
    }

    /// The lines after the header, parted at commas; for files without quotes.
    func rows(_ name: String) throws -> [[Substring]] {
        try text(name).split(separator: "\n").dropFirst().map {
            $0.split(separator: ",", omittingEmptySubsequences: false)
        }
    }

    func put(_ text: String, _ name: String) throws {
        let file = URL(filePath: "\(path)/\(name)")
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
    }

    func has(_ name: String) -> Bool {
        FileManager.default.fileExists(atPath: "\(path)/\(name)")
    }
}

extension DemoGenerator {
    static func sample(seed: UInt64 = 1, isClean: Bool = true) -> DemoGenerator {
        DemoGenerator(scale: .county, seed: seed, isClean: isClean, rules: "version: \"x\"\n")
    }
}
