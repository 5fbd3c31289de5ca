import Foundation
import SocialDomain
import Tabular
import Testing

@testable import AidService

@Suite struct DemoGeneratorTests {
    @Test func `a county has its households, persons and rows`() throws {
        let folder = try DemoFolder.clean.get()

        #expect(try folder.rows("registry/households.csv").count == 7400)
        #expect(try folder.rows("registry/persons.csv").count == 10_500)
        let feeds = try FileManager.default.contentsOfDirectory(atPath: folder.path + "/feeds")
        #expect(feeds.count == 13)
        #expect(try feeds.reduce(0) { try $0 + folder.rows("feeds/\($1)").count } == 70_000)
        #expect(try folder.text("rules.yaml") == "version: \"x\"\n")
    }

    @Test func `the larger scales have the sizes of the job`() {
        #expect(DemoScale.district.households == 90_000)
        #expect(DemoScale.district.persons == 200_000)
        #expect(DemoScale.region.households == 900_000)
        #expect(DemoScale.region.persons == 2_000_000)
        #expect(DemoFeedFile.all(isClean: true).reduce(0) { $0 + $1.rows(of: .region).count } == 25_000_000)
    }

    @Test func `the same seed gives the same bytes`() throws {
        let (first, second) = (try DemoFolder.dirty.get(), DemoFolder())

        try DemoGenerator.sample(isClean: false).write(to: second.path)

        let feeds = try FileManager.default.contentsOfDirectory(atPath: first.path + "/feeds").map { "feeds/\($0)" }
        for name in feeds + ["registry/households.csv", "registry/persons.csv"] {
            #expect(try first.bytes(name) == second.bytes(name), "\(name)")
        }
    }

    @Test func `another seed gives other people`() throws {
        let (first, second) = (try DemoFolder.clean.get(), DemoFolder())

        try DemoGenerator.sample(seed: 2).write(to: second.path)

        #expect(try first.bytes("registry/persons.csv") != second.bytes("registry/persons.csv"))
    }

    @Test func `the draws are the same on every machine`() {
        var random = DemoRandom(seed: 7, stream: 3, index: 5)

        let draws = [random.below(1_000_000), random.below(1_000_000)]
        let cost = Int(random.logNormal(median: 1000, spread: 1.2) * 100)

        #expect(draws == [996_752, 633_828])
        #expect(cost == 9692)
    }

    @Test func `clean feeds are UTF-8 with the header's column count and no mark or carriage return`() throws {
        let folder = try DemoFolder.clean.get()

        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path + "/feeds") {
            let bytes = try folder.bytes("feeds/\(name)")
            #expect(bytes.withUnsafeBytes { TextEncoding.utf8.isValid($0) }, "\(name)")
            #expect(!bytes.starts(with: [0xEF, 0xBB, 0xBF]), "\(name)")
            #expect(!bytes.contains(0x0D), "\(name)")
            let lines = try folder.text("feeds/\(name)").split(separator: "\n")
            let columns = lines[0].split(separator: ",").count
            let odd = lines.first { line in
                !line.contains("\"") && line.split(separator: ",", omittingEmptySubsequences: false).count != columns
            }
            #expect(odd == nil, "\(name)")
        }
    }

    @Test func `dirty feeds come in the encodings and line ends that departments use`() throws {
        let folder = try DemoFolder.dirty.get()

        #expect(try folder.bytes("feeds/medical-2025.csv").starts(with: [0xEF, 0xBB, 0xBF]))
        let employment = try folder.bytes("feeds/employment-2026.csv")
        #expect(!employment.withUnsafeBytes { TextEncoding.utf8.isValid($0) })
        #expect(employment.withUnsafeBytes { TextEncoding.gb18030.isValid($0) })
        #expect(employment.withUnsafeBytes { TextEncoding.gb18030.decode($0) }.hasPrefix("id_number,姓名,status"))
        #expect(try folder.bytes("feeds/companies.csv").contains(0x0D))
        #expect(try folder.bytes("feeds/accidents.xlsx").starts(with: [0x50, 0x4B]))
        #expect(try folder.text("feeds/relief-headeronly.csv").split(separator: "\n").count == 1)
    }

    @Test func `GB18030 is written as it is read`() {
        let text = "巴林·苏和 • ・ ･ ． ‧ ¥1,234元，身份证号１５Ｘ\n"
        let encoder = DemoGB18030()

        let bytes = Array(text.utf8).withUnsafeBufferPointer { Array(encoder.encode($0)) }

        #expect(bytes.withUnsafeBytes { TextEncoding.gb18030.decode($0) } == text)
    }
}
