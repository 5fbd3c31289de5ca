import Foundation
import HTTPTypes
import Hummingbird
import ServiceKit
import SocialDomain
import Storage
import Synchronization

/// Counts in memory what readers do and adds the sums to the database every few seconds: a page waits for nothing, and
/// nothing is kept of who it was. A crash loses what was counted since the last time; every copy of the service adds its own.
final class UsageTally: Sendable {
    struct Key: Hashable, Sendable {
        let day: String
        let kind: UsageKind
        let subject: String
    }

    private struct Counts {
        var sums: [Key: Int64] = [:]
        var missingDay = ""
        /// Kept under the day, so that a flood of made-up words cannot fill the database.
        var missingTexts = 0
    }

    private let database: Database
    private let now: @Sendable () -> String
    private let counts = Mutex(Counts())

    static let interval = Duration.seconds(3)
    /// Different things counted between two times of adding; more are left out.
    static let most = 20_000
    /// Different words that found nothing, a day and copy.
    static let mostMissing = 5_000
    /// How long words that found nothing are kept.
    static let missingDays = 400

    /// - Parameter now: ISO 8601 in UTC.
    init(database: Database, now: @escaping @Sendable () -> String) {
        self.database = database
        self.now = now
    }

    /// Beijing's day.
    var today: CalendarDate { BeijingDay.of(now()) }

    // MARK: - Counting

    func count(_ kind: UsageKind, _ subject: String, for request: Request) {
        guard request.method != .head else { return }
        count(kind, subject, for: request.headers)
    }

    func count(_ kind: UsageKind, _ subject: String, for headers: HTTPFields) {
        if Reader.isPerson(headers) { add(kind, subject) }
    }

    /// A search, and its words where it found nothing and they can be nobody's number.
    func countSearch(_ text: String, _ quality: SearchResult.Quality, for headers: HTTPFields) {
        guard !text.isEmpty, Reader.isPerson(headers) else { return }
        add(.search, quality.rawValue)
        guard quality != .found, let words = Self.words(text) else { return }
        add(.missing, words)
    }

    func add(_ kind: UsageKind, _ subject: String) {
        let key = Key(day: today.description, kind: kind, subject: subject)
        counts.withLock { counts in
            if let sum = counts.sums[key] {
                counts.sums[key] = sum + 1
                return
            }
            guard counts.sums.count < Self.most else { return }
            if kind == .missing {
                if counts.missingDay != key.day { (counts.missingDay, counts.missingTexts) = (key.day, 0) }
                guard counts.missingTexts < Self.mostMissing else { return }
                counts.missingTexts += 1
            }
            counts.sums[key] = 1
        }
    }

    /// A query as the editors see it; nil where it is long enough to be a story, or holds seven or more digits: those
    /// could be a phone or an identity number.
    static func words(_ text: String) -> String? {
        let words = text.split {
            $0.isWhitespace || $0.unicodeScalars.allSatisfy { $0.properties.generalCategory == .control }
        }
        .joined(separator: " ").lowercased()
        guard (1...60).contains(words.count), words.filter(\.isNumber).count < 7 else { return nil }
        return words
    }

    // MARK: - Adding to the database

    /// Adds what was counted since the last time. What cannot be written now is counted again later.
    func flush() async throws {
        let sums = counts.withLock { counts in
            defer { counts.sums = [:] }
            return counts.sums
        }
        guard !sums.isEmpty else { return }
        // In one order, so that two copies never wait for each other in a circle.
        let ordered = sums.sorted {
            ($0.key.kind.rawValue, $0.key.day, $0.key.subject) < ($1.key.kind.rawValue, $1.key.day, $1.key.subject)
        }
        let forgotten = today.adding(days: -Self.missingDays).description
        do {
            try await database.write { db in
                for (key, sum) in ordered {
                    try db.execute(
                        """
                        INSERT INTO usage_count (day, kind, subject, total)
                        VALUES (\(key.day), \(key.kind.rawValue), \(key.subject), \(sum))
                        ON CONFLICT (kind, day, subject) DO UPDATE SET total = usage_count.total + excluded.total
                        """)
                }
                try db.execute("DELETE FROM usage_count WHERE kind = 'missing' AND day < \(forgotten)")
            }
        } catch {
            counts.withLock { counts in
                for (key, sum) in sums where counts.sums[key] != nil || counts.sums.count < Self.most {
                    counts.sums[key, default: 0] += sum
                }
            }
            throw error
        }
    }

    /// Adds every few seconds until the task is cancelled, and once more then.
    func follow() async {
        while !Task.isCancelled {
            try? await Task.sleep(for: Self.interval)
            // A database that does not answer now is asked again.
            try? await flush()
        }
    }
}

/// Days as the people here count them.
enum BeijingDay {
    /// - Parameter moment: ISO 8601 in UTC.
    static func of(_ moment: String) -> CalendarDate {
        guard let day = CalendarDate(iso8601: moment.prefix(10)) else { return CalendarDate(dayNumber: 0) }
        let hour = Int(moment.dropFirst(11).prefix(2)) ?? 0
        return hour >= 16 ? day.adding(days: 1) : day
    }
}

/// Who asks, as far as counting goes: programs that collect pages name themselves.
enum Reader {
    private static let programs = [
        "bot", "spider", "crawl", "slurp", "curl", "wget", "python", "headless", "scan", "monitor", "fetch",
        "http-client", "go-http", "java/", "libwww", "preview", "archive",
    ]

    static func isPerson(_ headers: HTTPFields) -> Bool {
        guard let agent = headers[.userAgent]?.lowercased(), !agent.isEmpty else { return false }
        return !programs.contains { agent.contains($0) }
    }
}
