import ArgumentParser
import Foundation
package import Logging

/// How a service logs: one line an event on standard error, plain or JSON, each with its request and trace.
package struct LogOptions: ParsableArguments, Sendable {
    package enum Format: String, ExpressibleByArgument, CaseIterable {
        case plain
        case json
    }

    @Option(name: .customLong("log-format"), help: "How the log is written: plain or json.")
    package var format = Format.plain

    @Option(name: .customLong("log-level"), help: "From which level: debug, info, notice, warning or error.")
    package var level = "notice"

    package init() {}

    package func validate() throws {
        guard Logger.Level(rawValue: level) != nil else {
            throw ValidationError("--log-level is debug, info, notice, warning or error")
        }
    }

    package func logger(_ label: String) -> Logger {
        var logger = Logger(label: label) { [format] label in ServiceLogHandler(label: label, format: format) }
        logger.logLevel = Logger.Level(rawValue: level) ?? .notice
        return logger
    }
}

/// Messages are constant texts and facts stand in the metadata; personal data stands in neither.
struct ServiceLogHandler: LogHandler {
    let label: String
    let format: LogOptions.Format
    var logLevel = Logger.Level.notice
    var metadata: Logger.Metadata = [:]

    init(label: String, format: LogOptions.Format) {
        self.label = label
        self.format = format
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let facts = metadata.merging(event.metadata ?? [:]) { _, new in new }
            .filter { $0.key != "hb.request.id" }.sorted { $0.key < $1.key }
        FileHandle.standardError.write(
            Data(line(event.level, "\(event.message)", facts, at: Date()).utf8))
    }

    func line(
        _ level: Logger.Level, _ message: String, _ facts: [(key: String, value: Logger.MetadataValue)], at time: Date
    ) -> String {
        let stamp = time.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
        switch format {
        case .plain:
            let pairs = facts.map { " \($0.key)=\(Self.plain("\($0.value)"))" }.joined()
            return "\(stamp) \(level) \(label): \(message)\(pairs)\n"
        case .json:
            let all =
                [("time", stamp), ("level", level.rawValue), ("service", label), ("message", message)]
                + facts.map { ($0.key, "\($0.value)") }
            return "{" + all.map { "\(Self.quoted($0.0)):\(Self.quoted($0.1))" }.joined(separator: ",") + "}\n"
        }
    }

    /// A value with a blank or a line's end must not look like several.
    private static func plain(_ text: String) -> String {
        text.contains { $0.isWhitespace || $0.isNewline || $0 == "\"" } ? quoted(text) : text
    }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
