import Dispatch
import Synchronization
import Tabular

/// What came of one part of a file.
struct TablePart<Reader: TablePartReader>: Sendable {
    let reader: Reader
    /// The file offset at which the part's first record begins; nil where no line begins in it.
    let start: Int?
    /// The file offset at which the next part's first record begins.
    let end: Int
    let lines: Int
}

/// The parts of one file in order, each with the line on which it begins.
struct ReadTable<Reader: TablePartReader>: Sendable {
    let table: OpenTable
    var parts: [(reader: Reader, firstLine: Int)]
}

/// Reads files in parts, side by side on several threads, with the same result as reading them from front to end.
///
/// A part begins at the first line that begins in its share of the file, as if that line began a record. Whether it
/// does is known once the parts before it have been read: each tells where its last record ended. Where a quoted field
/// runs over a border, the part behind is read again from the right place. That a file is not UTF-8 may be known only at
/// its end; it is then read again as GB18030.
enum TableParts {
    /// Bytes of a part: fits the second-level cache with what is made of it.
    static let partSize = 512 << 10

    enum Outcome<Reader: TablePartReader>: Sendable {
        case read(ReadTable<Reader>)
        case refused(FeedFile, Refusal)
    }

    /// - Parameters:
    ///   - resolve: makes the maker of a file's part readers from its header, or refuses the file.
    static func read<Reader: TablePartReader>(
        _ files: [FeedFile], threads: Int, control: RunControl,
        resolve: (OpenTable) throws(Refusal) -> @Sendable () -> Reader
    ) throws(MonitoringFailure) -> [Outcome<Reader>] {
        do {
            var opened: [Opened<Reader>] = []
            for file in files { opened.append(try open(file, resolve)) }
            return try readAll(opened, threads: threads, control: control, resolve: resolve)
        } catch let failure as MonitoringFailure {
            throw failure
        } catch let fault as ReadFault {
            throw .readFailed(fault)
        } catch {
            preconditionFailure("\(error) is neither a failure of a run nor of a file")
        }
    }

    private enum Opened<Reader: TablePartReader>: Sendable {
        case table(OpenTable, @Sendable () -> Reader)
        case refused(FeedFile, Refusal)
    }

    private static func open<Reader: TablePartReader>(
        _ file: FeedFile, _ resolve: (OpenTable) throws(Refusal) -> @Sendable () -> Reader
    ) throws -> Opened<Reader> {
        do {
            let table = try OpenTable.open(file)
            do {
                return .table(table, try resolve(table))
            } catch {
                guard case .csv(let readable, let encoding, _) = table.content,
                    try !OpenTable.isWellFormed(readable, encoding)
                else { throw error }
                guard encoding == .utf8 else { throw Refusal(.encoding) }
                // The header was read in the wrong encoding.
                let reopened = try table.reopenedAsGB18030()
                guard try OpenTable.isWellFormed(readable, .gb18030) else { throw Refusal(.encoding) }
                return .table(reopened, try resolve(reopened))
            }
        } catch let refusal as Refusal {
            return .refused(file, refusal)
        }
    }

    private static func readAll<Reader: TablePartReader>(
        _ opened: [Opened<Reader>], threads: Int, control: RunControl,
        resolve: (OpenTable) throws(Refusal) -> @Sendable () -> Reader
    ) throws -> [Outcome<Reader>] {
        var tables: [(place: Int, table: OpenTable, make: @Sendable () -> Reader)] = []
        var outcomes: [Outcome<Reader>?] = []
        for (place, one) in opened.enumerated() {
            switch one {
            case .table(let table, let make):
                tables.append((place, table, make))
                outcomes.append(nil)
            case .refused(let file, let refusal):
                outcomes.append(.refused(file, refusal))
            }
        }
        var pass = try PartPass(tables.map { ($0.table, $0.make) }, threads: threads, control: control).run()
        var again: [Int] = []
        for index in tables.indices where pass[index] == nil {
            do {
                let table = try tables[index].table.reopenedAsGB18030()
                guard tables[index].table.encoding == .utf8 else { throw Refusal(.encoding) }
                tables[index] = (tables[index].place, table, try resolve(table))
                again.append(index)
            } catch let refusal as Refusal {
                // Not UTF-8, and as GB18030 its header is refused: unless it is neither, that is what to tell.
                var told = refusal
                if case .csv(let readable, _, _) = tables[index].table.content,
                    try !OpenTable.isWellFormed(readable, .gb18030)
                {
                    told = Refusal(.encoding)
                }
                outcomes[tables[index].place] = .refused(tables[index].table.file, told)
            }
        }
        if !again.isEmpty {
            let second = try PartPass(
                again.map { (tables[$0].table, tables[$0].make) }, threads: threads, control: control
            ).run()
            for (number, index) in again.enumerated() { pass[index] = second[number] }
        }
        for index in tables.indices where outcomes[tables[index].place] == nil {
            let one = tables[index]
            if let parts = pass[index] {
                outcomes[one.place] = .read(ReadTable(table: one.table, parts: parts))
            } else {
                outcomes[one.place] = .refused(one.table.file, Refusal(.encoding))
            }
        }
        return outcomes.compactMap { $0 }
    }
}

/// One reading of some files: every part once, then those again that began at the wrong place.
private final class PartPass<Reader: TablePartReader>: Sendable {
    private struct Unit {
        let table: Int
        let from: Int
        let until: Int
    }

