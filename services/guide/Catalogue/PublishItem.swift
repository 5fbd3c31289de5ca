import SocialDomain
import Storage

/// Puts an edition before the citizens.
enum PublishItem {
    /// How long an item may go unconfirmed, in months.
    static let reviewMonths = 12

    /// A new item, published at once: what an import or the demonstration brings.
    static func first(
        _ content: ItemContent, id: Int64, division: String, version: Int64, at time: String, in db: Connection
    ) throws {
        let completeness = Completeness(content)
        let today = CalendarDate(iso8601: time.prefix(10))
        let reviewBy = today.map { $0.adding(months: reviewMonths).description }
        try db.execute(
            """
            INSERT INTO item (item_id, code, base_code, department_id, division, name, is_frequent, is_sample, score,
                published_number, confirmed_on, review_by, changed_version)
            VALUES (\(id), \(content.code), \(content.baseCode), \(content.department), \(division), \(content.name),
                \(content.isFrequent), \(content.isSample), \(completeness.score), 1, \(today?.description), \(reviewBy),
                \(version))
            """)
        try db.execute(
            """
            INSERT INTO edition (item_id, number, state, content, edited_by, edited_name, edited_at, published_at)
            VALUES (\(id), 1, 'published', \(CatalogueStore.json(content)), 'import', '', \(time), \(time))
            """)
    }
}
