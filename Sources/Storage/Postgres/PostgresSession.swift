import CPostgres
import Foundation

#if canImport(Glibc)
    import Glibc
#endif

/// A connection to a PostgreSQL server, with its prepared statements.
///
/// Sendable, because libpq lets a connection be used from any thread, one at a time, and the pool hands each to one
/// transaction, which runs on one thread, until it is given back under the pool's lock.
final class PostgresSession: Session, @unchecked Sendable {
    private let handle: OpaquePointer
    private let statementTimeout: Duration
    /// In a transaction whose statements may take as long as they need.
    var isPatient = false
    /// Names by text and types.
    private var prepared: [String: String] = [:]
    private var counter = 0
    private var isBroken = false
    /// Statements that were sent in pipeline mode and whose answers are still to be read.
    private var pending = 0

    /// Statements with lists of many lengths must not pile up on the server.
    private static let preparedLimit = 256
    private static let cursorBatch = 1000
    /// Few enough for their answers to fit into the socket's buffer while the next are being written.
    private static let pipelineDepth = 256

    init(target: String, options: DatabaseOptions) throws(DatabaseFault) {
        statementTimeout = options.statementTimeout
        // What the URI says comes last and wins.
        let settings = [
            ("application_name", "minsheng"), ("keepalives_idle", "30"), ("tcp_user_timeout", "30000"),
            ("dbname", target), ("client_encoding", "UTF8"),
        ]
        handle = try Self.connect(settings, timeout: options.connectTimeout)
        let milliseconds = Int64(options.statementTimeout / .milliseconds(1))
        let patience = Int64(options.patience / .milliseconds(1))
        try script(
            """
            SET statement_timeout = \(milliseconds); SET lock_timeout = \(patience);
            SET standard_conforming_strings = on; SET cursor_tuple_fraction = 1
            """)
    }

    deinit { PQfinish(handle) }

    var engine: Engine { .postgres }

    var isUsable: Bool {
        !isBroken && PQstatus(handle) == CONNECTION_OK && PQtransactionStatus(handle) == PQTRANS_IDLE
    }

    // MARK: - Session

    func execute(_ sql: SQL) throws(DatabaseFault) -> Int {
        try run(sql).affected
    }

    func rows(_ sql: SQL) throws(DatabaseFault) -> [Row] {
        try run(sql).rows()
    }

    func forEach(_ sql: SQL, _ body: (Row) throws -> Void) throws {
        counter += 1
        let cursor = "cursor_\(counter)"
        let declaration: SQL = "DECLARE \(trusted: cursor) NO SCROLL CURSOR FOR \(sql)"
        _ = try run(declaration, isPrepared: false)
        while true {
            let rows = try simple("FETCH \(Self.cursorBatch) FROM \(cursor)").rows()
            for row in rows { try body(row) }
            if rows.count < Self.cursorBatch { break }
        }
        _ = try simple("CLOSE \(cursor)")
    }

    func script(_ text: String) throws(DatabaseFault) {
        _ = try simple(text)
    }

    // MARK: - Bulk statements

    func prepare(
        _ sql: String, note: @escaping (DatabaseFault) -> Void
    ) throws(DatabaseFault) -> any BulkStatement {
        PostgresBulkStatement(self, sql, note: note)
    }

    func prepareBulk(_ text: String) throws(DatabaseFault) -> String {
        try settle()
        counter += 1
        let name = "bulk_\(counter)"
        guard PQsendPrepare(handle, name, text, 0, nil) == 1 else { throw lost() }
        _ = try finish()
        return name
    }

    /// Sends a statement without waiting for its answer.
    func sendBulk(_ name: String, _ values: [[UInt8]?], _ formats: [Int32]) throws(DatabaseFault) {
        if pending == 0 {
            guard PQenterPipelineMode(handle) == 1 else { throw lost() }
        }
        pending += 1
        let sent = Self.withPointers(values) { pointers, lengths in
            PQsendQueryPrepared(handle, name, Int32(values.count), pointers, lengths, formats, 0)
        }
        guard sent == 1 else { throw lost() }
        if pending >= Self.pipelineDepth { try settle() }
    }

    /// Reads the answers to what was sent; the first error is the one thrown.
    private func settle() throws(DatabaseFault) {
        guard pending > 0 else { return }
        pending = 0
        guard PQpipelineSync(handle) == 1 else { throw lost() }
        let deadline = deadline()
        var fault: DatabaseFault?
        while true {
            while PQflush(handle) == 1 { try wait(POLLOUT | POLLIN, until: deadline) }
            while PQisBusy(handle) == 1 {
                try wait(POLLIN, until: deadline)
                guard PQconsumeInput(handle) == 1 else { throw lost() }
            }
            // Each statement's answer ends with nil, and so the pipeline goes on after it.
            guard let pointer = PQgetResult(handle) else {
                guard PQstatus(handle) == CONNECTION_OK else { throw lost() }
                continue
            }
            let result = PostgresResult(pointer)
            if result.isSync { break }
            if fault == nil { fault = result.fault }
        }
        guard PQexitPipelineMode(handle) == 1 else { throw lost() }
        if let fault { throw fault }
    }

