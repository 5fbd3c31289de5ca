import Security
import ServiceKit
import SocialDomain
import Storage

/// Schools and their rooms.
extension ChangeDesk {
    func school(_ id: Int64) throws -> School {
        guard let school = try SchoolQueries.school(id, within: scope, in: db) else { throw StepRefusal.unknown }
        return school
    }

    private func requireScope(_ content: SchoolContent) throws {
        guard let division = DivisionCode(content.division), scope.contains(division) else {
            throw StepRefusal.faults([.outside])
        }
    }

    /// Sent twice, it gives the school that was made the first time.
    func makeSchool(_ content: SchoolContent) throws -> Int64 {
        try requireScope(content)
        if let row = try db.first("SELECT * FROM school WHERE credit_code = \(content.creditCode)") {
            let known = try School(row)
            if known.content == content, known.version == 1 { return known.id }
            throw StepRefusal.faults([.codeTaken])
        }
        let row = try db.first(
            """
            INSERT INTO school (credit_code, name, division, address, latitude, longitude, phone, licence_number,
                licence_from, licence_until)
            VALUES (\(content.creditCode), \(content.name), \(content.division), \(content.address),
                \(content.point?.latitude), \(content.point?.longitude), \(content.phone), \(content.licenceNumber),
                \(content.licenceFrom?.description), \(content.licenceUntil?.description))
            RETURNING school_id
            """)
        let id = try newID(row, "school_id")
        try note("school.make", "school-\(id)", division: content.division)
        return id
    }

    func saveSchool(_ id: Int64, _ content: SchoolContent, version: Int64) throws {
        let school = try school(id)
        guard school.version == version else { throw StepRefusal.stale }
        try requireScope(content)
        if school.content == content { return }
        let taken = try db.first(
            "SELECT 1 AS one FROM school WHERE credit_code = \(content.creditCode) AND school_id <> \(id)")
        guard taken == nil else { throw StepRefusal.faults([.codeTaken]) }
        try db.execute(
            """
            UPDATE school SET credit_code = \(content.creditCode), name = \(content.name),
                division = \(content.division), address = \(content.address), latitude = \(content.point?.latitude),
                longitude = \(content.point?.longitude), phone = \(content.phone),
                licence_number = \(content.licenceNumber), licence_from = \(content.licenceFrom?.description),
                licence_until = \(content.licenceUntil?.description), version = version + 1
            WHERE school_id = \(id)
            """)
        let changed = SchoolContent.fields.filter { school.content.value($0) != content.value($0) }
        try note("school.edit", "school-\(id)", division: content.division, changed.joined(separator: ", "))
    }

    /// A suspended school (暂停) has no class approved and no program; what runs goes on.
    func setSchool(_ id: Int64, _ state: School.State, version: Int64, reason: String = "") throws {
        let school = try school(id)
        if school.state == state { return }
        guard school.version == version else { throw StepRefusal.stale }
        try db.execute(
            "UPDATE school SET state = \(state.rawValue), version = version + 1 WHERE school_id = \(id)")
        try note("school.\(state.rawValue)", "school-\(id)", division: school.content.division, reason)
    }

    // MARK: - Rooms

    func addRoom(_ name: String, seats: Int64, to id: Int64) throws {
        let school = try school(id)
        if let row = try db.first("SELECT * FROM room WHERE school_id = \(id) AND name = \(name)") {
            // The same form again.
            if try Room(row).seats == seats { return }
            throw StepRefusal.faults([.roomTaken])
        }
        try db.execute("INSERT INTO room (school_id, name, seats) VALUES (\(id), \(name), \(seats))")
        try note("school.room", "school-\(id)", division: school.content.division, "\(name) \(seats)")
    }

    func editRoom(_ room: Int64, _ name: String, seats: Int64, of id: Int64) throws {
        let school = try school(id)
        guard try db.first("SELECT 1 AS one FROM room WHERE room_id = \(room) AND school_id = \(id)") != nil else {
            throw StepRefusal.unknown
        }
        let taken = try db.first(
            "SELECT 1 AS one FROM room WHERE school_id = \(id) AND name = \(name) AND room_id <> \(room)")
        guard taken == nil else { throw StepRefusal.faults([.roomTaken]) }
        try db.execute("UPDATE room SET name = \(name), seats = \(seats) WHERE room_id = \(room)")
        try note("school.room", "school-\(id)", division: school.content.division, "room \(room): \(name) \(seats)")
    }
}

extension FieldFault {
    static let outside = FieldFault(
        field: "division",
        message: LocalizedText(
            zh: "这个区划不在您负责的范围以内。", en: "This division lies outside the one that you answer for."))
    static let codeTaken = FieldFault(
        field: "creditCode",
        message: LocalizedText(
            zh: "这个信用代码的机构已经登记，请在名单里找到它。", en: "A school with this code is on record: find it in the list."))
    static let roomTaken = FieldFault(
        field: "room-name",
        message: LocalizedText(zh: "已有同名教室。", en: "There is a room of this name."))
}
