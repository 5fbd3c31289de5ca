import Foundation

/// How far the writing of a demonstration has come.
struct DemoProgress: Sendable {
    let file: String
    let doneRows: Int
    let totalRows: Int
}

/// Writes a demonstration: a register of made-up people over the real divisions of Inner Mongolia, what ten departments
/// know of them and of others, and the rules. The same scale, seed and cleanness give the same bytes on any machine.
struct DemoGenerator {
    let scale: DemoScale
    let seed: UInt64
    let isClean: Bool
    /// The text of `rules.yaml`.
    let rules: String

    /// Marks a folder as a demonstration that may be written over.
    static let marker = "demo.json"
    static let registerFiles = ["households.csv", "persons.csv"]

    /// Writes registry/, feeds/, rules.yaml and the marker into the folder, in place of an earlier demonstration.
    func write(to folder: String, progress: (DemoProgress) -> Void = { _ in }) throws(DemoFailure) {
        try clear(folder)
        try createFolder(folder)
        // First the marker: what is broken off can be written again.
        try write(
            "{\"scale\":\"\(scale.rawValue)\",\"seed\":\(seed),\"clean\":\(isClean)}\n", to: "\(folder)/\(Self.marker)")
        try createFolder("\(folder)/registry")
        try createFolder("\(folder)/feeds")
        try write(rules, to: "\(folder)/rules.yaml")

        let dirt = DemoDirt(isOn: !isClean)
        let people = DemoPeople(scale: scale, seed: seed)
        let register = DemoRegister(people: people, dirt: dirt)
        let total = scale.households + scale.persons + scale.rows
        progress(DemoProgress(file: "households.csv", doneRows: 0, totalRows: total))
        try register.writeHouseholds(to: DemoFile(path: "\(folder)/registry/households.csv"))
        progress(DemoProgress(file: "persons.csv", doneRows: scale.households, totalRows: total))
        try register.writePersons(to: DemoFile(path: "\(folder)/registry/persons.csv"))

        var done = scale.households + scale.persons
        let rows = DemoFeedRows(people: people, dirt: dirt)
        for file in DemoFeedFile.all(isClean: isClean) {
            let range = file.rows(of: scale)
            try write(file, of: rows, to: "\(folder)/feeds/\(file.name)") { written in
                progress(DemoProgress(file: file.name, doneRows: done + written, totalRows: total))
            }
            done += range.count
        }
        if !isClean {
            for oddity in DemoFeedFile.oddities {
                try write(oddity.text, to: "\(folder)/feeds/\(oddity.name)")
            }
        }
        progress(DemoProgress(file: "", doneRows: total, totalRows: total))
    }

    // MARK: Feeds

    private func write(
        _ file: DemoFeedFile, of rows: DemoFeedRows, to path: String, progress: (Int) -> Void
    ) throws(DemoFailure) {
        let lines = DemoFeedLines(file: file, scale: scale, rows: rows)
        if file.encoding == .xlsx {
            return try writeWorkbook(lines, to: path, progress: progress)
        }
        let output = try DemoFile(path: path, encoding: file.encoding)
        lines.writeHeader(to: output.text)
        let range = file.rows(of: scale)
        for index in range {
            lines.write(index, to: output.text)
            try output.rowIsDone()
            if index & 0xFFFF == 0 { progress(index - range.lowerBound) }
        }
        lines.writeEnd(to: output.text)
        try output.flush()
    }

    private func writeWorkbook(
        _ lines: DemoFeedLines, to path: String, progress: (Int) -> Void
    ) throws(DemoFailure) {
        let workbook = try DemoWorkbook(path: path, headings: lines.file.headings)
        for index in lines.file.rows(of: scale) {
            try lines.write(index, to: workbook)
            if index & 0xFFFF == 0 { progress(index) }
        }
        try workbook.close()
    }

    // MARK: The folder

    /// Removes an earlier demonstration; leaves everything else alone, and refuses a folder that holds anything else.
    private func clear(_ folder: String) throws(DemoFailure) {
        let files = FileManager.default
        var isFolder = ObjCBool(false)
        guard files.fileExists(atPath: folder, isDirectory: &isFolder) else { return }
        guard isFolder.boolValue else { throw .cannotWrite(path: folder, reason: "not a folder") }
        let entries = try names(in: folder)
        guard let first = entries.first else { return }
        guard entries.contains(Self.marker) else { throw .folderInUse(path: folder, entry: first) }
        let own = [("registry", Set(Self.registerFiles)), ("feeds", DemoFeedFile.allNames)]
        for (name, known) in own where entries.contains(name) {
            if let other = try names(in: "\(folder)/\(name)").first(where: { !known.contains($0) }) {
                throw .folderInUse(path: folder, entry: "\(name)/\(other)")
            }
        }
        for (name, _) in own where entries.contains(name) {
            do {
                try files.removeItem(atPath: "\(folder)/\(name)")
            } catch {
                throw .cannotWrite(path: "\(folder)/\(name)", reason: Self.reason(error))
            }
        }
    }

    private func names(in folder: String) throws(DemoFailure) -> [String] {
        do {
            return try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
        } catch {
            throw .cannotWrite(path: folder, reason: Self.reason(error))
        }
    }

    /// Creates the folder and those above it; by system calls, whose faults name their reason.
    private func createFolder(_ path: String) throws(DemoFailure) {
        if mkdir(path, 0o755) == 0 || errno == EEXIST { return }
        var code = errno
        let parent = (path as NSString).deletingLastPathComponent
        if code == ENOENT, !parent.isEmpty, parent != path {
            try createFolder(parent)
            if mkdir(path, 0o755) == 0 || errno == EEXIST { return }
            code = errno
        }
        throw .cannotWrite(path: path, reason: String(cString: strerror(code)))
    }

    private func write(_ text: String, to path: String) throws(DemoFailure) {
        let file = try DemoFile(path: path)
        file.text.append(text: text)
        try file.flush()
    }

    private static func reason(_ error: any Error) -> String {
        if let underlying = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError,
            underlying.domain == NSPOSIXErrorDomain
        {
            return String(cString: strerror(Int32(underlying.code)))
        }
        return (error as NSError).localizedDescription
    }
}
