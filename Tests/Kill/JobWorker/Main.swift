import Foundation
import Logging
import ServiceKit
import Storage

/// Runs the job `count` of a database until it is done or the process is killed: a hundred steps, each of which writes its
/// number once, with the checkpoint, and says so on standard output.
///
/// `JobWorker ADDRESS STEP-MILLISECONDS LEASE-MILLISECONDS`
@main
enum JobWorker {
    static func main() async {
        let arguments = CommandLine.arguments
        guard arguments.count == 4, let pause = Int(arguments[2]), let lease = Int(arguments[3]) else {
            FileHandle.standardError.write(Data("usage: JobWorker ADDRESS STEP-MILLISECONDS LEASE-MILLISECONDS\n".utf8))
            exit(64)
        }
        do {
            let database = try Database(DatabaseAddress(arguments[1]))
            var options = JobOptions()
            options.lease = .milliseconds(lease)
            options.poll = .milliseconds(50)
            let runner = JobRunner(
                store: JobStore(database: database), handlers: [handler(pause)], options: options,
                logger: Logger(label: "job-worker") { _ in SwiftLogNoOpLogHandler() })
            try await runner.run()
        } catch {
            FileHandle.standardError.write(Data("\(error)\n".utf8))
            exit(1)
        }
    }

    private static func handler(_ pause: Int) -> JobHandler {
        JobHandler("count", attempts: 100) { control in
            let first = try control.checkpoint(as: Int.self) ?? 0
            for step in first..<100 {
                try control.checkStopped()
                try await control.save(step + 1) { db in
                    try db.execute("INSERT INTO step (number) VALUES (\(step))")
                }
                control.report("working", done: step + 1, total: 100)
                FileHandle.standardOutput.write(Data("\(step)\n".utf8))
                try await Task.sleep(for: .milliseconds(pause))
            }
            return ["first": first]
        }
    }
}
