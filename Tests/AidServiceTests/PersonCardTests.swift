import Testing

@testable import AidService

@Suite struct PersonCardTests {
    @Test(arguments: [0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16])
    func `a short name is known by its card, and no other of its size is`(size: Int) {
        let name = (0..<size).map { UInt8(0x61 + $0) }
        let card = name.withUnsafeBufferPointer { PersonCard(idNumber: 1, name: $0) }

        #expect(name.withUnsafeBufferPointer { card.hasName(in: $0) })
        for place in 0..<size {
            var other = name
            other[place] ^= 1
            #expect(other.withUnsafeBufferPointer { card.hasName(in: $0) } == false, "byte \(place) of \(size)")
        }
    }

    @Test(arguments: [0, 3, 4, 8, 15, 16, 17, 255, 300])
    func `a name of another size is not the card's`(size: Int) {
        let name = [UInt8]("苏日娜乌".utf8.prefix(9))
        let card = name.withUnsafeBufferPointer { PersonCard(idNumber: 1, name: $0) }
        let other = [UInt8](repeating: 0x61, count: size)

        #expect(other.withUnsafeBufferPointer { card.hasName(in: $0) } == false)
    }

    @Test(arguments: [17, 48, 254, 255, 256, 300])
    func `a long name is never said to be equal`(size: Int) {
        let name = [UInt8](repeating: 0x61, count: size)
        let card = name.withUnsafeBufferPointer { PersonCard(idNumber: 1, name: $0) }

        #expect(name.withUnsafeBufferPointer { card.hasName(in: $0) } == false)
    }
}

extension PersonCard {
    fileprivate func hasName(in bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        withUnsafeBytes(of: UInt64(0)) { nothing in
            let start = bytes.baseAddress ?? nothing.assumingMemoryBound(to: UInt8.self).baseAddress
            return start.map { hasName($0, bytes.count) } ?? false
        }
    }
}
