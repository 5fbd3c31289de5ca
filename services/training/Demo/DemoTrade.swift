/// A trade that the demonstration's schools teach, by its code of the classification of 2022.
struct DemoTrade {
    let code: String
    let title: String
    let isDomestic: Bool
    /// Of eight hours.
    let days: Int
    let level: SkillLevel
    /// Yuan a person, the price and the standard of the subsidy.
    let price: Int64
    let wish: WorkWish
    /// Of a hundred learners.
    let women: Int
    /// Yuan a month.
    let pay: ClosedRange<Int64>

    static let all: [DemoTrade] = [
        .init("4-10-01-06", "家政服务员", true, 5, .junior, 1000, .leaving, 95, 4200...6500),
        .init("4-10-01-01", "育婴员", true, 7, .junior, 1500, .leaving, 98, 5500...8800),
        .init("4-10-01-05", "养老护理员", true, 7, .junior, 1400, .any, 88, 3800...5600),
        .init("4-10-01-03", "保育师", false, 7, .junior, 1400, .staying, 96, 3200...4500),
        .init("6-29-01-01", "砌筑工", false, 5, .junior, 1200, .leaving, 6, 6000...9000),
        .init("6-29-01-04", "钢筋工", false, 5, .junior, 1200, .leaving, 8, 6200...9000),
        .init("6-18-02-04", "焊工", false, 10, .junior, 2200, .leaving, 5, 6500...10_000),
        .init("6-31-01-03", "电工", false, 10, .junior, 2000, .any, 7, 4800...7500),
        .init("6-30-05-05", "挖掘铲运和桩工机械司机", false, 10, .special, 2400, .leaving, 4, 6500...9500),
        .init("4-12-01-01", "汽车维修工", false, 10, .intermediate, 2000, .any, 6, 4500...7000),
        .init("5-05-05-02", "农机修理工", false, 7, .junior, 1500, .staying, 5, 3800...5500),
        .init("4-03-02-01", "中式烹调师", false, 10, .junior, 1800, .any, 45, 4200...7000),
        .init("4-03-02-02", "中式面点师", false, 7, .junior, 1500, .any, 68, 3600...5500),
        .init("4-03-01-02", "客房服务员", false, 5, .junior, 900, .staying, 90, 3000...4200),
        .init("4-07-05-01", "保安员", false, 5, .junior, 800, .leaving, 12, 3200...4800),
        .init("4-02-06-03", "物流服务师", false, 5, .junior, 1000, .leaving, 35, 4000...6500),
        .init("4-02-07-08", "快递员", false, 5, .special, 700, .staying, 15, 4000...7000),
        .init("4-01-06-02", "互联网营销师", false, 7, .junior, 1500, .staying, 62, 3500...7000),
        .init("5-03-02-01", "家畜饲养员", false, 5, .junior, 900, .staying, 40, 3200...4800),
        .init("6-05-01-03", "缝纫工", false, 7, .junior, 1300, .staying, 92, 3200...4800),
        .init("6-09-03-17", "民间工艺品制作工", false, 7, .special, 1200, .staying, 80, 2600...4500),
    ]

    private init(
        _ code: String, _ title: String, _ isDomestic: Bool, _ days: Int, _ level: SkillLevel, _ price: Int64,
        _ wish: WorkWish, _ women: Int, _ pay: ClosedRange<Int64>
    ) {
        self.code = code
        self.title = title
        self.isDomestic = isDomestic
        self.days = days
        self.level = level
        self.price = price
        self.wish = wish
        self.women = women
        self.pay = pay
    }

    /// Indices of `all`, by what a school is for.
    static let fields: [(school: String, rooms: [[Int]])] = [
        ("家政职业培训学校", [[0], [1], [0, 1], [2]]),
        ("康养护理培训中心", [[2], [0, 2], [1], [3]]),
        ("建筑职业培训学校", [[4], [5], [6], [7]]),
        ("机械驾驶培训学校", [[8], [9], [10], [6]]),
        ("餐饮职业培训学校", [[11], [12], [13], [11, 12]]),
        ("电商物流培训学校", [[17], [15], [16], [14]]),
        ("乡村产业培训中心", [[18], [19], [20], [17]]),
        ("就业培训中心", [[0, 2], [14, 13], [7, 9], [19, 12]]),
    ]
}
