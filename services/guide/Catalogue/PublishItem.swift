import SocialDomain
import Storage

/// Puts an edition before the citizens.
enum PublishItem {
    /// How long an item may go unconfirmed, in months.
    static let reviewMonths = 12
    /// Who wrote what an import brought.
    static let importer = "import"

    /// The day of a moment in UTC, as all of China counts it (UTC+8).
    static func day(of time: String) -> CalendarDate {
        let day = CalendarDate(iso8601: time.prefix(10)) ?? CalendarDate(dayNumber: 0)
        let hour = Int(time.dropFirst(11).prefix(2)) ?? 0
        return hour >= 16 ? day.adding(days: 1) : day
    }

    /// A new item, published at once: what an import or the demonstration brings.
    static func first(
        _ content: ItemContent, id: Int64, division: String, version: Int64, at time: String, in db: Connection
    ) throws {
        let completeness = Completeness(content)
        let today = day(of: time)
        try db.execute(
            """
            INSERT INTO item (item_id, code, base_code, department_id, division, name, is_frequent, is_sample, score,
                published_number, confirmed_on, review_by, changed_version)
            VALUES (\(id), \(content.code), \(content.baseCode), \(content.department), \(division), \(content.name),
                \(content.isFrequent), \(content.isSample), \(completeness.score), 1, \(today.description),
                \(today.adding(months: reviewMonths).description), \(version))
            """)
        try db.execute(
            """
            INSERT INTO edition (item_id, number, state, content, edited_by, edited_name, edited_at, published_at)
            VALUES (\(id), 1, 'published', \(CatalogueStore.json(content)), 'import', '', \(time), \(time))
            """)
    }

    /// An edition that is approved, or that an import brought.
    ///
    /// - Parameter version: the catalogue's; the next one where it is nil.
    static func edition(
        _ edition: Edition, of item: Int64, version: Int64? = nil, at time: String, in db: Connection
    ) throws {
        let (content, today) = (edition.content, day(of: time))
        try db.execute(
            """
            UPDATE edition SET state = 'published', version = version + 1, published_at = \(time)
            WHERE item_id = \(item) AND number = \(edition.number)
            """)
        try db.execute(
            """
            UPDATE item SET name = \(content.name), base_code = \(content.baseCode), department_id = \(content.department),
                division = COALESCE(
                    (SELECT d.division FROM department d WHERE d.department_id = \(content.department)), division),
                is_frequent = \(content.isFrequent), is_sample = \(content.isSample),
                score = \(Int64(Completeness(content).score)), published_number = \(edition.number),
                confirmed_on = \(today.description), review_by = \(today.adding(months: reviewMonths).description),
                changed_version = \(version ?? CatalogueStore.nextVersion(in: db))
            WHERE item_id = \(item)
            """)
    }
}
