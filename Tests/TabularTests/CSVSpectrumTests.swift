import Foundation
import Tabular
import Testing

/// The files of csv-spectrum, each against its JSON.
@Suite struct CSVSpectrumTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Fixtures/csv-spectrum")

    @Test(
        arguments: [
            "comma_in_quotes", "empty", "empty_crlf", "escaped_quotes", "json", "newlines", "newlines_crlf",
            "quotes_and_newlines", "simple", "simple_crlf", "utf8",
        ])
    func `a file of csv-spectrum reads as its JSON`(_ name: String) throws {
        let json = try Data(contentsOf: Self.folder.appending(path: "json/\(name).json"))
        let expected = try JSONDecoder().decode([[String: String]].self, from: json)

        let rows = try Self.rows(name)

        #expect(rows == expected)
    }

    @Test func `quotes within an unquoted field are kept`() throws {
        let rows = try Self.rows("location_coordinates")

        // The telephone number is that of the CSV file: csv-spectrum's JSON has another one.
        let degree = "\u{FFFD}"
        #expect(
            rows == [
                [
                    "Contact Phone Number": "2095257564",
                    "Location Coordinates": "37\(degree)36'37.8\"N 121\(degree)2'17.9\"W", "Cities": "Modesto",
                    "Counties": "Stanislaus",
                ]
            ])
    }

    private static func rows(_ name: String) throws -> [[String: String]] {
        let sample = try CSVSample(try Data(contentsOf: folder.appending(path: "csvs/\(name).csv")))
        let names = try sample.header().names
        return try sample.dataRecords().map { record in
            Dictionary(uniqueKeysWithValues: zip(names, try #require(record.text)))
        }
    }
}
