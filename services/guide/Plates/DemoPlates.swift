import ServiceKit
import SocialDomain
import Storage

/// A few plates of the demonstration's district; names, addresses and phones are made up.
enum DemoPlates {
    private static let rows: [(Plate.Kind, String, String, String, String, Double, Double)] = [
        (.hall, "红山区政务服务中心（演示）", "", "演示地址：红山区钢铁街1号", "150402", 118.9660, 42.2570),
        (.hall, "站前街道便民服务中心（演示）", "", "演示地址：站前街 2 号", "150402006", 118.9780, 42.2690),
        (.village, "演示一村便民服务站", "", "演示地址：一村村委会", "150402100201", 119.0210, 42.3010),
        (.village, "演示二村便民服务站", "", "演示地址：二村村委会", "150402100202", 119.0460, 42.3150),
        (.shop, "演示面馆", "餐饮", "演示地址：钢铁街 21 号", "150402001", 118.9685, 42.2590),
        (.shop, "演示理发店", "理发", "演示地址：钢铁街 23 号", "150402001", 118.9690, 42.2592),
        (.shop, "演示小卖部", "小卖部、烟草", "演示地址：三中街 5 号", "150402001", 118.9721, 42.2617),
        (.shop, "演示药店", "药店", "演示地址：三中街 9 号", "150402001", 118.9729, 42.2621),
        (.shop, "演示幼儿园", "幼儿园", "演示地址：火花路 12 号", "150402006", 118.9770, 42.2655),
        (.shop, "演示修车铺", "修车", "演示地址：火花路 30 号", "150402006", 118.9794, 42.2671),
    ]

    /// Codes are drawn from a seed, so that the demonstration's plates are the same everywhere.
    private struct Seeded: RandomNumberGenerator {
        var state: UInt64 = 624

        mutating func next() -> UInt64 {
            // SplitMix64.
            state &+= 0x9E37_79B9_7F4A_7C15
            var value = state
            value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
            value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
            return value ^ value >> 31
        }
    }

    /// Makes them where there is no plate yet.
    static func load(into database: Database, at time: String) throws {
        try database.writeBlocking { db in
            guard try db.first("SELECT 1 AS one FROM plate LIMIT 1") == nil else { return }
            var generator = Seeded()
            for (kind, name, trade, address, digits, longitude, latitude) in rows {
                guard let division = DivisionCode(digits) else { continue }
                let code = PlateCode.random(using: &generator)
                try PlateStore.insert(
                    PlateContent(
                        kind: kind, name: name, trade: trade, address: address, division: division,
                        position: Position(longitude: longitude, latitude: latitude), helperName: "演示协理员",
                        helperPhone: "0476-5550624"), code: code, at: time, in: db)
            }
        }
    }
}
