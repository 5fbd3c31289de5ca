import Dispatch

/// The households of a part of a register, column by column, in the order in which they came.
struct HouseholdColumns: Sendable {
    var ids = StringColumn()
    var divisions: [UInt32] = []
    var settlements: [UInt32] = []
    var categories: [UInt32] = []
    var incomes: [Int64] = []
    var enrolments: [Int32] = []
    /// For each text of the part its number in the register; nil where they are the same.
    var numbers: [UInt32]?
}

/// The persons of a part of a register, column by column, in the order in which they came.
struct PersonColumns: Sendable {
    var ids = StringColumn()
    var households = StringColumn()
    var idNumbers: [Int64] = []
    var names = StringColumn()
    var sexes: [UInt32] = []
    var birthDates: [Int32] = []
    var relations: [UInt32] = []
    /// For each text of the part its number in the register; nil where they are the same.
    var numbers: [UInt32]?
}

/// All households of a register, part after part.
struct JoinedHouseholds: Sendable {
    let ids: JoinedTexts
    let divisions: FixedArray<UInt32>
    let settlements: FixedArray<UInt32>
    let categories: FixedArray<UInt32>
    let incomes: FixedArray<Int64>
    let enrolments: FixedArray<Int32>

    init(_ parts: [HouseholdColumns]) {
        let starts = parts.starts { $0.ids.count }
        ids = JoinedTexts(parts.map(\.ids))
        divisions = FixedArray(count: ids.count)
        settlements = FixedArray(count: ids.count)
        categories = FixedArray(count: ids.count)
        incomes = FixedArray(count: ids.count)
        enrolments = FixedArray(count: ids.count)
        DispatchQueue.concurrentPerform(iterations: parts.count) { [self] index in
            let part = parts[index]
            let start = starts[index]
            divisions.put(part.divisions, at: start, numbers: part.numbers)
            settlements.put(part.settlements, at: start, numbers: part.numbers)
            categories.put(part.categories, at: start, numbers: part.numbers)
            incomes.put(part.incomes, at: start)
            enrolments.put(part.enrolments, at: start)
        }
    }
}

/// All persons of a register, part after part.
struct JoinedPersons: Sendable {
    let ids: JoinedTexts
    let households: JoinedTexts
    let idNumbers: FixedArray<Int64>
    let names: JoinedTexts
    let sexes: FixedArray<UInt32>
    let birthDates: FixedArray<Int32>
    let relations: FixedArray<UInt32>

    init(_ parts: [PersonColumns]) {
        let starts = parts.starts { $0.ids.count }
        ids = JoinedTexts(parts.map(\.ids))
        households = JoinedTexts(parts.map(\.households))
        names = JoinedTexts(parts.map(\.names))
        idNumbers = FixedArray(count: ids.count)
        sexes = FixedArray(count: ids.count)
        birthDates = FixedArray(count: ids.count)
        relations = FixedArray(count: ids.count)
        DispatchQueue.concurrentPerform(iterations: parts.count) { [self] index in
            let part = parts[index]
            let start = starts[index]
            idNumbers.put(part.idNumbers, at: start)
            sexes.put(part.sexes, at: start, numbers: part.numbers)
            birthDates.put(part.birthDates, at: start)
            relations.put(part.relations, at: start, numbers: part.numbers)
        }
    }
}

/// The texts of several columns, one column after the other.
final class JoinedTexts: Sendable {
    let count: Int
    let byteCount: Int
    private let bytes: FixedArray<UInt8>
    private let ends: FixedArray<UInt32>

    init(_ columns: [StringColumn]) {
        let starts = columns.starts { $0.count }
        let byteStarts = columns.starts { $0.bytes.count }
        count = starts[columns.count]
        byteCount = byteStarts[columns.count]
        bytes = FixedArray(count: byteCount)
        ends = FixedArray(count: count)
        DispatchQueue.concurrentPerform(iterations: columns.count) { [bytes, ends] index in
            bytes.put(columns[index].bytes, at: byteStarts[index])
            let shift = UInt32(truncatingIfNeeded: byteStarts[index])
            for (row, end) in columns[index].ends.enumerated() { ends.base[starts[index] + row] = end &+ shift }
        }
    }

    /// Whether the offsets of four bytes reach everything.
    var fits: Bool { byteCount <= Int(UInt32.max) }

    /// Without reference counting, valid as long as this.
    var view: StringColumn.View {
        StringColumn.View(
            bytes: UnsafeBufferPointer(start: bytes.base, count: byteCount),
            ends: UnsafeBufferPointer(start: ends.base, count: count))
    }

    func text(_ index: Int) -> String {
        String(decoding: view[index], as: UTF8.self)
    }
}

extension Array {
    /// Where each element's share of a whole begins, and at last the whole's size.
    fileprivate func starts(_ size: (Element) -> Int) -> [Int] {
        reduce(into: [0]) { $0.append(($0.last ?? 0) + size($1)) }
    }
}

extension FixedArray {
    fileprivate func put(_ elements: [Element], at start: Int) {
        elements.withUnsafeBufferPointer { source in
            if let first = source.baseAddress { (base + start).update(from: first, count: source.count) }
        }
    }
}

extension FixedArray<UInt32> {
    fileprivate func put(_ texts: [UInt32], at start: Int, numbers: [UInt32]?) {
        guard let numbers else { return put(texts, at: start) }
        numbers.withUnsafeBufferPointer { numbers in
            for (row, text) in texts.enumerated() { base[start + row] = numbers[Int(text)] }
        }
    }
}
