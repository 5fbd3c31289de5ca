import Foundation

/// A place on the Earth (WGS 84).
struct EarthPoint: Hashable, Sendable {
    let latitude: Double
    let longitude: Double
    /// The mean radius, in metres (IUGG).
    private static let radius = 6_371_008.8

    init?(latitude: Double, longitude: Double) {
        guard (-90.0...90.0).contains(latitude), (-180.0...180.0).contains(longitude) else { return nil }
        self.latitude = latitude
        self.longitude = longitude
    }

    /// As the database keeps it, in millionths of a degree.
    init?(latitude: Int64?, longitude: Int64?) {
        guard let latitude, let longitude else { return nil }
        self.init(latitude: Double(latitude) / 1e6, longitude: Double(longitude) / 1e6)
    }

    /// Along a great circle, by the haversine formula; within half a percent of the ellipsoid's.
    func metres(to other: EarthPoint) -> Double {
        func radians(_ degrees: Double) -> Double { degrees * .pi / 180 }
        let north = sin(radians(other.latitude - latitude) / 2)
        let east = sin(radians(other.longitude - longitude) / 2)
        let share = north * north + cos(radians(latitude)) * cos(radians(other.latitude)) * east * east
        return 2 * Self.radius * asin(min(1, share.squareRoot()))
    }
}
