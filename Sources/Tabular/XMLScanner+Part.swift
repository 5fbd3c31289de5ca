extension XMLScanner {
    /// Reads a part of a zip file, in UTF-8 or UTF-16.
    convenience init(_ package: ZipPackage, part: String, budget: UnpackBudget) throws(XLSXFault) {
        let stream = try package.open(part, budget: budget)
        let transcoder = UTF16Transcoder(part: stream.part) { (buffer) throws(XLSXFault) in
            try stream.read(into: buffer)
        }
        try self.init(part: stream.part, textLimit: package.limits.textBytes) { (buffer) throws(XLSXFault) in
            try transcoder.read(into: buffer)
        }
    }

    func integer(_ name: StaticString) -> Int? {
        guard let bytes = attributeBytes(name), bytes.count <= 18 else { return nil }
        return Int(String(decoding: bytes, as: UTF8.self))
    }

    /// `xsd:boolean`, and the `on` of older drafts.
    func boolean(_ name: StaticString) -> Bool {
        guard let bytes = attributeBytes(name) else { return false }
        return ["1", "true", "on"].contains(String(decoding: bytes, as: UTF8.self))
    }
}
