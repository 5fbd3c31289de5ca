import Foundation
import SocialDomain

#if canImport(Glibc)
    import Glibc
#endif

/// Why a file or folder could not be read or written.
enum FileFault: ExplainedFault, Hashable {
    case diskFull(path: String)
    case readOnly(path: String)
    case notPermitted(path: String)
    case missing(path: String)
    case notAFolder(path: String)
    case other(errno: Int32, path: String)

    init(errno: Int32, path: String) {
        self =
            switch errno {
            case ENOSPC, EDQUOT: .diskFull(path: path)
            case EROFS: .readOnly(path: path)
            case EACCES, EPERM: .notPermitted(path: path)
            case ENOENT: .missing(path: path)
            case ENOTDIR, EEXIST: .notAFolder(path: path)
            default: .other(errno: errno, path: path)
            }
    }

    /// From what Foundation throws: the system's own number stands beneath.
    init(_ error: any Error, path: String) {
        if let fault = error as? FileFault {
            self = fault
        } else if let number = Self.systemNumber(of: error as NSError) {
            self.init(errno: number, path: path)
        } else {
            self = .other(errno: EIO, path: path)
        }
    }

    private static func systemNumber(of error: NSError) -> Int32? {
        if error.domain == NSPOSIXErrorDomain { return Int32(error.code) }
        if let beneath = error.userInfo[NSUnderlyingErrorKey] as? NSError {
            return systemNumber(of: beneath)
        }
        switch CocoaError.Code(rawValue: error.code) {
        case .fileWriteOutOfSpace: return ENOSPC
        case .fileWriteVolumeReadOnly: return EROFS
        case .fileWriteNoPermission, .fileReadNoPermission: return EACCES
        case .fileNoSuchFile, .fileReadNoSuchFile: return ENOENT
        case .fileWriteFileExists: return EEXIST
        default: return nil
        }
    }

    var explanation: LocalizedText {
        switch self {
        case .diskFull(let path):
            LocalizedText(
                zh: "磁盘已满，无法写入 \(path)。请清理空间后重试，原有数据未改动。",
                en: "the disk is full: \(path) cannot be written; free some space and try again, nothing was changed")
        case .readOnly(let path):
            LocalizedText(
                zh: "文件系统只读，无法写入 \(path)。", en: "the file system is read-only: \(path) cannot be written")
        case .notPermitted(let path):
            LocalizedText(
                zh: "没有权限访问 \(path)，请用服务所属的账户操作。",
                en: "no permission for \(path): use the account that the service runs under")
        case .missing(let path):
            LocalizedText(zh: "找不到 \(path)。", en: "\(path) does not exist")
        case .notAFolder(let path):
            LocalizedText(zh: "\(path) 不是文件夹，请另选位置。", en: "\(path) is not a folder: choose another place")
        case .other(let number, let path):
            LocalizedText(
                zh: "无法读写 \(path)：\(String(cString: strerror(number)))。",
                en: "\(path) cannot be read or written: \(String(cString: strerror(number)))")
        }
    }
}
