import Foundation
import Testing

@testable import AidService

@Suite struct DemoFolderTests {
    @Test func `a folder that holds something else is refused and left alone`() throws {
        let folder = DemoFolder()
        try folder.put("mine", "letters.txt")

        #expect(throws: DemoFailure.folderInUse(path: folder.path, entry: "letters.txt")) {
            try DemoGenerator.sample().write(to: folder.path)
        }

        #expect(try folder.text("letters.txt") == "mine")
        #expect(!folder.has("registry"))
    }

    @Test func `a real register without the demo's marker is refused`() throws {
        let folder = DemoFolder()
        try folder.put("household_id\n", "registry/households.csv")

        #expect(throws: DemoFailure.folderInUse(path: folder.path, entry: "registry")) {
            try DemoGenerator.sample().write(to: folder.path)
        }
    }

    @Test func `an earlier demo is replaced, and what a run wrote beside it stays`() throws {
        let folder = DemoFolder()
        try DemoGenerator.sample(isClean: false).write(to: folder.path)
        try folder.put("alerts", "out/alerts.jsonl")

        try DemoGenerator.sample().write(to: folder.path)

        #expect(!folder.has("feeds/accidents.xlsx"))
        #expect(folder.has("feeds/accidents.csv"))
        #expect(try folder.text("out/alerts.jsonl") == "alerts")
    }

    @Test func `a stranger's file among an earlier demo's feeds is not deleted`() throws {
        let folder = DemoFolder()
        try DemoGenerator.sample().write(to: folder.path)
        try folder.put("mine", "feeds/medical-mine.csv")

        #expect(throws: DemoFailure.folderInUse(path: folder.path, entry: "feeds/medical-mine.csv")) {
            try DemoGenerator.sample().write(to: folder.path)
        }

        #expect(try folder.text("feeds/medical-mine.csv") == "mine")
    }

    @Test func `a place that cannot be written to is named`() throws {
        let folder = DemoFolder()
        try folder.put("a file", "file")

        #expect(throws: DemoFailure.cannotWrite(path: folder.path + "/file/demo", reason: "Not a directory")) {
            try DemoGenerator.sample().write(to: folder.path + "/file/demo")
        }
    }
}
