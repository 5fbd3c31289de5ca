import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Storage
import Tabular
import TestDatabases
import TestPages
import Testing

@testable import TrainingService

/// Tables of schools, instructors and programs: every row is accounted for.
@Suite struct ClassImportTests {
    private func upload(
        _ sample: ClassSample, _ kind: String, _ name: String, _ bytes: [UInt8], by roles: [String] = ["officer"]
    ) async throws -> TrainingSample.Answer {
        var headers = try await ClassPeople.headers("anna", roles)
        headers[.contentType] = "multipart/form-data; boundary=b"
        var body = Array(
            "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"\(name)\"\r\n\r\n".utf8)
        body += bytes + Array("\r\n--b--\r\n".utf8)
        return try await sample.sample.ask(
            "/training/schools/import/\(kind)", .post, headers, ByteBuffer(bytes: body))
    }

    private static let schools = """
        机构名称,统一社会信用代码,主管区划,许可证到期日
        甲校,52150402MJY222222M,150402,2027-06-30
        乙校,52150402MJY222222X,150402,
        丙校,52150402MJY1234565,150402,
        丁校,52150403MJY111111Q,150403,
        """

    @Test(arguments: TestServer.engines) func `every row of a table is added, there before, or refused`(
        _ engine: Engine
    ) async throws {
        let sample = try await ClassSample(engine, signIn: ClassPeople.signIn())

        let first = try await upload(sample, "schools", "机构.csv", Array(Self.schools.utf8))
        let second = try await upload(sample, "schools", "机构.csv", Array(Self.schools.utf8))

        #expect(first.status == 200)
        #expect(first.text.contains("共 4 行：新增 1，早已登记 0，没有收下 3。"))
        #expect(first.text.contains("末位") && first.text.contains("已经登记") && first.text.contains("不在您负责的范围"))
        #expect(second.text.contains("共 4 行：新增 0，早已登记 1，没有收下 3。"))
        #expect(try await sample.count("SELECT count(*) AS n FROM school") == 4)
    }

    @Test func `instructors and programs find their school by its code`() async throws {
        let sample = try await ClassSample(signIn: ClassPeople.signIn())
        let instructors = """
            机构信用代码,姓名,公民身份号码,可教职业,资格到期日
            52150402MJY1234565,乌兰,150402198506120012,4-10-01-06,2027-01-01
            52150402MJY1234565,苏和,150402198506120013,,
            52150403MJY111111Q,那仁,150402198808080052,,
            """
        let programs = """
            机构信用代码,课程名称,职业,等级,课时,收费,补贴标准
            52150402MJY1234565,育婴员,4-10-01-05,五级/初级工,120,0,1500
            52150402MJY1234565,育婴员,4-10-01-05,5,120,0,1500
            52150402MJY1234565,护理,4-10-01,5,0,x,1500
            """

        let people = try await upload(sample, "instructors", "教师.csv", Array(instructors.utf8))
        let taught = try await upload(sample, "programs", "课程.csv", Array(programs.utf8))

        #expect(people.text.contains("共 3 行：新增 1，早已登记 0，没有收下 2。"))
        #expect(!people.text.contains("150402198506120013"))
        #expect(taught.text.contains("共 3 行：新增 1，早已登记 1，没有收下 1。"))
        #expect(try await sample.count("SELECT count(*) AS n FROM program WHERE state = 'draft'") == 1)
    }

    @Test func `the wrong sheet, an old workbook and an empty file are told and change nothing`() async throws {
        let sample = try await ClassSample(signIn: ClassPeople.signIn())

        let wrong = try await upload(sample, "instructors", "机构.csv", Array(Self.schools.utf8))
        let old = try await upload(sample, "schools", "机构.xls", [1, 2, 3])
        let broken = try await upload(sample, "schools", "机构.xlsx", [1, 2, 3])
        let empty = try await upload(sample, "schools", "机构.csv", Array("机构名称,统一社会信用代码,主管区划\n".utf8))
        let viewer = try await upload(sample, "schools", "机构.csv", Array(Self.schools.utf8), by: ["school"])

        #expect(wrong.status == 422 && wrong.text.contains("这不像是要导入的表：缺少 机构信用代码、姓名、公民身份号码"))
        #expect(old.status == 422 && old.text.contains("另存为 .xlsx"))
        #expect(broken.status == 422 && broken.text.contains("工作簿打不开"))
        #expect(empty.status == 422 && empty.text.contains("没有内容行"))
        #expect(viewer.status == 403)
        #expect(try await sample.count("SELECT count(*) AS n FROM school") == 3)
    }

    @Test func `a workbook is read as a table is, and a number that it has rounded is refused`() async throws {
        let sample = try await ClassSample(signIn: ClassPeople.signIn())
        let path = FileManager.default.temporaryDirectory.path + "/instructors-\(UUID().uuidString).xlsx"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let writer = try XLSXWriter(
            path: path, sheet: "教师", columns: ["机构信用代码", "姓名", "公民身份号码"].map { .init($0) })
        try writer.append(["52150402MJY1234565", "乌兰", "150402198506120012"].map(TableValue.text))
        try writer.append([.text("52150402MJY1234565"), .text("苏和"), .number(150_402_198_808_080_064)])
        try writer.close()
        let bytes = try Array(Data(contentsOf: URL(fileURLWithPath: path)))

        let answer = try await upload(sample, "instructors", "教师.xlsx", bytes)

        #expect(answer.text.contains("共 2 行：新增 1，早已登记 0，没有收下 1。"))
        #expect(answer.text.contains("四舍五入"))
    }
}
