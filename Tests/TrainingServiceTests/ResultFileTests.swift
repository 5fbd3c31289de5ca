import Foundation
import SocialDomain
import Testing

@testable import TrainingService

/// The bank's files as they come.
@Suite struct ResultFileTests {
    private static func read(_ text: String) throws -> ResultFile {
        let path = FileManager.default.temporaryDirectory.path + "/result-\(UUID().uuidString).csv"
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        return try ResultFile(path: path)
    }

    private static let payments = [("P1-0001", 400_00), ("P1-0002", 600_00)].map { id, fen in
        Payment(
            id: id, due: id, claim: "S1", budget: Ledger.Key(division: "150402", year: 2026), attempt: 1,
            payeeCode: "L1", payeeName: "学员", amount: Money(fen: Int64(fen)))
    }

    @Test func `a file in Chinese with a byte order mark and commas in its amounts is read`() throws {
        let file = try Self.read(
            "\u{FEFF}参考号,金额,结果,原因\r\nP1-0001,400.00,成功,\r\nP1-0002,600,失败,\"户名不符, 请核对\"\r\n")

        #expect(file.rows["P1-0001"] == .init(line: 2, amount: Money(fen: 400_00), isPaid: true, reason: ""))
        #expect(file.rows["P1-0002"]?.reason == "户名不符, 请核对")
        #expect(file.faults(against: Self.payments).isEmpty)
    }

    @Test(arguments: [
        ("reference,amount,result,reason\nP1-0001,400.00,paid,\n", "P1-0002"),
        ("reference,amount,result\nP1-0001,400.00,paid\nP1-0002,600.01,paid\n", "600.01"),
        ("reference,amount,result\nP1-0001,400.00,paid\nP1-0002,600.00,paid\nP9-0001,1.00,paid\n", "Line 4"),
    ]) func `a row missing, too many or with another amount refuses the whole`(text: String, said: String) throws {
        let faults = try Self.read(text).faults(against: Self.payments)

        #expect(faults.count == 1)
        #expect(faults.first?.en.contains(said) == true)
    }

    @Test(arguments: [
        "name,phone\n王,1\n", "", "reference,amount,result\nP1-0001,400.00,maybe\n",
        "reference,amount,result\nP1-0001,400.00,failed\n", "reference,amount,result\nP1-0001,four,paid\n",
        "reference,amount,result\nP1-0001,400.00,paid\nP1-0001,400.00,paid\n",
        "reference,amount,amount,result\nP1-0001,1,1,paid\n", "reference,amount,result\n,400.00,paid\n",
    ]) func `the wrong sheet and rows that say two things are refused`(text: String) throws {
        #expect(throws: ResultFile.Fault.self) { try Self.read(text) }
    }
}
