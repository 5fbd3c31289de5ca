/// A made-up name as indices into the word lists: cheap to derive, to compare and to write.
struct DemoName: Hashable, Sendable {
    enum Style: UInt8 {
        case han
        case mongolian
        /// A clan or the father's name, a middle dot, the own name.
        case mongolianWithClan
    }

    var style: Style
    var isMale: Bool
    var generation: UInt8
    var family: UInt16
    var first: UInt16
    /// `DemoName.none` where the given name has one character.
    var second: UInt16

    static let none: UInt16 = .max
}

/// The dot in a Mongolian name as the registers and departments type it.
enum DemoDot: Int, CaseIterable {
    case middle
    case bullet
    case katakana
    case halfWidthKatakana
    case fullWidthStop
    case hyphenation
    case stop
    case spaced
    case absent
}

/// The lists that names are drawn from, Han and Mongolian; frequent names come first.
struct DemoNames: Sendable {
    private let surnames = DemoTexts(
        """
        王 李 张 刘 赵 杨 陈 孙 高 白 马 周 韩 郭 徐 吴 于 田 宋 郝 贾 胡 任 武 梁 何 罗 朱 郑 谢 冯 董 袁 程 曹 邓 许 傅 沈 曾 彭 吕 苏 卢 蒋
        蔡 魏 薛 叶 阎 余 潘 杜 戴 夏 钟 汪 姜 范 石 姚 谭 邹 熊 金 陆 孔 崔 康 毛 邱 秦 江 史 顾 侯 邵 孟 龙 万 段 雷 钱 汤 尹 黎 易 常 乔 贺
        赖 龚 文 云 包 席 鲍 海 欧阳 上官 诸葛
        """)
    private let given = [
        DemoTexts("国 建 德 福 生 文 明 志 贵 庆 永 成 忠 发 财 玉 林 山 海 义 祥 柱 有 全 宝 金 万 喜 长 仁"),
        DemoTexts("秀 英 兰 桂 花 凤 珍 玉 梅 翠 香 淑 芝 荣 琴 芬 莲 霞 巧 素 云 爱 春 菊 娥 枝 月 彩 清 华"),
        DemoTexts("伟 军 强 勇 峰 刚 斌 涛 超 磊 杰 鹏 波 辉 飞 亮 东 平 利 浩 旭 新 俊 宏 立 晓 红 光 卫 远"),
        DemoTexts("丽 娟 敏 静 燕 艳 红 霞 洁 颖 萍 玲 娜 慧 莉 婷 晶 雪 琳 倩 春 晓 立 海 冬 俊 小 文 志 美"),
        DemoTexts("浩 轩 宇 泽 子 梓 博 晨 睿 嘉 俊 一 天 佑 辰 昊 铭 奕 皓 然 旺 凯 思 远 鑫 航 翔 瑞 逸 洋"),
        DemoTexts("涵 怡 欣 梓 雨 诗 思 佳 琪 萱 雅 妍 彤 可 馨 悦 依 诺 梦 瑶 语 嘉 晨 宁 曦 若 子 艺 一 童"),
    ]
    private let mongolianMale = DemoTexts(
        """
        巴特尔 苏和 布和 那顺 孟和 朝鲁 呼和 宝音 白音 阿古拉 特木尔 恩和 额尔敦 阿木古楞 吉日嘎拉 毕力格 朝格图 达来 满都拉 德力格尔 哈斯
        陶格陶 查干 乌力吉 巴雅尔 布仁 图门 青格勒 苏日塔拉图 赛音 那木拉 敖日格勒 阿斯尔 伊德尔 呼格吉勒 希日莫 敖特根 宝力道
        """)
    private let mongolianFemale = DemoTexts(
        """
        其其格 萨仁 乌兰图雅 娜仁花 高娃 斯琴 塔娜 乌云 托娅 苏日娜 萨如拉 阿茹娜 乌日娜 格日勒 敖登 阿拉坦 那仁 德力格尔 哈斯 乌仁 通拉嘎
        琪琪格 阿丽玛 莎日娜 娜布其 海日 金花 乌尼日 萨日盖 塔拉 其木格 图雅 达古拉 代小 牡兰 赛罕
        """)
    private let clans = DemoTexts(
        """
        乌梁海 巴林 翁牛特 乌珠穆沁 苏尼特 扎赉特 克什克腾 鄂尔多斯 茂明安 杜尔伯特 达尔罕 阿巴嘎 奈曼 巴尔虎 孛儿只斤 土默特 察哈尔 郭尔罗斯
        """)
    /// Written between a clan and a name, in the order of `DemoDot`.
    private let dots = DemoTexts(["·", "•", "・", "･", "．", "‧", ".", " · ", ""])

    func draw(_ random: inout DemoRandom, isMale: Bool, birthYear: Int, family: DemoFamilyName) -> DemoName {
        let generation = UInt8(birthYear < 1970 ? 0 : birthYear < 1998 ? 1 : 2)
        var name = DemoName(
            style: .han, isMale: isMale, generation: generation, family: 0, first: 0, second: DemoName.none)
        switch family {
        case .han(let surname):
            let list = given[Int(generation) * 2 + (isMale ? 0 : 1)]
            name.family = surname
            name.first = UInt16(random.below(list.count))
            let second = random.below(list.count * 5 / 4)
            name.second = second < list.count ? UInt16(second) : DemoName.none
        case .mongolian:
            name.style = .mongolian
            name.first = UInt16(random.skewed(isMale ? mongolianMale.count : mongolianFemale.count))
            if random.chance(2800) {
                name.style = .mongolianWithClan
                name.family = UInt16(random.below(clans.count + mongolianMale.count))
            }
        }
        return name
    }

    func drawSurname(_ random: inout DemoRandom) -> UInt16 {
        UInt16(min(random.skewed(surnames.count), random.below(surnames.count)))
    }

    func write(_ name: DemoName, dot: DemoDot = .middle, to output: DemoBytes) {
        switch name.style {
        case .han:
            surnames.write(Int(name.family), to: output)
            let list = given[Int(name.generation) * 2 + (name.isMale ? 0 : 1)]
            list.write(Int(name.first), to: output)
            if name.second != DemoName.none {
                list.write(Int(name.second), to: output)
            }
        case .mongolian, .mongolianWithClan:
            if name.style == .mongolianWithClan {
                let family = Int(name.family)
                if family < clans.count {
                    clans.write(family, to: output)
                } else {
                    mongolianMale.write(family - clans.count, to: output)
                }
                dots.write(dot.rawValue, to: output)
            }
            (name.isMale ? mongolianMale : mongolianFemale).write(Int(name.first), to: output)
        }
    }
}

/// What the members of a household share of their names: Mongolians carry no surname.
enum DemoFamilyName: Hashable {
    case han(UInt16)
    case mongolian
}
