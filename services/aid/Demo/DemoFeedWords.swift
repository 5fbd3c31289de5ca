/// The words that departments' extracts are filled with.
struct DemoFeedWords: Sendable {
    let leagues = DemoTexts("呼和浩特市 包头市 乌海市 赤峰市 通辽市 鄂尔多斯市 呼伦贝尔市 巴彦淖尔市 乌兰察布市 兴安盟 锡林郭勒盟 阿拉善盟")
    let hospitals = DemoTexts("人民医院 中心医院 第二医院 蒙医医院 妇幼保健院 中医院")
    let diagnoses = DemoTexts("高血压 2型糖尿病 冠心病 脑梗死 慢阻肺 肺炎 类风湿关节炎 布鲁氏菌病 白内障 阑尾炎 股骨骨折 慢性肾功能不全 尿毒症透析 肝硬化 胃恶性肿瘤 肺恶性肿瘤")
    let quotedDiagnoses = DemoTexts(["高血压,3级", "肺占位,待查", "他诉\"头晕\"三日", "骨折术后,复查", "糖尿病,\"足\"病变"])
    let disabilities = DemoTexts("视力 听力 言语 肢体 智力 精神 多重")
    let levels = DemoTexts("一级 二级 三级 四级")
    let stages = DemoTexts("小学 初中 高中 中职 大专 本科 研究生")
    let schools = [
        DemoTexts("实验小学 第一小学 蒙古族小学 铁路小学 中心校"), DemoTexts("第二中学 第四中学 蒙古族中学 实验中学"),
        DemoTexts("第一中学 蒙古族高级中学 田家营高中"), DemoTexts("职业技术学校 民族职业高中"), DemoTexts("职业技术学院 农牧职业学院"),
        DemoTexts("民族大学 理工学院 师范学院"), DemoTexts("农牧大学研究生院 医学院研究生部"),
    ]
    let statuses = DemoTexts("在业 失业 退休")
    let vehicles = DemoTexts("小型轿车 小型普通客车 轻型货车 正三轮摩托车 重型半挂牵引车")
    let uses = DemoTexts("住宅 车库 商业 办公")
    let companyNames = DemoTexts("草原 绿野 金泰 鑫源 富民 蓝天 苍狼 敖包 兴牧 云杉")
    let trades = DemoTexts("农牧业专业合作社 商贸有限公司 运输有限公司 建筑工程有限公司 餐饮服务部 乳业有限公司")
    let roles = DemoTexts("法定代表人 股东 个体工商户经营者 监事")
    let accidents = DemoTexts("交通事故 火灾 工伤 高处坠落 溺水 煤气中毒 牲畜伤人")
    let severities = DemoTexts("轻微 一般 重大")
    let departments = DemoTexts("民政局 医疗保障局 人力资源和社会保障局 残联 教育体育局 住房和城乡建设局 应急管理局 总工会 红十字会")
    let programs = DemoTexts("最低生活保障 医疗救助 临时救助 残疾人两项补贴 高龄津贴 特困供养 教育救助 就业救助 住房救助 受灾人员救助")

    /// Digits and letters without I, O and Q. 33 signs.
    static let plateSigns: [UInt8] = Array("0123456789ABCDEFGHJKLMNPRSTUVWXYZ".utf8)
}

/// Unified social credit codes (GB 32100-2015) of companies that do not exist.
enum DemoCreditCode {
    /// 31 signs, their places being their values.
    private static let signs: [UInt8] = Array("0123456789ABCDEFGHJKLMNPQRTUWXY".utf8)
    private static let organizationWeights = [3, 7, 9, 10, 5, 8, 4, 2]

    /// 91 (a company), the county, `MA`, six signs and a check sign (GB 11714-1997), and the check sign of all.
    static func write(county: UInt64, organization: UInt64, to output: DemoBytes) {
        var values = [9, 1]
        values.reserveCapacity(17)
        var divisor: UInt64 = 100_000
        while divisor > 0 {
            values.append(Int(county / divisor % 10))
            divisor /= 10
        }
        // M and A of the 31 signs.
        values += [21, 10]
        var rest = organization
        for _ in 0..<6 {
            values.append(Int(rest % 31))
            rest /= 31
        }
        var sum = 0
        for place in 0..<8 {
            // The organization code counts its letters by the whole alphabet, A 10 … Z 35.
            let sign = signs[values[8 + place]]
            sum += (sign < 0x3A ? Int(sign) - 0x30 : Int(sign) - 0x37) * organizationWeights[place]
        }
        // A check value of 10 is written X, of 11 as 0.
        let check = 11 - sum % 11
        values.append(check == 11 ? 0 : check == 10 ? 29 : check)
        var weight = 1
        var total = 0
        for value in values {
            total += value * weight
            weight = weight * 3 % 31
        }
        for value in values {
            output.append(signs[value])
        }
        output.append(signs[(31 - total % 31) % 31])
    }
}
