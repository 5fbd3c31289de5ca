import Foundation

#if canImport(Glibc)
    import Glibc
#endif

/// What the system says of this process, under the names that Prometheus's own clients use.
enum ProcessFigures {
    private static let startedAt = Date().timeIntervalSince1970

    static func text() -> String {
        var lines: [String] = []
        func add(_ name: String, _ type: String, _ value: Double) {
            lines.append("# TYPE \(name) \(type)\n\(name) \(PrometheusRegistry.number(value))\n")
        }
        var usage = rusage()
        if getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage) == 0 {
            func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
            add("process_cpu_seconds_total", "counter", seconds(usage.ru_utime) + seconds(usage.ru_stime))
        }
        if let files = try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd") {
            add("process_open_fds", "gauge", Double(files.count))
        }
        if let pages = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8).split(separator: " "),
            pages.count > 1, let resident = Double(pages[1])
        {
            add("process_resident_memory_bytes", "gauge", resident * Double(getpagesize()))
        }
        add("process_start_time_seconds", "gauge", startedAt.rounded())
        return lines.joined()
    }
}
