import Foundation

@testable import TrainingService

/// The processor time that the body takes on this thread, in milliseconds: other programs do not count.
func processorMilliseconds(_ body: () throws -> Void) rethrows -> Double {
    func now() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) * 1e3 + Double(time.tv_nsec) / 1e6
    }
    let start = now()
    try body()
    return now() - start
}

/// Usage: bench RESOURCES LEFT-OUT QUERIES [nocounts]: for each line of QUERIES the first ten codes on standard output,
/// with the aliases that stand in LEFT-OUT taken out of the index first; times on standard error.
let arguments = CommandLine.arguments
let folder = URL(filePath: arguments[1])
let leftOut = Set(try String(contentsOfFile: arguments[2], encoding: .utf8).split(separator: "\n").map(String.init))
let queries = try String(contentsOfFile: arguments[3], encoding: .utf8).split(separator: "\n").map(String.init)

var classification = try OccupationClassification(folder: folder)
let load = try processorMilliseconds { classification = try OccupationClassification(folder: folder) }
var search = try TradeSearch(folder: folder)
let build = try processorMilliseconds {
    search = try TradeSearch(
        classification, folder: folder, leavingOut: leftOut.contains, withCounts: !arguments.contains("nocounts"))
}
var times: [Double] = []
for query in queries {
    var hits: [TradeHit] = []
    times.append(processorMilliseconds { hits = search.find(query, limit: 10) })
    print(hits.map(\.occupation.code.description).joined(separator: " "))
}
times.sort()
let long = String(repeating: "我想找一个开挖掘机修空调送外卖的工作", count: 600)
let longest = processorMilliseconds { _ = search.find(long, limit: 10) }
let mean = times.reduce(0, +) / Double(max(1, times.count))
let report = [
    ("load", load), ("build", build), ("mean", mean), ("p99", times.isEmpty ? 0 : times[times.count * 99 / 100]),
    ("max", times.last ?? 0), ("10,000 characters", longest),
].map { "\($0) \(String(format: "%.3f", $1)) ms" }.joined(separator: ", ")
FileHandle.standardError.write(Data((report + "\n").utf8))
