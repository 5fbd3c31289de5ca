/// A fact of one scope as expressions and alerts read it: without reference counting, valid as long as its store.
struct FactReader: BitwiseCopyable, Sendable {
    /// How a stored number is to be taken; see `FactStore.Column`.
    private enum Reading: UInt8 {
        case count
        case sumOfHundredths
        case sum
        case greatestOrLeastOfHundredths
        case greatestOrLeast
        case absent
    }

    // Points into a column of the store, which is written only before anything is read.
    private nonisolated(unsafe) let base: UnsafePointer<Int64>?
    private let reading: Reading

    init(_ column: FactStore.Column?, _ function: FactFunction, _ type: FactValueType) {
        base = column.map { UnsafePointer($0.base) }
        let isDouble = type == .hundredths
        reading =
            switch function {
            case _ where column == nil: .absent
            case .countRows, .countPersons, .countMembers: .count
            case .sum: isDouble ? .sumOfHundredths : .sum
            case .max, .min: isDouble ? .greatestOrLeastOfHundredths : .greatestOrLeast
            }
    }

    /// The fact as expressions see it.
    @inline(__always)
    func slot(_ subject: Int) -> Slot {
        guard let base else { return .null }
        let stored = base[subject]
        switch reading {
        case .count, .sum: return .int(stored)
        case .sumOfHundredths: return .double(Double(stored) / 100)
        case .greatestOrLeast: return stored == 0 ? .null : .int(stored &- 1)
        case .greatestOrLeastOfHundredths: return stored == 0 ? .null : .double(Double(stored &- 1) / 100)
        case .absent: return .null
        }
    }

    /// The fact as alerts show it.
    func write(_ subject: Int, to json: inout JSONBytes) {
        guard let stored = base?[subject] else { return json.raw("null") }
        switch reading {
        case .count, .sum: json.int(stored)
        case .sumOfHundredths: json.hundredths(stored)
        case .greatestOrLeast, .greatestOrLeastOfHundredths:
            if stored == 0 {
                json.raw("null")
            } else if reading == .greatestOrLeast {
                json.int(stored - 1)
            } else {
                json.hundredths(stored - 1)
            }
        case .absent: json.raw("null")
        }
    }
}
