import SocialDomain

/// What the county decides about subsidies, with the defaults that hold where it says nothing.
///
/// - `livingPerDay`: the living allowance of a low-income learner for a day attended; 50.00 yuan.
/// - `livingDays`: days of it at most for one class; 30.
/// - `noticeDays`: calendar days of public notice, the day on which it is put up not counted; 7.
struct SubsidySettings: Hashable, Sendable {
    var livingPerDay = Money(fen: 50_00)
    var livingDays: Int64 = 30
    var noticeDays = 7

    /// Hours attended of a hundred hours held.
    static let attendanceShare: Int64 = 80
    /// Subsidies for one person in a calendar year; the schema has as many slots.
    static let mostAYear = 3
}
