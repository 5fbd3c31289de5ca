/// The departments' extracts that a demonstration holds, with what the generator must know of their fields.
enum DemoKind: Int, CaseIterable, Sendable {
    case accidents
    case companies
    case deaths
    case disability
    case employment
    case medical
    case property
    case relief
    case schooling
    case vehicles

    var name: String { "\(self)" }

    /// Of a hundred rows of all feeds.
    var share: Int {
        switch self {
        case .medical: 40
        case .employment: 14
        case .relief: 11
        case .property: 9
        case .vehicles: 8
        case .schooling: 6
        case .disability: 5
        case .companies: 3
        case .accidents, .deaths: 2
        }
    }

    /// Of a thousand rows, those about people of the register.
    var matched: Int {
        switch self {
        case .relief: 610
        case .disability: 500
        case .schooling: 310
        case .medical: 262
        case .employment: 206
        case .accidents: 170
        case .property: 115
        case .vehicles: 41
        case .deaths: 38
        case .companies: 31
        }
    }

    var fields: [String] {
        switch self {
        case .medical:
            ["settlement_no", "id_number", "name", "settled_on", "total", "self_paid", "hospital", "diagnosis"]
        case .disability: ["certificate_no", "id_number", "name", "category", "level", "issued_on"]
        case .schooling: ["id_number", "name", "school", "stage", "enrolled_on", "tuition"]
        case .employment: ["id_number", "name", "status", "monthly_wage", "changed_on"]
        case .deaths: ["id_number", "name", "died_on"]
        case .vehicles: ["plate", "id_number", "name", "kind", "registered_on", "price"]
        case .property: ["certificate_no", "id_number", "name", "use", "area", "registered_on"]
        case .companies: ["credit_code", "id_number", "name", "company", "role", "capital", "registered_on"]
        case .accidents: ["case_no", "id_number", "name", "occurred_on", "kind", "severity", "loss"]
        case .relief: ["record_no", "id_number", "name", "department", "program", "amount", "paid_on"]
        }
    }

    /// The headings that Chinese departments use, in the order of `fields`; `id_number` and `name` aside.
    var headings: [String] {
        switch self {
        case .medical: ["结算单号", "", "姓名", "结算日期", "医疗总费用", "个人负担费用", "医疗机构", "诊断"]
        case .disability: ["残疾人证号", "", "姓名", "残疾类别", "残疾等级", "发证日期"]
        case .schooling: ["", "姓名", "学校", "学段", "入学日期", "学年学费"]
        case .employment: ["", "姓名", "就业状态", "月工资", "变更日期"]
        case .deaths: ["", "姓名", "死亡日期"]
        case .vehicles: ["号牌号码", "", "姓名", "车辆类型", "注册日期", "购置价格"]
        case .property: ["不动产权证号", "", "姓名", "用途", "建筑面积", "登记日期"]
        case .companies: ["统一社会信用代码", "", "姓名", "企业名称", "角色", "注册资本", "成立日期"]
        case .accidents: ["事故编号", "", "姓名", "发生日期", "事故类型", "严重程度", "损失金额"]
        case .relief: ["发放编号", "", "姓名", "部门", "救助项目", "金额", "发放日期"]
        }
    }

    var idField: Int {
        switch self {
        case .schooling, .employment, .deaths: 0
        default: 1
        }
    }

    var nameField: Int { idField + 1 }

    var dateField: Int {
        switch self {
        case .medical, .accidents: 3
        case .schooling, .employment, .vehicles: 4
        case .deaths: 2
        case .disability, .property: 5
        case .companies, .relief: 6
        }
    }

    /// The amount that the shipped rules read.
    var moneyField: Int? {
        switch self {
        case .medical, .schooling, .companies: 5
        case .vehicles, .relief: 5
        case .employment: 3
        case .accidents: 6
        case .deaths, .disability, .property: nil
        }
    }

    /// The text that is the key or its first part.
    var keyField: Int? {
        switch self {
        case .schooling: 2
        case .employment, .deaths: nil
        default: 0
        }
    }

    /// A long text that a department writes by hand.
    var freeField: Int? {
        switch self {
        case .medical: 7
        case .companies: 3
        case .relief: 4
        default: nil
        }
    }
}
