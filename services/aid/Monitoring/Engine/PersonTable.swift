internal import CScan

/// Finds the person of an identity number: open addressing over four bytes a slot.
///
/// A slot holds a person's number plus one in its low bits and, in those above, as much of the hash as there is room
/// for, so that a number that nobody has is nearly always told without looking at a person.
struct PersonTable: Sendable {
    private let slots: FixedArray<UInt32>
    private let cards: FixedArray<PersonCard>
    private let mask: Int
    private let indexBits: UInt32
    private let homeShift: UInt64

    /// - Parameter shared: called with every person whose number an earlier one has, and that one.
    init(cards: FixedArray<PersonCard>, shared: (_ person: Int, _ earlier: Int) -> Void) {
        self.cards = cards
        var size = 64
        while size < cards.count * 2 { size *= 2 }
        mask = size - 1
        homeShift = UInt64(64 - size.trailingZeroBitCount)
        indexBits = UInt32(32 - UInt32(cards.count + 1).leadingZeroBitCount)
        slots = FixedArray(count: size)
        let view = View(
            slots: UnsafePointer(slots.base), cards: UnsafePointer(cards.base), mask: mask,
            indexBits: indexBits, homeShift: homeShift)
        for person in 0..<cards.count where cards[person].idNumber > 0 {
            let ahead = person &+ 16
            if ahead < cards.count { view.prefetch(Self.hash(cards[ahead].idNumber)) }
            let hash = Self.hash(cards[person].idNumber)
            var place = view.home(hash)
            let tag = view.tag(hash)
            var isShared = false
            while slots[place] != 0 {
                let slot = slots[place]
                if slot &>> indexBits == tag {
                    let earlier = Int(slot & (1 &<< indexBits &- 1)) - 1
                    if cards[earlier].idNumber == cards[person].idNumber {
                        shared(person, earlier)
                        isShared = true
                        break
                    }
                }
                place = (place &+ 1) & mask
            }
            if !isShared { slots[place] = tag &<< indexBits | UInt32(person + 1) }
        }
    }

    /// Fibonacci hashing; numbers that differ only in their last digits land far from each other.
    @inline(__always)
    static func hash(_ idNumber: Int64) -> UInt64 {
        let mixed = UInt64(bitPattern: idNumber) &* 0x9E37_79B9_7F4A_7C15
        return (mixed ^ mixed &>> 32) &* 0xD6E8_FEB8_6659_FD93
    }

    /// The table without reference counting, valid as long as the table.
    var view: View {
        View(
            slots: UnsafePointer(slots.base), cards: UnsafePointer(cards.base), mask: mask,
            indexBits: indexBits, homeShift: homeShift)
    }

    struct View {
        fileprivate let slots: UnsafePointer<UInt32>
        let cards: UnsafePointer<PersonCard>
        fileprivate let mask: Int
        fileprivate let indexBits: UInt32
        /// The hash's highest bits are the best mixed: they choose the slot.
        fileprivate let homeShift: UInt64

        @inline(__always)
        fileprivate func home(_ hash: UInt64) -> Int {
            Int(truncatingIfNeeded: hash &>> homeShift)
        }

        @inline(__always)
        fileprivate func tag(_ hash: UInt64) -> UInt32 {
            indexBits >= 32 ? 0 : UInt32(truncatingIfNeeded: hash &>> 12) & (UInt32.max &>> indexBits)
        }

        @inline(__always)
        func prefetch(_ hash: UInt64) {
            scan_prefetch(slots + home(hash))
        }

        /// The person who most likely has the number, to fetch what will be looked at: the first whose tag fits, or −1.
        @inline(__always)
        func likelyPerson(hash: UInt64) -> Int {
            var place = home(hash)
            let tag = tag(hash)
            while true {
                let slot = slots[place]
                if slot == 0 { return -1 }
                if slot &>> indexBits == tag { return Int(slot & (1 &<< indexBits &- 1)) &- 1 }
                place = (place &+ 1) & mask
            }
        }

        @inline(__always)
        func prefetchCard(of person: Int) {
            scan_prefetch(cards + person)
        }

        /// The person's number, or −1.
        @inline(__always)
        func person(of idNumber: Int64, hash: UInt64) -> Int {
            var place = home(hash)
            let tag = tag(hash)
            while true {
                let slot = slots[place]
                if slot == 0 { return -1 }
                if slot &>> indexBits == tag {
                    let person = Int(slot & (1 &<< indexBits &- 1)) &- 1
                    if cards[person].idNumber == idNumber { return person }
                }
                place = (place &+ 1) & mask
            }
        }
    }
}