    func openCursor(_ text: String, _ values: [[UInt8]?], _ formats: [Int32]) throws(DatabaseFault) -> String {
        try settle()
        counter += 1
        let cursor = "cursor_\(counter)"
        let sent = Self.withPointers(values) { pointers, lengths in
            PQsendQueryParams(
                handle, "DECLARE \(cursor) BINARY NO SCROLL CURSOR FOR \(text)", Int32(values.count), nil, pointers,
                lengths, formats, 0)
        }
        guard sent == 1 else { throw lost() }
        _ = try finish()
        return cursor
    }

    func fetch(_ count: Int32, from cursor: String) throws(DatabaseFault) -> PostgresResult {
        try simple("FETCH \(count) FROM \(cursor)")
    }

    /// - Parameter values: each with a zero byte behind it that is not counted.
    private static func withPointers<Value>(
        _ values: [[UInt8]?], _ body: ([UnsafePointer<CChar>?], [Int32]) -> Value
    ) -> Value {
        let lengths = values.map { Int32(($0?.count ?? 1) - 1) }
        let bytes = values.flatMap { $0 ?? [] }
        return bytes.withUnsafeBytes { buffer in
            var next = buffer.bindMemory(to: CChar.self).baseAddress
            let pointers = values.map { value -> UnsafePointer<CChar>? in
                guard let value else { return nil }
                defer { next = next.map { $0 + value.count } }
                return next
            }
            return body(pointers, lengths)
        }
    }

    func load(into table: String, columns: [String], _ body: (BulkWriter) throws -> Void) throws {
        let names = columns.map(\.quotedName).joined(separator: ", ")
        try settle()
        _ = try simple("COPY \(table.quotedName) (\(names)) FROM STDIN")
        var text = CopyText()
        do {
            try body(
                BulkWriter { [self] row in
                    guard row.count == columns.count else {
                        throw DatabaseFault.engine(code: "bulk", message: "a row has another number of values")
                    }
                    text.add(row)
                    if text.bytes.count >= 65536 { try send(&text) }
                })
            try send(&text)
        } catch {
            _ = PQputCopyEnd(handle, "given up")
            _ = try? finish()
            throw error
        }
        guard PQputCopyEnd(handle, nil) == 1 else { throw lost() }
        _ = try finish()
    }

    private func send(_ text: inout CopyText) throws(DatabaseFault) {
        let sent = text.bytes.withUnsafeBytes { bytes in
            PQputCopyData(handle, bytes.bindMemory(to: CChar.self).baseAddress, Int32(bytes.count))
        }
        text.bytes.removeAll(keepingCapacity: true)
        guard sent == 1 else { throw lost() }
    }

    // MARK: - Transactions

    func commit() throws(DatabaseFault) {
        let result: PostgresResult
        do throws(DatabaseFault) {
            result = try simple("COMMIT")
        } catch {
            throw error == .serverGone || error == .timedOut ? .outcomeUnknown : error
        }
        // The server's answer where the transaction had failed before.
        if result.command == "ROLLBACK" { throw .conflict(.serialization) }
    }

    func rollBack() {
        _ = try? settle()
        if !isBroken, PQtransactionStatus(handle) != PQTRANS_IDLE { _ = try? simple("ROLLBACK") }
    }

    // MARK: - libpq

    private func simple(_ text: String) throws(DatabaseFault) -> PostgresResult {
        try settle()
        guard PQsendQuery(handle, text) == 1 else { throw lost() }
        return try finish()
    }

    private func run(_ sql: SQL, isPrepared: Bool = true) throws(DatabaseFault) -> PostgresResult {
        try settle()
        let text = sql.text(for: .postgres)
        let parameters = try PostgresParameters(sql.values)
        guard isPrepared else {
            let sent = parameters.withPointers { types, values, lengths, formats in
                PQsendQueryParams(handle, text, parameters.count, types, values, lengths, formats, 0)
            }
            guard sent == 1 else { throw lost() }
            return try finish()
        }
        let name = try prepare(text, parameters)
        let sent = parameters.withPointers { _, values, lengths, formats in
            PQsendQueryPrepared(handle, name, parameters.count, values, lengths, formats, 0)
        }
        guard sent == 1 else { throw lost() }
        do throws(DatabaseFault) {
            return try finish()
        } catch {
            // A migration elsewhere changed a table beneath the plan: the next attempt prepares anew.
            if case .conflict = error { prepared[text + parameters.signature] = nil }
            throw error
        }
    }

