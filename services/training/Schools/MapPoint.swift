import Foundation
import SocialDomain

/// A place on the map, in millionths of a degree (WGS 84), as the tables keep it.
struct MapPoint: Hashable, Sendable {
    let latitude: Int64
    let longitude: Int64

    /// Nil where a degree does not exist.
    init?(latitude: Int64, longitude: Int64) {
        guard (-90_000_000...90_000_000).contains(latitude), (-180_000_000...180_000_000).contains(longitude) else {
            return nil
        }
        self.latitude = latitude
        self.longitude = longitude
    }

    /// From degrees as they are typed, `42.2570` and `118.9660`.
    init?(latitude: String, longitude: String) {
        guard let north = Double(TextForm.folded(latitude)), let east = Double(TextForm.folded(longitude)),
            abs(north) <= 90, abs(east) <= 180
        else { return nil }
        self.init(latitude: Int64((north * 1e6).rounded()), longitude: Int64((east * 1e6).rounded()))
    }

    /// `42.257`
    static func degrees(_ millionths: Int64) -> String {
        var text = String(format: "%.6f", Double(millionths) / 1e6)
        while text.hasSuffix("0") { text.removeLast() }
        if text.hasSuffix(".") { text.removeLast() }
        return text
    }
}
