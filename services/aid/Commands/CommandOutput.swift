import ArgumentParser
import Foundation
import Security
import ServiceKit
import SocialDomain
import Storage

#if canImport(Glibc)
    import Glibc
#endif

/// A command's result: a table for people, the same as JSON for programs, or nothing.
struct CommandOutput {
    let headings: [String]
    let keys: [String]
    var rows: [[String]] = []

    /// - Parameter columns: a heading for people and a key for programs each.
    init(_ columns: [(heading: String, key: String)]) {
        headings = columns.map(\.heading)
        keys = columns.map(\.key)
    }

    func text(as form: OutputOption.Form) -> String {
        switch form {
        case .quiet: ""
        case .json: json
        case .table: table
        }
    }

    func print(as form: OutputOption.Form) {
        FileHandle.standardOutput.write(Data(text(as: form).utf8))
    }

    private var json: String {
        let objects = rows.map { row in
            let members = zip(keys, row).map { "\(Self.quoted($0)):\(Self.value($1))" }
            return "{" + members.joined(separator: ",") + "}"
        }
        return "[" + objects.joined(separator: ",") + "]\n"
    }

    private static func value(_ text: String) -> String {
        String(Int(text) ?? -1) == text ? text : quoted(text)
    }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\u{0}"..."\u{1F}":
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }

    private var table: String {
        let widths = headings.indices.map { column in
            ([headings] + rows).map { Self.width($0[column]) }.max() ?? 0
        }
        let isNumber = headings.indices.map { column in
            !rows.isEmpty && rows.allSatisfy { $0[column].allSatisfy(\.isNumber) }
        }
        return ([headings] + rows).map { row in
            var line = ""
            for (column, cell) in row.enumerated() {
                let padding = String(repeating: " ", count: widths[column] - Self.width(cell))
                line += (column == 0 ? "" : "  ") + (isNumber[column] ? padding + cell : cell + padding)
            }
            return String(line.reversed().drop { $0 == " " }.reversed()) + "\n"
        }.joined()
    }

    /// Columns of a terminal: Chinese characters and full-width signs take two.
    private static func width(_ text: String) -> Int {
        text.unicodeScalars.reduce(0) { total, scalar in
            switch scalar.value {
            case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60,
                0xFFE0...0xFFE6, 0x20000...0x3FFFD:
                total + 2
            default: total + 1
            }
        }
    }
}

/// Ends a command with a sentence in both languages and an exit code of sysexits.h.
struct CommandFailure: Error {
    /// Runs a command's work; what it throws is told on standard error and becomes the exit code.
    static func told<Value>(_ work: () async throws -> Value) async throws -> Value {
        do {
            return try await work()
        } catch let code as ExitCode {
            throw code
        } catch {
            tell(error)
            throw ExitCode(exitCode(of: error))
        }
    }

    /// Says on standard error what went wrong, in both languages.
    static func tell(_ error: any Error) {
        let words = RunFailure.words(for: error)
        let lines = words.zh == words.en ? "error: \(words.en)\n" : "error: \(words.en)\n错误：\(words.zh)\n"
        FileHandle.standardError.write(Data(lines.utf8))
    }

    /// 65 data that cannot be used, 66 no input, 73 cannot write, 74 read or write failed, 130 stopped.
    static func exitCode(of error: any Error) -> Int32 {
        switch error {
        case let failure as MonitoringFailure: failure.exitCode
        case is RuleFileError: 65
        case let refusal as FeedRefusal:
            switch refusal {
            case .unsafeName, .unknownKind: 65
            case .missing: 66
            case .file(let fault): exitCode(of: fault)
            }
        case let fault as FileFault:
            switch fault {
            case .missing: 66
            case .diskFull, .readOnly, .notPermitted, .notAFolder: 73
            case .other: 74
            }
        case let fault as DatabaseFault:
            switch fault {
            case .diskFull, .readOnly, .cannotOpen, .notEmpty: 73
            case .notADatabase, .damaged, .fromTheFuture, .migrationChanged, .unsuitableLocale: 65
            case .badAddress: 64
            case .wrongPassword: 77
            case .serverGone, .noSuchDatabase, .tooManyConnections, .toolMissing, .toolTooOld: 69
            default: 74
            }
        case let fault as BackupFault:
            switch fault {
            case .exists, .cannotWrite: 73
            case .changedMeanwhile: 74
            default: 65
            }
        case let fault as SecurityFault:
            switch fault {
            case .keysMissing, .keysUnreadable: 66
            case .keysUnwritable: 73
            default: 65
            }
        case let failure as RunFailure:
            switch failure {
            case .noRegister, .unknown: 66
            case .abandoned: 74
            case .stopped: 130
            }
        default: 74
        }
    }
}
