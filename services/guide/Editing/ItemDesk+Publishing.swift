import ServiceKit
import SocialDomain
import Storage

extension ItemDesk {
    enum Decision: String, CaseIterable, Sendable {
        case approve
        case `return`
    }

    /// Another person's look at an edition that was handed in.
    func review(_ code: String, tag: Int64, _ decision: Decision, note text: String) throws {
        let item = try find(code)
        try requireTag(tag, item)
        guard item.head.state == .submitted else { throw EditingRefusal.notSubmitted }
        let hasWritten =
            try item.head.editedBy == caller.id
            || EditingStore.hasWritten(caller.id, at: item.head.number, of: item.id, in: db)
        guard !hasWritten else { throw EditingRefusal.samePerson }
        if decision == .return { try requireNote(text) } else { try checkNote(text) }
        try db.execute(
            """
            UPDATE edition SET state = \(decision == .approve ? "approved" : "returned"), version = version + 1,
                reviewed_by = \(caller.id), reviewed_name = \(caller.name), reviewed_at = \(time),
                note = \(TextForm.trimmed(text))
            WHERE item_id = \(item.id) AND number = \(item.head.number)
            """)
        try note(decision.rawValue, item, "edition \(item.head.number)")
    }

    /// Puts an approved edition before the citizens, at once or on a day to come.
    func publish(_ code: String, tag: Int64, on day: CalendarDate? = nil) throws {
        let item = try find(code)
        try requireTag(tag, item)
        guard item.head.state == .approved else { throw EditingRefusal.notApproved }
        guard item.withdrawnAt == nil else { throw EditingRefusal.withdrawn }
        if let day, day != today {
            guard day > today else { throw EditingRefusal.dayPassed }
            guard day <= today.adding(months: 12) else { throw EditingRefusal.dayTooFar }
            try db.execute(
                """
                UPDATE edition SET publish_on = \(day.description), version = version + 1
                WHERE item_id = \(item.id) AND number = \(item.head.number)
                """)
            try note("schedule", item, "edition \(item.head.number) on \(day)")
            return
        }
        try publishNow(item)
    }

    func publishNow(_ item: EditedItem) throws {
        try PublishItem.edition(item.head, of: item.id, at: time, in: db)
        try note("publish", item, "edition \(item.head.number)")
    }

    // MARK: - What citizens see

    func withdraw(_ code: String, reason: String) throws {
        let item = try find(code)
        guard item.publishedNumber != nil else { throw EditingRefusal.notPublished }
        guard item.withdrawnAt == nil else { throw EditingRefusal.withdrawn }
        try requireNote(reason)
        try db.execute(
            """
            UPDATE item SET withdrawn_at = \(time), withdrawn_why = \(TextForm.trimmed(reason)),
                changed_version = \(CatalogueStore.nextVersion(in: db))
            WHERE item_id = \(item.id)
            """)
        try note("withdraw", item, TextForm.trimmed(reason))
    }

    /// Takes a withdrawn item up again, in the edition that was shown last.
    func restore(_ code: String) throws {
        let item = try find(code)
        guard item.withdrawnAt != nil else { throw EditingRefusal.notWithdrawn }
        try db.execute(
            """
            UPDATE item SET withdrawn_at = NULL, withdrawn_why = NULL,
                changed_version = \(CatalogueStore.nextVersion(in: db))
            WHERE item_id = \(item.id)
            """)
        try note("restore", item)
    }

    /// Somebody looked, and what citizens see is still right.
    func confirm(_ code: String) throws {
        let item = try find(code)
        guard item.publishedNumber != nil else { throw EditingRefusal.notPublished }
        guard item.withdrawnAt == nil else { throw EditingRefusal.withdrawn }
        try db.execute(
            """
            UPDATE item SET confirmed_on = \(today.description),
                review_by = \(today.adding(months: PublishItem.reviewMonths).description),
                changed_version = \(CatalogueStore.nextVersion(in: db))
            WHERE item_id = \(item.id)
            """)
        try note("confirm", item)
    }
}
