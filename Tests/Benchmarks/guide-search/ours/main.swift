import Foundation

@testable import GuideService

/// One line of items.jsonl.
struct Item: Decodable {
    var id: Int64
    var code: String
    var name: String
    var aliases: [String]
    var department: String
    var keywords: [String]
    var summary: String
    var popularity: Int
}

/// One line of a queries file.
struct Query: Decodable {
    var query: String
}

func lines<T: Decodable>(_ path: String, as type: T.Type) throws -> [T] {
    let text = try String(contentsOfFile: path, encoding: .utf8)
    return try text.split(separator: "\n").map { try JSONDecoder().decode(type, from: Data($0.utf8)) }
}

func residentMegabytes() -> Double {
    let pages = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))?.split(separator: " ").dropFirst()
        .first
    return Double(pages.flatMap { Int($0) } ?? 0) * 4096 / 1_048_576
}

func milliseconds(_ duration: Duration) -> Double { duration / .milliseconds(1) }

/// The processor time that the body takes on this thread, in microseconds: other programs on the machine do not count.
func processorMicroseconds(_ body: () -> Void) -> Double {
    func now() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) * 1e6 + Double(time.tv_nsec) / 1e3
    }
    let start = now()
    body()
    return now() - start
}

/// Usage: bench RESOURCES ITEMS QUERIES… : the first ten names for each query as JSON Lines on standard output,
/// measures on standard error.
let arguments = CommandLine.arguments
let folder = URL(filePath: arguments[1])
let items = try lines(arguments[2], as: Item.self)
let documents = items.map {
    SearchDocument(
        id: $0.id, code: $0.code, name: $0.name, aliases: $0.aliases, department: $0.department,
        keywords: $0.keywords, summary: $0.summary, popularity: $0.popularity)
}
let names = Dictionary(uniqueKeysWithValues: items.map { ($0.id, $0.name) })
let queries = try arguments.dropFirst(3).flatMap { try lines($0, as: Query.self) }
let clock = ContinuousClock()

let tables = try CharacterTables(folder: folder)
let lexicon = try Lexicon(json: Data(contentsOf: folder.appending(path: "synonyms.json")), tables: tables)
let before = residentMegabytes()
var index = SearchIndex([], tables: tables, lexicon: lexicon)
let build = clock.measure { index = SearchIndex(documents, tables: tables, lexicon: lexicon) }
let after = residentMegabytes()

for query in queries.prefix(50) { _ = index.search(query.query, limit: 10) }
var times: [Double] = []
for query in queries {
    var result = SearchResult()
    let spent = processorMicroseconds { result = index.search(query.query, limit: 10) }
    times.append(spent)
    let line: [String: Any] = ["names": result.hits.map { names[$0.id] ?? "" }, "us": spent]
    print(String(decoding: try JSONSerialization.data(withJSONObject: line, options: [.sortedKeys]), as: UTF8.self))
}
var suggestions: [Double] = []
for query in queries {
    for length in 1...max(1, min(6, query.query.count)) {
        let prefix = String(query.query.prefix(length))
        suggestions.append(processorMicroseconds { _ = index.suggest(prefix) })
    }
}
var changed = documents[documents.count / 2]
changed.name += "改"
var updated = index
let update = clock.measure { updated = index.updating([changed]) }
let long = String(repeating: "我想开一家卖小吃的饭馆需要办什么手续shipin", count: 400)
let longest = clock.measure { _ = updated.search(long, limit: 10) }

func line(_ name: String, _ times: [Double]) -> String {
    let sorted = times.sorted()
    let mean = sorted.reduce(0, +) / Double(max(1, sorted.count))
    let p99 = sorted.isEmpty ? 0 : sorted[min(sorted.count - 1, sorted.count * 99 / 100)]
    return "\(name): mean \(Int(mean)) µs, p99 \(Int(p99)) µs, max \(Int(sorted.last ?? 0)) µs"
}
let report = """
    items \(items.count), build \(Int(milliseconds(build))) ms, memory \(Int(after - before)) MB
    \(line("search", times))
    \(line("suggest", suggestions))
    update of one item \(milliseconds(update)) ms, query of \(long.count) characters \(milliseconds(longest)) ms

    """
FileHandle.standardError.write(Data(report.utf8))
