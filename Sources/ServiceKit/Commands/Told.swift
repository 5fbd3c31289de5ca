import ArgumentParser
import Foundation
import SocialDomain

/// Tells a command's fault in both languages and ends with its exit code: 65 where it was refused, 74 where something
/// failed midway.
package enum Told {
    package static func run<Value>(_ work: () async throws -> Value) async throws -> Value {
        do {
            return try await work()
        } catch let code as ExitCode {
            throw code
        } catch let refusal as LaunchRefusal {
            FileHandle.standardError.write(Data("error: \(refusal)\n".utf8))
            throw ExitCode(69)
        } catch let fault as any ExplainedFault {
            let words = fault.explanation
            FileHandle.standardError.write(Data("error: \(words.en)\n错误：\(words.zh)\n".utf8))
            throw ExitCode(65)
        } catch {
            FileHandle.standardError.write(Data("error: \(error)\n".utf8))
            throw ExitCode(74)
        }
    }
}
