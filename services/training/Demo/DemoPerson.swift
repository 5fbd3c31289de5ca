import SocialDomain

/// Somebody made up, with a valid identity number that no register of aid's demonstration holds.
struct DemoPerson {
    let name: String
    let number: CitizenID
    let isMale: Bool

    var birthYear: Int { number.birthDate.year }
}

/// Makes people one by one; no two share a number.
///
/// aid's demonstration parts the order code, digits 15 to 17, of each prefix and day of the year into 499 classes and
/// leaves the classes from 450 to those outside its register: the people here have those, so that the two demonstrations
/// made from one seed never mean two people by one number.
struct DemoPeople {
    private let county: UInt64
    private let seed: UInt64
    private var made = 0

    /// 365 days × 49 classes; 7,919 is prime to it, so the days come in no order.
    static let most = 17_885

    init(county: DivisionCode, seed: UInt64) {
        self.county = county.padded / 1_000_000
        self.seed = seed
    }

    mutating func next(born years: ClosedRange<Int>, isMale: Bool, _ random: inout DemoRandom) -> DemoPerson {
        let place = made * 7919 % Self.most
        made += 1
        let year = years.lowerBound + random.below(years.count)
        let day = place % 365
        let rotation = DemoRandom.mix(seed ^ (7 << 48 | county << 12 | UInt64(day)))
        let order = UInt64((450 + place / 365 + Int(rotation % 499)) % 499) * 2 + (isMale ? 1 : 2)
        // A common year, so that the day exists in every year.
        let date = CalendarDate(dayNumber: CalendarDate.dayNumber(year: 2001, month: 1, day: 1) + Int32(day))
        let birth = UInt64(year * 10_000 + date.month * 100 + date.day)
        guard let number = CitizenID(body: (county * 100_000_000 + birth) * 1000 + order) else {
            preconditionFailure("a day of a common year is a day of every year")
        }
        return DemoPerson(name: Self.name(isMale: isMale, &random), number: number, isMale: isMale)
    }

    private static func name(isMale: Bool, _ random: inout DemoRandom) -> String {
        if random.chance(17) { return random.pick(isMale ? mongolianMen : mongolianWomen) }
        let given = isMale ? men : women
        return random.pick(surnames) + random.pick(given) + (random.chance(80) ? random.pick(given) : "")
    }

    private static func list(_ words: String) -> [String] { words.split(separator: " ").map(String.init) }

    private static let surnames = list("王 李 张 刘 赵 杨 陈 孙 高 白 马 周 韩 郭 徐 吴 于 田 宋 郝 贾 胡 任 武 梁 包 鲍 海")
    private static let men = list("国 建 志 文 明 海 军 强 勇 峰 涛 磊 鹏 波 辉 飞 浩 旭 俊 宏 立 晓 光 远 成 玉")
    private static let women = list("丽 娟 敏 静 燕 艳 红 霞 洁 颖 萍 玲 慧 婷 雪 春 晓 冬 秀 英 兰 凤 梅 桂 荣 芳")
    private static let mongolianMen = list("巴特尔 苏和 那顺 孟和 朝鲁 宝音 阿古拉 特木尔 毕力格 达来 哈斯 图门 青格勒 赛音 伊德尔")
    private static let mongolianWomen = list("其其格 萨仁 娜仁花 高娃 斯琴 塔娜 乌云 托娅 萨如拉 乌日娜 格日勒 敖登 通拉嘎 琪琪格 图雅")
}
