import Testing

@testable import TrainingService

/// The twelfth character tells what was copied wrongly.
@Suite struct CertificateNumberTests {
    private static let alphabet = Array("23456789ABCDEFGHJKMNPQRSTUVWXYZ")

    private static func isTaken(_ characters: [Character]) -> Bool {
        (try? CertificateNumber(String(characters))) != nil
    }

    @Test(arguments: ["7KM4QXC29TRX", "ABCDEFGHJKM9", "22222222223D", "ZYXWVUTSRQPQ"])
    func `the check is what another program computes`(_ text: String) throws {
        #expect(try CertificateNumber(text).text == text)
    }

    @Test func `every single wrong character is found`() {
        for _ in 0..<50 {
            let right = Array(CertificateNumber.random().text)
            #expect(Self.isTaken(right))
            for place in right.indices {
                for other in Self.alphabet where other != right[place] {
                    var wrong = right
                    wrong[place] = other
                    #expect(!Self.isTaken(wrong), "\(String(right)) → \(String(wrong))")
                }
            }
        }
    }

    @Test func `every two characters that changed places are found`() {
        for _ in 0..<200 {
            let right = Array(CertificateNumber.random().text)
            for first in right.indices {
                for second in right.indices where second > first && right[first] != right[second] {
                    var wrong = right
                    wrong.swapAt(first, second)
                    #expect(!Self.isTaken(wrong), "\(String(right)) → \(String(wrong))")
                }
            }
        }
    }

    @Test func `small letters, spaces and hyphens are taken; look-alikes, too few and too many are not`() throws {
        #expect(try CertificateNumber(" 7km4-qxc2-9trx ").text == "7KM4QXC29TRX")
        #expect(try CertificateNumber("7KM4QXC29TRX").printed == "7KM4-QXC2-9TRX")
        for wrong in ["", "7KM4QXC29TR", "7KM4QXC29TRXX", "0KM4QXC29TRX", "7KM4QXC29TRI", "七KM4QXC29TRX"] {
            #expect(throws: CertificateNumber.Fault.mistyped) { try CertificateNumber(wrong) }
        }
    }
}
