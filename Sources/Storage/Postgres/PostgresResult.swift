import CPostgres

/// What the server answered to one statement.
final class PostgresResult {
    let handle: OpaquePointer

    init(_ handle: OpaquePointer) {
        self.handle = handle
    }

    deinit { PQclear(handle) }

    var isCopy: Bool {
        let status = PQresultStatus(handle)
        return status == PGRES_COPY_IN || status == PGRES_COPY_OUT
    }

    /// The end of a pipeline's part.
    var isSync: Bool { PQresultStatus(handle) == PGRES_PIPELINE_SYNC }

    var count: Int32 { PQntuples(handle) }

    var affected: Int { PQcmdTuples(handle).flatMap { Int(String(cString: $0)) } ?? 0 }

    var command: String { PQcmdStatus(handle).map { String(cString: $0) } ?? "" }

    func rows() -> [Row] {
        let columns = (0..<PQnfields(handle)).map { PQfname(handle, $0).map { String(cString: $0) } ?? "" }
        let types = (0..<PQnfields(handle)).map { PQftype(handle, $0) }
        return (0..<PQntuples(handle)).map { row in
            Row(columns: columns, values: types.indices.map { value(row, Int32($0), type: types[$0]) })
        }
    }

    private func value(_ row: Int32, _ column: Int32, type: Oid) -> SQLValue {
        if PQgetisnull(handle, row, column) == 1 { return .null(Self.type(of: type)) }
        guard let start = PQgetvalue(handle, row, column) else { return .null(Self.type(of: type)) }
        let bytes = UnsafeRawBufferPointer(start: start, count: Int(PQgetlength(handle, row, column)))
        let text = String(decoding: bytes, as: UTF8.self)
        switch Self.type(of: type) {
        case .bool: return .bool(text == "t")
        case .integer: return Int64(text).map { .integer($0) } ?? .text(text)
        case .blob: return .blob(Self.bytes(hexadecimal: bytes.dropFirst(2)))
        case .text: return .text(text)
        case .double:
            // A sum of whole numbers is numeric on PostgreSQL and whole on SQLite.
            if type == 1700, let number = Int64(text) { return .integer(number) }
            return Double(text).map { .double($0) } ?? .text(text)
        }
    }

    /// From the server's pg_type.dat.
    private static func type(of oid: Oid) -> SQLType {
        switch oid {
        case 16: .bool
        case 17: .blob
        case 20, 21, 23, 26: .integer
        case 700, 701, 1700: .double
        default: .text
        }
    }

    private static func bytes(hexadecimal digits: Slice<UnsafeRawBufferPointer>) -> [UInt8] {
        func digit(_ byte: UInt8) -> UInt8 { byte < 0x3a ? byte - 0x30 : byte - 0x57 }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(digits.count / 2)
        var index = digits.startIndex
        while index + 1 < digits.endIndex {
            bytes.append(digit(digits[index]) << 4 | digit(digits[index + 1]))
            index += 2
        }
        return bytes
    }

    // MARK: - Errors

    var fault: DatabaseFault? {
        let status = PQresultStatus(handle)
        guard status == PGRES_FATAL_ERROR || status == PGRES_BAD_RESPONSE else { return nil }
        // Without a state it is libpq's own: the connection broke.
        guard let state = field("C") else { return .serverGone }
        var violation: ConstraintViolation?
        if state.hasPrefix("23") {
            violation = ConstraintViolation(kind: Self.kind(of: state), table: field("t"), name: field("n"))
            violation?.columns = field("c").map { [$0] } ?? columnsInDetail
        }
        return DatabaseFault(sqlState: state, message: field("M") ?? "", violation: violation)
    }

    /// By the letters of the protocol's error fields.
    private func field(_ letter: Unicode.Scalar) -> String? {
        PQresultErrorField(handle, Int32(letter.value)).map { String(cString: $0) }
    }

    /// `Key (household_id, direction)=(…) already exists.`: the names only, what follows is data.
    private var columnsInDetail: [String] {
        guard let detail = field("D"), let start = detail.firstIndex(of: "("), let end = detail.firstIndex(of: ")"),
            start < end
        else { return [] }
        return detail[detail.index(after: start)..<end].split(separator: ", ").map(String.init)
    }

    private static func kind(of state: String) -> ConstraintViolation.Kind {
        switch state {
        case "23502": .notNull
        case "23503": .foreignKey
        case "23505": .unique
        case "23514": .check
        case "23P01": .exclusion
        default: .other
        }
    }
}

extension DatabaseFault {
    /// By PostgreSQL's Appendix A, "PostgreSQL Error Codes".
    init(sqlState state: String, message: String, violation: ConstraintViolation?) {
        if let violation {
            self =
                violation.columns.isEmpty || violation.kind == .unique || violation.kind == .notNull
                ? .constraint(violation)
                : .constraint(ConstraintViolation(kind: violation.kind, table: violation.table, name: violation.name))
            return
        }
        self =
            switch state {
            case "40001", "26000": .conflict(.serialization)
            // "cached plan must not change result type"; feature_not_supported otherwise.
            case "0A000" where message.contains("cached plan"): .conflict(.serialization)
            case "40P01": .conflict(.deadlock)
            case "55P03": .locked
            case "57014", "25P03": .timedOut
            case "53100": .diskFull
            case "53300": .tooManyConnections
            case "25006": .readOnly
            case "3D000": .noSuchDatabase
            case "57P01", "57P02", "57P03": .serverGone
            default: Self.byClass(state, message)
            }
    }

    private static func byClass(_ state: String, _ message: String) -> DatabaseFault {
        switch state.prefix(2) {
        case "28": .wrongPassword
        case "08": .serverGone
        case "XX" where state != "XX000": .damaged
        // A wrong statement: the message holds names. Others may quote data.
        case "42": .engine(code: state, message: message)
        default: .engine(code: state, message: "")
        }
    }
}
