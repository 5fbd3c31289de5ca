import Foundation
import SocialDomain
import Storage
import Testing

@testable import AidService

struct FeedsLibraryTests {
    private let data: SampleData
    private let database: AidDatabase
    private let library: FeedLibrary

    init() throws {
        data = try SampleData()
        database = try data.database()
        library = FeedLibrary(database: database)
    }

    private func takeIn(_ text: String, as name: String = "relief-2026.csv") throws -> FeedReceipt {
        try library.takeIn(file: try data.write(text, to: "in/\(name)"), through: .command)
    }

    @Test func `an extract is kept under its own name, for its owner only, with its digest`() throws {
        let receipt = try takeIn("abc")

        guard case .added(let record) = receipt else {
            Issue.record("not added: \(receipt)")
            return
        }
        #expect(record.feed == "relief")
        #expect(record.bytes == 3)
        #expect(record.sha256 == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(record.importedThrough == "command")
        #expect(try data.names(in: data.folder.feeds) == ["relief-2026.csv"])
        #expect(try data.mode(of: data.folder.feeds + "/relief-2026.csv") == 0o600)
        #expect(try library.files().map(\.name) == ["relief-2026.csv"])
    }

    @Test func `the same bytes again change nothing`() throws {
        _ = try takeIn("abc")

        let again = try takeIn("abc")

        guard case .unchanged = again else {
            Issue.record("changed: \(again)")
            return
        }
        #expect(try library.history().count == 1)
        #expect(try data.names(in: data.folder.feeds) == ["relief-2026.csv"])
    }

    @Test func `other bytes of the same name take its place and the history stays`() throws {
        _ = try takeIn("abc")

        let receipt = try takeIn("abcd")

        guard case .replaced = receipt else {
            Issue.record("not replaced: \(receipt)")
            return
        }
        #expect(try data.text(of: data.folder.feeds + "/relief-2026.csv") == "abcd")
        #expect(try library.current().map(\.bytes) == [4])
        #expect(try library.history().map(\.replacedAt) == [nil, "2026-06-30T08:00:00Z"])
        #expect(try data.names(in: data.folder.feeds) == ["relief-2026.csv"])
    }

    @Test func `a removed extract is no longer read and stays in the history`() throws {
        _ = try takeIn("abc")

        try library.remove("relief-2026.csv")

        #expect(try library.files().isEmpty)
        #expect(try library.history().map(\.replacedAt) == ["2026-06-30T08:00:00Z"])
        #expect(try data.names(in: data.folder.feeds).isEmpty)
    }

    @Test func `what is not in cannot be removed`() throws {
        #expect(throws: FeedRefusal.missing(file: "relief.csv")) { try library.remove("relief.csv") }
    }

    @Test func `a file of no known kind is refused`() throws {
        let refusal = #expect(throws: FeedRefusal.self) { try takeIn("abc", as: "weather.csv") }

        guard case .unknownKind(let file, _) = refusal else {
            Issue.record("another refusal: \(String(describing: refusal))")
            return
        }
        #expect(file == "weather.csv")
        #expect(try data.names(in: data.folder.feeds).isEmpty)
    }

    @Test(arguments: ["", ".hidden.csv", "..", "relief\n.csv", "relief\u{202E}.csv", "relief/", "relief\u{0}.csv"])
    func `a name that is no plain file name is refused`(name: String) {
        #expect(throws: FeedRefusal.unsafeName) { try FeedName(name) }
    }

    @Test(arguments: [
        ("../../relief.csv", "relief.csv"), ("C:\\extracts\\relief.csv", "relief.csv"), ("救助.csv", "救助.csv"),
    ])
    func `of a path only the last part is used`(path: String, name: String) throws {
        #expect(try FeedName(path).text == name)
    }

    @Test func `a name of more than 200 bytes is refused`() {
        #expect(throws: FeedRefusal.unsafeName) { try FeedName(String(repeating: "救", count: 70) + ".csv") }
    }

    @Test func `an extract that stops coming in leaves nothing`() throws {
        var intake: FeedIntake? = try library.begin(name: "relief.csv")
        try Array("abc".utf8).withUnsafeBytes { try intake?.append($0) }

        intake = nil

        #expect(try data.names(in: data.folder.feeds).isEmpty)
        #expect(try library.current().isEmpty)
    }

    @Test func `an extract that comes in by parts is one file`() throws {
        let intake = try library.begin(name: "relief.csv")
        for part in ["a", "", "bc"] { try Array(part.utf8).withUnsafeBytes { try intake.append($0) } }

        let receipt = try library.finish(intake, through: .page)

        #expect(receipt.record.sha256 == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(receipt.record.importedThrough == "page")
        #expect(try data.text(of: data.folder.feeds + "/relief.csv") == "abc")
    }

    @Test func `a change that the database refuses brings the file back`() throws {
        _ = try takeIn("abc")
        try database.write { db in
            _ = try db.execute(
                "CREATE TRIGGER refuse BEFORE INSERT ON import BEGIN SELECT raise(ABORT, 'refused'); END")
        }

        #expect(throws: DatabaseFault.self) { try takeIn("abcd") }

        #expect(try data.text(of: data.folder.feeds + "/relief-2026.csv") == "abc")
        #expect(try library.current().map(\.bytes) == [3])
        #expect(try data.names(in: data.folder.feeds) == ["relief-2026.csv"])
    }

    @Test func `after a crash between file and database the file that the database names comes back`() throws {
        _ = try takeIn("abc")
        try data.write("abc", to: "data/feeds/.set-aside-77-relief-2026.csv")
        try data.write("abcd", to: "data/feeds/relief-2026.csv")
        try data.write("half", to: "data/feeds/.incoming-5")

        try library.recover()

        #expect(try data.text(of: data.folder.feeds + "/relief-2026.csv") == "abc")
        #expect(try data.names(in: data.folder.feeds) == ["relief-2026.csv"])
    }

    @Test func `an extract that is still coming in outlives another process's start`() throws {
        let intake = try library.begin(name: "relief.csv")

        try library.recover()

        try Array("abc".utf8).withUnsafeBytes { try intake.append($0) }
        _ = try library.finish(intake, through: .page)
        #expect(try data.text(of: data.folder.feeds + "/relief.csv") == "abc")
    }
}
