import SocialDomain
import Storage

/// What looks odd in a class's attendance, for the reviewer beside the claim. It does not change the sheet.
struct AttendanceSignals: Hashable, Sendable {
    /// Devices that signed in more than one learner in one session.
    var sharedDevices: Int64 = 0
    /// Sessions in which three or more signed in by code within the same second.
    var identicalSeconds: Int64 = 0
    /// Marks of the teacher or of a sheet that were entered after the session's day.
    var lateMarks: Int64 = 0

    var isEmpty: Bool { sharedDevices == 0 && identicalSeconds == 0 && lateMarks == 0 }

    static func read(classID: Int64, in db: Connection) throws -> AttendanceSignals {
        func count(_ sql: SQL) throws -> Int64 { try db.first(sql)?.get("n") ?? 0 }
        return AttendanceSignals(
            sharedDevices: try count(
                """
                SELECT count(DISTINCT device_digest) AS n FROM (
                    SELECT a.device_digest FROM attendance a
                    WHERE a.class_id = \(classID) AND a.device_digest IS NOT NULL
                    GROUP BY a.session_id, a.device_digest HAVING count(*) > 1) d
                """),
            identicalSeconds: try count(
                """
                SELECT count(DISTINCT session_id) AS n FROM (
                    SELECT a.session_id FROM attendance a WHERE a.class_id = \(classID) AND a.source = 'code'
                    GROUP BY a.session_id, substr(a.marked_at, 1, 19) HAVING count(*) >= 3) s
                """),
            lateMarks: try count(
                "SELECT count(*) AS n FROM attendance a WHERE a.class_id = \(classID) AND a.is_marked_late = 1"))
    }

    var sentences: [LocalizedText] {
        var all: [LocalizedText] = []
        if sharedDevices > 0 {
            all.append(
                LocalizedText(
                    zh: "\(sharedDevices) 台设备在同一节课为多人签到",
                    en: "\(sharedDevices) devices signed in several learners at one session"))
        }
        if identicalSeconds > 0 {
            all.append(
                LocalizedText(
                    zh: "\(identicalSeconds) 节课有三人以上同一秒签到",
                    en: "\(identicalSeconds) sessions with three or more sign-ins in the same second"))
        }
        if lateMarks > 0 {
            all.append(LocalizedText(zh: "\(lateMarks) 条考勤在上课日之后补录", en: "\(lateMarks) marks entered after the day"))
        }
        return all
    }
}
