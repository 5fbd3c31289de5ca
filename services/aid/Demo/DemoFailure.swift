import SocialDomain

/// Why a demonstration could not be written.
enum DemoFailure: ExplainedFault, Equatable {
    /// The folder holds something else.
    case folderInUse(path: String, entry: String)
    case cannotWrite(path: String, reason: String)

    var explanation: LocalizedText {
        switch self {
        case .folderInUse(let path, let entry):
            LocalizedText(
                zh: "--out \(path) 不是空文件夹，也不是以前生成的演示数据（其中有 \(entry)）；请换一个文件夹",
                en: "--out \(path) is neither empty nor an earlier demo (it holds \(entry)); name another folder")
        case .cannotWrite(let path, let reason):
            LocalizedText(zh: "无法写入 \(path)：\(reason)", en: "cannot write \(path): \(reason)")
        }
    }
}
