import SocialDomain

/// How a department writes its dates.
enum DemoDateForm: CaseIterable {
    case iso
    case slashes
    case dots
    case compact
    case chinese
    case isoUnpadded
}

/// A growing buffer of bytes with the few forms that the demonstration's files need; no String a cell.
///
/// The pointer is owned, and `reserve` runs before every write; `DemoGeneratorTests` reads back what was written.
final class DemoBytes {
    private var base: UnsafeMutablePointer<UInt8>
    private var capacity: Int
    private(set) var count = 0

    init(capacity: Int = 4096) {
        self.capacity = capacity
        base = .allocate(capacity: capacity)
    }

    deinit {
        base.deallocate()
    }

    var contents: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: base, count: count) }

    func removeAll() {
        count = 0
    }

    func append(_ byte: UInt8) {
        reserve(1)
        base[count] = byte
        count += 1
    }

    func append(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard let start = bytes.baseAddress else { return }
        reserve(bytes.count)
        (base + count).update(from: start, count: bytes.count)
        count += bytes.count
    }

    func append(_ text: StaticString) {
        append(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    func append(text: String) {
        for byte in text.utf8 {
            append(byte)
        }
    }

    func append(number: Int) {
        var digits = 1
        var rest = number / 10
        while rest > 0 {
            digits += 1
            rest /= 10
        }
        append(number: number, width: digits)
    }

    func append(number: Int, width: Int) {
        reserve(width)
        var rest = number
        var place = count + width
        while place > count {
            place -= 1
            base[place] = 0x30 + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        }
        count += width
    }

    /// `1234.50`.
    func append(hundredths: Int) {
        append(number: hundredths / 100)
        append(UInt8(ascii: "."))
        append(number: hundredths % 100, width: 2)
    }

    /// `1,234`.
    func append(grouped number: Int) {
        if number >= 1000 {
            append(grouped: number / 1000)
            append(UInt8(ascii: ","))
            append(number: number % 1000, width: 3)
        } else {
            append(number: number)
        }
    }

    func append(idNumberOfBody body: UInt64) {
        append(number: Int(body), width: 17)
        append(CitizenID.checkCharacter(ofBody: body))
    }

    func append(_ date: CalendarDate, _ form: DemoDateForm) {
        let (year, month, day) = date.civil
        append(number: year, width: 4)
        switch form {
        case .iso: append(month: month, day: day, between: UInt8(ascii: "-"))
        case .slashes: append(month: month, day: day, between: UInt8(ascii: "/"))
        case .compact:
            append(number: month, width: 2)
            append(number: day, width: 2)
        case .chinese:
            append("年")
            append(number: month, width: 2)
            append("月")
            append(number: day, width: 2)
            append("日")
        case .dots:
            append(UInt8(ascii: "."))
            append(number: month)
            append(UInt8(ascii: "."))
            append(number: day)
        case .isoUnpadded:
            append(UInt8(ascii: "-"))
            append(number: month)
            append(UInt8(ascii: "-"))
            append(number: day)
        }
    }

    private func append(month: Int, day: Int, between separator: UInt8) {
        append(separator)
        append(number: month, width: 2)
        append(separator)
        append(number: day, width: 2)
    }

    private func reserve(_ more: Int) {
        guard count + more > capacity else { return }
        let larger = max(capacity * 2, count + more)
        let moved = UnsafeMutablePointer<UInt8>.allocate(capacity: larger)
        moved.update(from: base, count: count)
        base.deallocate()
        base = moved
        capacity = larger
    }
}
