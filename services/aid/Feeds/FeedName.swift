import SocialDomain

/// A file name under which an extract may be kept: one plain name that cannot lead out of the folder.
struct FeedName: Hashable, Sendable, CustomStringConvertible {
    let text: String

    /// - Parameter text: the name as it came; what stands before the last slash or backslash is dropped, as some
    ///   browsers send a whole path.
    init(_ text: String) throws(FeedRefusal) {
        let name = text.unicodeScalars.split(omittingEmptySubsequences: false) { $0 == "/" || $0 == "\\" }.last ?? []
        let plain = String(String.UnicodeScalarView(name))
        guard !plain.isEmpty, plain.utf8.count <= 200, !plain.hasPrefix("."),
            plain.unicodeScalars.allSatisfy(Self.isPlain)
        else { throw .unsafeName }
        self.text = plain
    }

    // Control characters, and the invisible ones that make one name look like another.
    private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned, .privateUse: false
        default: true
        }
    }

    var description: String { text }
}

/// Why an extract is not taken in.
enum FeedRefusal: ExplainedFault, Hashable {
    case unsafeName
    /// No feed kind's name begins this one.
    case unknownKind(file: String, kinds: [String])
    case missing(file: String)
    case file(FileFault)

    var explanation: LocalizedText {
        switch self {
        case .unsafeName:
            LocalizedText(
                zh: "文件名不能使用：不能为空、不能以点开头、不能含控制字符，最长 200 字节。请改名后重试。",
                en:
                    "the file name cannot be used: it is empty, begins with a dot, holds control characters or is longer "
                    + "than 200 bytes; rename the file")
        case .unknownKind(let file, let kinds):
            LocalizedText(
                zh: "看不出 \(file) 是哪一类数据。文件名须以数据类别开头、以 .csv 或 .xlsx 结尾，类别有：\(kinds.joined(separator: "、"))。",
                en: "\(file) is of no known kind: a name begins with the kind and ends in .csv or .xlsx; the kinds are "
                    + kinds.joined(separator: ", "))
        case .missing(let file):
            LocalizedText(zh: "没有名为 \(file) 的数据文件。", en: "there is no extract named \(file)")
        case .file(let fault): fault.explanation
        }
    }
}
