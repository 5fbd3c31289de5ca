import ServiceKit

/// Where the leagues and cities of Inner Mongolia lie, as tiles from west to east and north to south.
enum LeagueMap {
    struct Place: Sendable {
        let column: Int
        let row: Int
        let zh: String
        let en: String
    }

    static let places: [String: Place] = [
        "1507": Place(column: 6, row: 0, zh: "呼伦贝尔", en: "Hulunbuir"),
        "1525": Place(column: 4, row: 1, zh: "锡林郭勒", en: "Xilingol"),
        "1522": Place(column: 6, row: 1, zh: "兴安", en: "Hinggan"),
        "1529": Place(column: 0, row: 2, zh: "阿拉善", en: "Alxa"),
        "1508": Place(column: 1, row: 2, zh: "巴彦淖尔", en: "Bayannur"),
        "1502": Place(column: 2, row: 2, zh: "包头", en: "Baotou"),
        "1501": Place(column: 3, row: 2, zh: "呼和浩特", en: "Hohhot"),
        "1509": Place(column: 4, row: 2, zh: "乌兰察布", en: "Ulanqab"),
        "1504": Place(column: 5, row: 2, zh: "赤峰", en: "Chifeng"),
        "1505": Place(column: 6, row: 2, zh: "通辽", en: "Tongliao"),
        "1503": Place(column: 1, row: 3, zh: "乌海", en: "Wuhai"),
        "1506": Place(column: 2, row: 3, zh: "鄂尔多斯", en: "Ordos"),
    ]
}
