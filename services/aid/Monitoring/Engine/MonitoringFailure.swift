import Tabular

/// Why a run ends without a result; nothing is written then.
enum MonitoringFailure: Error, Equatable {
    /// A folder or a file that the run needs is not there.
    case noInput(path: String, detail: String)
    /// A file of the register cannot be used; `field` is empty where none is meant.
    case refusedRegister(file: String, reason: RefusalReason, field: String)
    /// The register has more people or text than a run can hold.
    case registerTooLarge
    case readFailed(ReadFault)
    case cannotWrite(path: String, detail: String)
    case writeFailed(path: String, detail: String)
    case stopped

    /// The exit code of `aid-service monitor` (sysexits.h; 130 as shells count an interrupt).
    var exitCode: Int32 {
        switch self {
        case .refusedRegister, .registerTooLarge: 65
        case .noInput: 66
        case .cannotWrite: 73
        case .readFailed, .writeFailed: 74
        case .stopped: 130
        }
    }
}

extension MonitoringFailure: CustomStringConvertible {
    var description: String {
        switch self {
        case .noInput(let path, let detail):
            "nothing to read at \(path): \(detail) (没有可读取的输入，请检查路径)"
        case .refusedRegister(let file, let reason, let field):
            "the register file \(file) cannot be used: \(reason.english(field)) "
                + "(名册文件 \(file) 无法使用：\(reason.chinese(field)))"
        case .registerTooLarge:
            "the register is too large for one run: at most 2^31 people and 4 GiB of text (名册过大)"
        case .readFailed(let fault):
            fault.description
        case .cannotWrite(let path, let detail):
            "cannot write to \(path): \(detail) (无法写入，请检查目录权限)"
        case .writeFailed(let path, let detail):
            "writing \(path) failed midway: \(detail); nothing was left behind "
                + "(写入中途失败，未留下不完整的结果，请检查磁盘空间)"
        case .stopped:
            "stopped; nothing was written (已停止，未写入任何结果)"
        }
    }
}

/// Why a whole file is not used.
enum RefusalReason: String, Sendable, Codable {
    case encoding
    case syntax
    case unreadable
    case duplicateColumn = "duplicate_column"
    case missingColumn = "missing_column"

    func english(_ field: String) -> String {
        switch self {
        case .encoding: "its bytes are neither UTF-8 nor GB18030; export it again"
        case .syntax: "its header is not CSV; look at its quotes"
        case .unreadable: "it is no XLSX workbook that can be opened; save it again without a password"
        case .duplicateColumn: "two columns stand for \(field); rename or delete one"
        case .missingColumn: field.isEmpty ? "it is empty" : "it has no column \(field); add it or rename its heading"
        }
    }

    func chinese(_ field: String) -> String {
        switch self {
        case .encoding: "编码既不是 UTF-8 也不是 GB18030，请重新导出"
        case .syntax: "表头不是合法的 CSV，请检查引号"
        case .unreadable: "不是可以打开的 XLSX 工作簿，请去掉密码后重新保存"
        case .duplicateColumn: "有两列都表示 \(field)，请改名或删除其一"
        case .missingColumn: field.isEmpty ? "文件为空" : "缺少列 \(field)，请补上或改表头"
        }
    }
}
