/// How names of people are compared and shown.
package enum PersonName {
    /// The form in which two writings of a name are compared: full width folded, white space and every middle dot left
    /// out; case counts. Compare the results with `differ`: `==` on strings would normalise.
    package static func comparisonForm(_ name: some StringProtocol) -> String {
        var form = String.UnicodeScalarView()
        for scalar in name.unicodeScalars {
            let folded = scalar.foldedWidth
            if !folded.isWhiteSpace, !folded.isMiddleDot { form.append(folded) }
        }
        return String(form)
    }

    /// Whether a given name contradicts the registered one: both are there, and their comparison forms differ by code
    /// points. A name of nothing but dots is there.
    package static func differ(_ given: some StringProtocol, from registered: some StringProtocol) -> Bool {
        guard given.unicodeScalars.contains(where: { !$0.isWhiteSpace }),
            registered.unicodeScalars.contains(where: { !$0.isWhiteSpace })
        else { return false }
        return !comparisonForm(given).utf8.elementsEqual(comparisonForm(registered).utf8)
    }

    /// For lists and public notices: the first character, and a star for each that follows (`苏*`, `巴***`); dots and
    /// spaces are not shown. Of a name of one character nothing is shown.
    package static func masked(_ name: some StringProtocol) -> String {
        let characters = comparisonForm(name)
        guard let first = characters.first else { return "" }
        let others = characters.count - 1
        return others == 0 ? "*" : "\(first)" + String(repeating: "*", count: others)
    }
}

extension Unicode.Scalar {
    /// The dots that part a Mongolian or a foreign name, in all the ways in which they are typed; after folding, U+FF0E
    /// is the full stop.
    fileprivate var isMiddleDot: Bool {
        switch value {
        case 0x2E, 0xB7, 0x2022, 0x2027, 0x30FB, 0xFF0E, 0xFF65: true
        default: false
        }
    }
}
