import CPostgres

/// A prepared statement that is sent many a round trip, or a cursor in libpq's binary form.
final class PostgresBulkStatement: BulkStatement {
    private let session: PostgresSession
    private let text: String
    private let note: (DatabaseFault) -> Void
    private var values: [[UInt8]?]
    private var formats: [Int32]
    private var name: String?
    private var cursor: String?
    private var batch: PostgresResult?
    private var row: Int32 = -1

    private static let batchSize: Int32 = 2000

    init(_ session: PostgresSession, _ sql: String, note: @escaping (DatabaseFault) -> Void) {
        self.session = session
        self.note = note
        let (text, places) = Self.numbered(sql)
        self.text = text
        values = [[UInt8]?](repeating: nil, count: places)
        formats = [Int32](repeating: 0, count: places)
    }

    /// `?3` becomes `$3`; a bare `?` is the place after the highest so far, as SQLite counts.
    private static func numbered(_ sql: String) -> (text: String, places: Int) {
        var text = ""
        var highest = 0
        var rest = sql.unicodeScalars[...]
        while let scalar = rest.popFirst() {
            guard scalar == "?" else {
                text.unicodeScalars.append(scalar)
                continue
            }
            let digits = rest.prefix { ("0"..."9").contains($0) }
            let place = Int(String(digits)) ?? highest + 1
            rest = rest.dropFirst(digits.count)
            highest = max(highest, place)
            text += "$\(place)"
        }
        return (text, highest)
    }

    func bind(_ place: Int, _ number: Int64) {
        values[place - 1] = Array(String(number).utf8) + [0]
        formats[place - 1] = 0
    }

    func bind(_ place: Int, _ text: UnsafeBufferPointer<UInt8>) {
        values[place - 1] = Array(text) + [0]
        formats[place - 1] = 0
    }

    func bind(_ place: Int, blob: UnsafeBufferPointer<UInt8>) {
        values[place - 1] = Array(blob) + [0]
        formats[place - 1] = 1
    }

    func bindNull(_ place: Int) {
        values[place - 1] = nil
        formats[place - 1] = 0
    }

    func step() throws -> Bool {
        do throws(DatabaseFault) {
            return try advance()
        } catch {
            note(error)
            throw error
        }
    }

    private func advance() throws(DatabaseFault) -> Bool {
        let cursor: String
        if let opened = self.cursor {
            cursor = opened
        } else {
            cursor = try session.openCursor(text, values, formats)
            self.cursor = cursor
        }
        row += 1
        if let batch, row < batch.count { return true }
        if let batch, batch.count < Self.batchSize { return false }
        let next = try session.fetch(Self.batchSize, from: cursor)
        batch = next
        row = 0
        return next.count > 0
    }

    func run() throws {
        do throws(DatabaseFault) {
            try send()
        } catch {
            note(error)
            throw error
        }
    }

    private func send() throws(DatabaseFault) {
        for (value, format) in zip(values, formats) {
            // PostgreSQL's texts hold no zero character, and libpq would end the text there.
            if format == 0, let value, value.dropLast().contains(0) {
                throw .engine(code: "22021", message: "a text holds U+0000")
            }
        }
        let prepared: String
        if let name {
            prepared = name
        } else {
            prepared = try session.prepareBulk(text)
            name = prepared
        }
        try session.sendBulk(prepared, values, formats)
    }

    func isNull(_ column: Int) -> Bool {
        batch?.isNull(row, Int32(column)) ?? true
    }

    func integer(_ column: Int) -> Int64 {
        batch?.binaryInteger(row, Int32(column)) ?? 0
    }

    func bytes(_ column: Int) -> UnsafeBufferPointer<UInt8> {
        batch?.bytes(row, Int32(column)) ?? UnsafeBufferPointer(start: nil, count: 0)
    }
}

extension PostgresResult {
    func isNull(_ row: Int32, _ column: Int32) -> Bool { PQgetisnull(handle, row, column) == 1 }

    /// 2, 4 or 8 bytes in network order.
    func binaryInteger(_ row: Int32, _ column: Int32) -> Int64 {
        let bytes = bytes(row, column)
        let isNegative = (bytes.first ?? 0) & 0x80 != 0
        return bytes.reduce(isNegative ? -1 : 0) { $0 << 8 | Int64($1) }
    }

    func bytes(_ row: Int32, _ column: Int32) -> UnsafeBufferPointer<UInt8> {
        let count = Int(PQgetlength(handle, row, column))
        return UnsafeRawBufferPointer(start: PQgetvalue(handle, row, column), count: count)
            .bindMemory(to: UInt8.self)
    }
}
