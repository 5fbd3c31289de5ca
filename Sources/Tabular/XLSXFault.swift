import Glibc

/// Why a workbook cannot be read.
package enum XLSXFault: Error, Hashable, Sendable {
    /// The operating system would not open or read the file; an `errno`.
    case unreadable(code: Int32)
    /// The file changed while it was read.
    case changed
    /// The file has no bytes.
    case emptyFile
    /// The bytes are no zip file.
    case notAZip
    /// The workbook is in Excel's format of before 2007.
    case oldFormat
    /// The file begins as a zip file and stops before its directory.
    case truncated
    /// A part, or the directory (`part` is empty), cannot be unpacked, or its checksum is wrong.
    case damaged(part: String)
    /// The workbook has a password, of Excel or of the zip file.
    case encrypted
    /// The workbook asks for more than the limits allow.
    case zipBomb(XLSXLimit)
    /// A part that every workbook has is absent; the zip file is something else.
    case missingPart(String)
    /// No sheet of this name; nil: no sheet at all.
    case noSheet(String?)
    /// A part breaks the rules of XML or of spreadsheets at this line.
    case malformedXML(part: String, line: Int, XMLDefect)
}

/// What is wrong in a part's XML.
package enum XMLDefect: String, Hashable, Sendable {
    case syntax = "not well-formed"
    case encoding = "not valid UTF-8 or UTF-16"
    case documentType = "a document type declaration"
    case depth = "elements nested too deeply"
    case tagTooLong = "a tag that is too long"
    case unfinished = "it ends too early"
    case reference = "a cell reference that is wrong"
    case rowNumber = "a row number that is wrong"
    case sharedString = "a shared string that does not exist"

    var chinese: String {
        switch self {
        case .syntax: "格式不正确"
        case .encoding: "不是有效的 UTF-8 或 UTF-16"
        case .documentType: "含有文档类型声明"
        case .depth: "元素嵌套过深"
        case .tagTooLong: "标签过长"
        case .unfinished: "提前结束"
        case .reference: "单元格位置有误"
        case .rowNumber: "行号有误"
        case .sharedString: "引用的共享字符串不存在"
        }
    }
}

extension XLSXFault: CustomStringConvertible {
    package var description: String { english }

    /// One sentence that says what is wrong, one that says what to do.
    package var english: String {
        switch self {
        case .unreadable(let code):
            "The file cannot be read: \(Self.systemMessage(code)). Check that it exists and may be read."
        case .changed:
            "The file was changed while it was read. Wait until it is complete, then try again."
        case .emptyFile:
            "The file is empty. Save the workbook again and hand over the new file."
        case .notAZip:
            "This is not an XLSX workbook. Save it as Excel Workbook (.xlsx), or as CSV under a name ending in .csv."
        case .oldFormat:
            "This is a workbook in the old XLS format. Open it and save it as Excel Workbook (.xlsx)."
        case .truncated:
            "The workbook is cut short. Copy or download it again."
        case .damaged(let part):
            "The workbook is damaged\(part.isEmpty ? "" : " in \(part)"). Copy it again, or open it in a spreadsheet "
                + "program and save it anew."
        case .encrypted:
            "The workbook is protected by a password. Open it, remove the password and save it again."
        case .zipBomb(let limit):
            "The workbook is larger than allowed (\(limit.rawValue)). Split it into several files, or save it as CSV."
        case .missingPart(let part):
            "The file is a zip file but no workbook: \(part) is missing. Save it as Excel Workbook (.xlsx)."
        case .noSheet(.some(let name)):
            "The workbook has no sheet named \(name). Check the sheet's name."
        case .noSheet(nil):
            "The workbook has no sheet with cells. Check that it is the right file."
        case .malformedXML(let part, let line, let defect):
            "The workbook is broken in \(part), line \(line): \(defect.rawValue). Open it in a spreadsheet program and "
                + "save it anew."
        }
    }

    private static func systemMessage(_ code: Int32) -> String {
        String(cString: strerror(code))
    }

    /// The same in Chinese.
    package var chinese: String {
        switch self {
        case .unreadable(let code): "文件无法读取：\(Self.systemMessage(code))。请检查文件是否存在、是否有读取权限。"
        case .changed: "文件在读取过程中被修改。请等文件写完后重试。"
        case .emptyFile: "文件是空的。请重新保存工作簿后再提交。"
        case .notAZip: "这不是 XLSX 工作簿。请另存为“Excel 工作簿 (.xlsx)”，或另存为 CSV 并以 .csv 结尾命名。"
        case .oldFormat: "这是旧版 XLS 格式的工作簿。请打开后另存为“Excel 工作簿 (.xlsx)”。"
        case .truncated: "工作簿不完整，后半部分缺失。请重新复制或下载。"
        case .damaged(let part):
            "工作簿已损坏\(part.isEmpty ? "" : "（\(part)）")。请重新复制，或用表格软件打开后重新保存。"
        case .encrypted: "工作簿设有密码。请打开后取消密码再保存。"
        case .zipBomb(let limit): "工作簿超过允许的大小（\(limit.rawValue)）。请拆分为多个文件，或另存为 CSV。"
        case .missingPart(let part): "这是压缩文件，但不是工作簿：缺少 \(part)。请另存为“Excel 工作簿 (.xlsx)”。"
        case .noSheet(.some(let name)): "工作簿中没有名为“\(name)”的工作表。请检查工作表名称。"
        case .noSheet(nil): "工作簿中没有可读取的工作表。请检查是否选错了文件。"
        case .malformedXML(let part, let line, let defect):
            "工作簿内容有误（\(part) 第 \(line) 行：\(defect.chinese)）。请用表格软件打开后重新保存。"
        }
    }
}
