import SocialDomain

extension DivisionTree {
    /// `赤峰市 红山区 西屯街道` as pages say it: a village that has no name here goes without its code, which tells a
    /// reader nothing.
    func placeName(ofDigits digits: String) -> String {
        guard let code = DivisionCode(prefix: digits), code.level > .township,
            let township = code.ancestor(at: .township),
            self[township] != nil
        else { return pathName(ofDigits: digits) }
        return pathName(of: township)
    }
}