    private func prepare(_ text: String, _ parameters: PostgresParameters) throws(DatabaseFault) -> String {
        let key = text + parameters.signature
        if let name = prepared[key] { return name }
        if prepared.count >= Self.preparedLimit {
            _ = try simple("DEALLOCATE ALL")
            prepared = [:]
        }
        counter += 1
        let name = "statement_\(counter)"
        guard PQsendPrepare(handle, name, text, parameters.count, parameters.types) == 1 else { throw lost() }
        _ = try finish()
        prepared[key] = name
        return name
    }

    private func lost() -> DatabaseFault {
        isBroken = true
        return .serverGone
    }

    /// Reads the answer to what was sent; the last result is the one that counts, the first error the one thrown.
    private func finish() throws(DatabaseFault) -> PostgresResult {
        let deadline = deadline()
        var last: PostgresResult?
        var fault: DatabaseFault?
        while true {
            while PQflush(handle) == 1 { try wait(POLLOUT | POLLIN, until: deadline) }
            while PQisBusy(handle) == 1 {
                try wait(POLLIN, until: deadline)
                guard PQconsumeInput(handle) == 1 else { throw lost() }
            }
            guard let pointer = PQgetResult(handle) else { break }
            let result = PostgresResult(pointer)
            last = result
            if fault == nil { fault = result.fault }
            if result.isCopy { break }
        }
        if PQstatus(handle) != CONNECTION_OK { throw lost() }
        if let fault { throw fault }
        guard let last else { throw lost() }
        return last
    }

    /// The server ends a long statement itself; where it has stopped answering, this side does.
    private func deadline() -> ContinuousClock.Instant? {
        isPatient || statementTimeout == .zero ? nil : ContinuousClock.now + statementTimeout + .seconds(5)
    }

    private func wait(_ events: Int32, until deadline: ContinuousClock.Instant?) throws(DatabaseFault) {
        guard try Self.poll(PQsocket(handle), events, until: deadline) else {
            isBroken = true
            throw .timedOut
        }
    }

    /// False where the time is over.
    private static func poll(
        _ socket: Int32, _ events: Int32, until deadline: ContinuousClock.Instant?
    ) throws(DatabaseFault) -> Bool {
        guard socket >= 0 else { throw .serverGone }
        var entry = pollfd(fd: socket, events: Int16(events), revents: 0)
        while true {
            let left = deadline.map { max(0, ($0 - ContinuousClock.now) / .milliseconds(1)) }
            let count = Glibc.poll(&entry, 1, left.map { Int32(min($0, 1_000_000)) } ?? -1)
            if count > 0 { return true }
            if count == 0 { return false }
            guard errno == EINTR else { throw .serverGone }
        }
    }

    /// Without blocking calls, so that only the SQLSTATE stands in the message: the words are in the server's language.
    private static func connect(
        _ settings: [(String, String)], timeout: Duration
    ) throws(DatabaseFault) -> OpaquePointer {
        var keys: [UnsafePointer<CChar>?] = settings.map { UnsafePointer(strdup($0.0)) }
        var values: [UnsafePointer<CChar>?] = settings.map { UnsafePointer(strdup($0.1)) }
        keys.append(nil)
        values.append(nil)
        defer { for text in keys + values { free(UnsafeMutableRawPointer(mutating: text)) } }
        guard let handle = PQconnectStartParams(keys, values, 1) else { throw .serverGone }
        do throws(DatabaseFault) {
            cpostgres_silence(handle)
            PQsetErrorVerbosity(handle, PQERRORS_SQLSTATE)
            let deadline = ContinuousClock.now + timeout
            var isInTime = PQstatus(handle) != CONNECTION_BAD
            var state = PGRES_POLLING_WRITING
            while isInTime, state == PGRES_POLLING_READING || state == PGRES_POLLING_WRITING {
                isInTime = try poll(
                    PQsocket(handle), state == PGRES_POLLING_READING ? POLLIN : POLLOUT, until: deadline)
                if isInTime { state = PQconnectPoll(handle) }
            }
            guard isInTime, state == PGRES_POLLING_OK else { throw failure(of: handle) }
            PQsetErrorVerbosity(handle, PQERRORS_DEFAULT)
            return handle
        } catch {
            PQfinish(handle)
            throw error
        }
    }

    private static func failure(of handle: OpaquePointer) -> DatabaseFault {
        if PQconnectionNeedsPassword(handle) == 1 { return .wrongPassword }
        let message = PQerrorMessage(handle).map { String(cString: $0) } ?? ""
        let words = message.split { $0 == " " || $0 == "\n" || $0 == ":" }
        let state = words.last { word in
            word.utf8.count == 5 && word.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x41...0x5a).contains($0) }
                && word != "FATAL" && word != "ERROR" && word != "PANIC"
        }
        return state.map { DatabaseFault(sqlState: String($0), message: "", violation: nil) } ?? .serverGone
    }
}
