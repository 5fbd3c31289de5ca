/// A hash table from term keys to their numbers 0, 1, 2…; open addressing, as small as it can be.
struct TermTable: Sendable {
    private var slots: [UInt32]
    private(set) var keys: [UInt64] = []

    init() { slots = [UInt32](repeating: .max, count: 1 << 12) }

    @inline(__always)
    func number(_ key: UInt64) -> Int? {
        let mask = slots.count - 1
        var slot = Self.slot(key) & mask
        while slots[slot] != .max {
            let number = Int(slots[slot])
            if keys[number] == key { return number }
            slot = (slot + 1) & mask
        }
        return nil
    }

    mutating func insert(_ key: UInt64) -> UInt32 {
        let mask = slots.count - 1
        var slot = Self.slot(key) & mask
        while slots[slot] != .max {
            let number = slots[slot]
            if keys[Int(number)] == key { return number }
            slot = (slot + 1) & mask
        }
        let number = UInt32(keys.count)
        slots[slot] = number
        keys.append(key)
        if keys.count * 3 > slots.count * 2 { grow() }
        return number
    }

    private mutating func grow() {
        let count = slots.count * 2
        slots = [UInt32](repeating: .max, count: count)
        for (number, key) in keys.enumerated() {
            var slot = Self.slot(key) & (count - 1)
            while slots[slot] != .max { slot = (slot + 1) & (count - 1) }
            slots[slot] = UInt32(number)
        }
    }

    @inline(__always)
    private static func slot(_ key: UInt64) -> Int {
        Int(truncatingIfNeeded: (key ^ key >> 29) &* 0x9E37_79B9_7F4A_7C15 >> 20)
    }
}