    private let tables: [(table: OpenTable, make: @Sendable () -> Reader)]
    private let units: [Unit]
    private let threads: Int
    private let control: RunControl
    private let next = Atomic<Int>(0)
    private let results: Mutex<[TablePart<Reader>?]>
    private let notEncoded: Mutex<Set<Int>>
    private let failure = Mutex<ReadFault?>(nil)

    init(_ tables: [(OpenTable, @Sendable () -> Reader)], threads: Int, control: RunControl) {
        self.tables = tables.map { (table: $0.0, make: $0.1) }
        var units: [Unit] = []
        for (index, one) in tables.enumerated() {
            switch one.0.content {
            case .csv(let file, _, let header):
                var from = header.dataOffset
                // An empty part keeps a file without data rows in the result.
                repeat {
                    let until = min(file.size, (from / TableParts.partSize + 1) * TableParts.partSize)
                    units.append(Unit(table: index, from: from, until: until))
                    from = until
                } while from < file.size
            case .workbook(let rows):
                units.append(Unit(table: index, from: 0, until: rows.size))
            }
        }
        self.units = units
        self.threads = threads
        self.control = control
        results = Mutex(Array(repeating: nil, count: units.count))
        notEncoded = Mutex([])
    }

    /// For each table its parts in order, or nil where its bytes are not of its encoding.
    func run() throws -> [[(reader: Reader, firstLine: Int)]?] {
        if !units.isEmpty {
            DispatchQueue.concurrentPerform(iterations: min(threads, units.count)) { _ in work() }
        }
        if let failure = failure.withLock({ $0 }) { throw failure }
        if control.isStopped { throw MonitoringFailure.stopped }
        let bad = notEncoded.withLock { $0 }
        let parts = results.withLock { $0 }
        var done: [[(reader: Reader, firstLine: Int)]?] = []
        for index in tables.indices {
            guard !bad.contains(index) else {
                done.append(nil)
                continue
            }
            let own = units.indices.filter { units[$0].table == index }
            done.append(try inOrder(own, parts, tables[index].table))
        }
        return done
    }

    /// Joins a file's parts, reading again those that did not begin where the one before ended.
    private func inOrder(
        _ own: [Int], _ parts: [TablePart<Reader>?], _ table: OpenTable
    ) throws -> [(reader: Reader, firstLine: Int)] {
        guard case .csv(let file, let encoding, let header) = table.content else {
            return own.compactMap { parts[$0] }.map { ($0.reader, 1) }
        }
        try file.requireUnchanged()
        var joined: [(reader: Reader, firstLine: Int)] = []
        var place = header.dataOffset
        var line = header.lines + 1
        var scanner: CSVScanner?
        for unit in own where place < units[unit].until {
            guard var part = parts[unit] else { continue }
            if part.start != place {
                let again = scanner ?? CSVScanner(file: file, encoding: encoding, columns: header.columns)
                scanner = again
                try again.open(from: place, until: units[unit].until)
                part = try Self.read(again, start: place, tables[units[unit].table].make())
            }
            joined.append((part.reader, line))
            place = part.end
            line += part.lines
        }
        return joined
    }

    private func work() {
        var scanners: [Int: CSVScanner] = [:]
        while true {
            let number = next.wrappingAdd(1, ordering: .relaxed).oldValue
            guard number < units.count, !control.isStopped, failure.withLock({ $0 == nil }) else { return }
            let unit = units[number]
            if notEncoded.withLock({ $0.contains(unit.table) }) { continue }
            do throws(ReadFault) {
                let part: TablePart<Reader>?
                switch tables[unit.table].table.content {
                case .csv(let file, let encoding, let header):
                    let scanner =
                        scanners[unit.table]
                        ?? CSVScanner(file: file, encoding: encoding, columns: header.columns)
                    if scanners[unit.table] == nil { scanners = [unit.table: scanner] }
                    part = try read(scanner, unit, isFirst: unit.from == header.dataOffset)
                case .workbook(let rows):
                    let reader = tables[unit.table].make()
                    try rows.read(identityColumn: reader.identityColumn) { reader.read($0) }
                    part = TablePart(reader: reader, start: 0, end: rows.size, lines: 0)
                }
                results.withLock { $0[number] = part }
            } catch {
                failure.withLock { $0 = $0 ?? error }
            }
            control.advance(by: unit.until - unit.from)
        }
    }

    private func read(_ scanner: CSVScanner, _ unit: Unit, isFirst: Bool) throws(ReadFault) -> TablePart<Reader>? {
        let start: Int?
        if isFirst {
            try scanner.open(from: unit.from, until: unit.until)
            start = unit.from
        } else {
            start = try scanner.openAtLine(from: unit.from, until: unit.until)
        }
        let reader = tables[unit.table].make()
        guard start != nil else { return TablePart(reader: reader, start: nil, end: unit.until, lines: 0) }
        guard try scanner.isWellFormed() else {
            _ = notEncoded.withLock { $0.insert(unit.table) }
            return nil
        }
        return try Self.read(scanner, start: start, reader)
    }

    private static func read(
        _ scanner: CSVScanner, start: Int?, _ reader: Reader
    ) throws(ReadFault) -> TablePart<Reader> {
        while try scanner.nextBatch() {
            reader.read(
                TableBatch(
                    base: scanner.base, rows: scanner.rows, cells: scanner.cells, count: scanner.rowCount))
        }
        return TablePart(reader: reader, start: start, end: scanner.offset, lines: scanner.lineCount)
    }
}
