import Foundation

/// Words of advertisements that say nothing about the work: 五险一金, 包吃住.
struct TitleFillers: Sendable {
    /// By first character, the longest first.
    private let words: [UInt16: [[UInt16]]]

    private static let calls = ["招聘", "诚招", "急招", "直招", "直聘", "诚聘", "急聘"].map { Array($0.utf16) }
    /// What follows a call in the name of a recruiter's own work: 招聘专员.
    private static let endings = ["专员", "员", "师", "主管", "经理", "助理", "顾问", "总监", "实习", "岗", "负责", "老师", "主任"]
        .map { Array($0.utf16) }

    /// Reads fillers.txt, a word a line.
    init(folder: URL) throws {
        var words: [UInt16: [[UInt16]]] = [:]
        try OccupationTable(folder, "fillers.txt").forEach(fields: 1) { fields in
            let word = Array(fields[0].utf16)
            words[word[0], default: []].append(word)
            return true
        }
        self.words = words.mapValues { $0.sorted { $0.count > $1.count } }
    }

    /// 某某餐厅招聘传菜员 → 传菜员; unchanged where nothing is called for, or a recruiter.
    func afterCall(_ units: [UInt16]) -> [UInt16] {
        for place in units.indices.reversed() {
            guard Self.calls.contains(where: { units[place...].starts(with: $0) }) else { continue }
            let rest = units[(place + 2)...]
            let isNamed = rest.lazy.filter(TitleCharacters.isHan).prefix(2).count == 2
            if isNamed, !Self.endings.contains(where: { rest.starts(with: $0) }) { return Array(rest) }
        }
        return units
    }

    /// The same units with 0 in place of fillers.
    func separating(_ units: [UInt16]) -> [UInt16] {
        var units = units
        var place = 0
        while place < units.count {
            let word = words[units[place]]?.first { units[place...].starts(with: $0) }
            for offset in 0..<(word?.count ?? 0) { units[place + offset] = 0 }
            place += word?.count ?? 1
        }
        return units
    }
}
