extension Collection where Element == UInt16, Index == Int {
    /// Where `needle` begins, counted from the start; nil where it is not in.
    func offset(of needle: some Collection<UInt16>) -> Int? {
        guard let head = needle.first, needle.count <= count else { return nil }
        let tail = needle.dropFirst()
        for index in startIndex...(endIndex - needle.count) where self[index] == head {
            if self[(index + 1)...].starts(with: tail) { return index - startIndex }
        }
        return nil
    }
}
