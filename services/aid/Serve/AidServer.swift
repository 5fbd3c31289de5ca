import CurlHTTP
import Foundation
import Logging
import NIOPosix
import Security
import ServiceKit
import SocialDomain
import Synchronization
import Tabular

/// The service as it runs: the pages with the stores and the background job behind them.
struct AidServer: Sendable {
    let application: AidApplication
    let job: RunJob
    private let folder: DataFolder

    /// The region's feeds are about 2.4 GB together.
    static let uploadLimit = 4_000_000_000

    /// Opens the data folder, mends what a dead process left, and takes up the runs that were still queued.
    init(_ options: ServeOptions, logger: Logger) async throws {
        let database = try options.data.open()
        let signIn = try await options.signIn.open(keys: database.folder.path + "/keys", service: "aid")
        let job = RunJob(database: database, logger: logger)
        try await job.recover(takingUpQueued: true)
        self.job = job
        folder = database.folder
        // What an earlier version stored plainly; the pages read both forms meanwhile.
        Task {
            do {
                let sealed = try await onOwnThread { try SealRecords(database: database)().sealed }
                if sealed > 0 { logger.notice("Records were sealed", metadata: ["count": "\(sealed)"]) }
            } catch {
                logger.error("Records could not be sealed", metadata: ["error": "\(type(of: error))"])
            }
        }
        var application = try AidApplication(
            resources: ServeOptions.resources, database: database.database, seal: database.seal,
            actions: .live(database, job),
            uploads: UploadReader(folder: database.folder.path + "/incoming", sizeLimit: Self.uploadLimit),
            signIn: signIn)
        application.hosts = Set(options.signIn.hosts.map { $0.lowercased() })
        application.limits = options.limits.middleware
        application.proxies = Set(options.limits.proxies)
        self.application = application
    }

    /// Makes the training service the receiver of what aid has to tell, and what tells it.
    ///
    /// - Parameter address: `http://127.0.0.1:8102`; nil where there is none: what waits for it stays.
    func trainingSender(_ address: String?, _ client: HTTPClient, logger: Logger) async throws -> EventSender? {
        let outbox = Outbox(database: application.database)
        try await outbox.setReceivers(
            address.map {
                let base = $0.hasSuffix("/") ? String($0.dropLast()) : $0
                return [
                    EventReceiver(name: "training", address: base + "/training", types: [TrainingNeed.eventType])
                ]
            } ?? [])
        guard address != nil else { return nil }
        let tokens = ServiceTokens(try await TokenIssuer(folder.signingKeys()))
        return EventSender(
            service: "aid", outbox: outbox, transport: .http(client, tokens: tokens), metrics: application.registry,
            logger: logger)
    }
}

extension AidActions {
    /// The actions over the stores; what blocks runs on threads of its own.
    static func live(_ database: AidDatabase, _ job: RunJob) -> AidActions {
        let threads = NIOThreadPool.singleton
        let rules = RulesInForce(folder: database.folder)
        return AidActions(
            now: { database.clock.timestamp() },
            today: { database.clock.today() },
            rules: {
                if let recent = rules.recent { return recent }
                return try await threads.runIfActive { try rules.current() }
            },
            takeIn: { files in try await threads.runIfActive { UploadIntake(database: database).takeIn(files) } },
            removeFile: { name in try await threads.runIfActive { try FeedLibrary(database: database).remove(name) } },
            startRun: { asOf, along in try await job.submit(asOf: asOf, along: along) },
            stopRun: { id in await job.stop(id) },
            closeAlert: { id, note, scope, audit in
                try await threads.runIfActive {
                    try AlertStore(database: database).close(id, note: note, within: scope, audit: audit)
                }
            },
            runFile: { id, file in
                let path = "\(database.folder.run(id))/\(file.rawValue)"
                return FileManager.default.fileExists(atPath: path) ? path : nil
            },
            writeWorkbook: { path, header, next in
                let writer = try XLSXWriter(path: path, sheet: "alerts", columns: header.map { XLSXWriter.Column($0) })
                while let row = try next() {
                    try writer.append(
                        row.map { cell in
                            switch cell {
                            case .text(let text): .text(text)
                            case .number(let number): .integer(number)
                            }
                        })
                }
                try writer.close()
            })
    }
}

/// The rules in words, read again only when a file of theirs has changed, which is looked at once a second at most.
private final class RulesInForce: Sendable {
    private struct Kept {
        let stamps: [Date?]
        let rules: PublishedRules
        let checkedAt: ContinuousClock.Instant
    }

    private let folder: DataFolder
    private let kept = Mutex<Kept?>(nil)

    init(folder: DataFolder) {
        self.folder = folder
    }

    /// Nil where the files must be looked at.
    var recent: PublishedRules? {
        kept.withLock { kept in
            guard let kept, ContinuousClock.now - kept.checkedAt < .seconds(1) else { return nil }
            return kept.rules
        }
    }

    func current() throws -> PublishedRules {
        let now = ContinuousClock.now
        let stamps = [folder.rules, folder.kinds].map { path in
            try? FileManager.default.attributesOfItem(atPath: path)[.modificationDate] as? Date
        }
        let known = kept.withLock { $0 }
        // Not under the lock, which requests take on their event loop: reading the files takes a while.
        let rules =
            if let known, known.stamps == stamps {
                known.rules
            } else {
                try PublishedRules(RuleFiles(folder: folder).load().book)
            }
        kept.withLock { $0 = Kept(stamps: stamps, rules: rules, checkedAt: now) }
        return rules
    }
}

/// Sorts uploaded files into the register's two and extracts, and hands each to its store.
private struct UploadIntake {
    let database: AidDatabase

    func takeIn(_ files: [UploadedFile]) -> [TakenFile] {
        let register = files.filter { FeedPages.isRegister($0.name) }
        var taken = register.isEmpty ? [] : takeInRegister(register)
        for file in files where !FeedPages.isRegister(file.name) {
            do {
                _ = try FeedLibrary(database: database).takeIn(file: file.path, name: file.name, through: .page)
                taken.append(TakenFile(name: file.name))
            } catch {
                taken.append(TakenFile(name: file.name, refusal: RunFailure.words(for: error)))
            }
        }
        return taken
    }

    /// Both or neither: persons point to households.
    private func takeInRegister(_ files: [UploadedFile]) -> [TakenFile] {
        guard FeedPages.registerNames.allSatisfy({ name in files.contains { $0.name.hasPrefix(name) } }) else {
            let refusal = LocalizedText(
                zh: "名单的两种文件要一起上传：households.csv（家庭）和 persons.csv（人员）。请一起选择后再上传。",
                en:
                    "the register's two files, households.csv and persons.csv, come together: choose both and send them again."
            )
            return files.map { TakenFile(name: $0.name, refusal: refusal) }
        }
        do {
            let folder = (files[0].path as NSString).deletingLastPathComponent + "/register-\(UUID().uuidString)"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(atPath: folder) }
            for file in files { try FileManager.default.moveItem(atPath: file.path, toPath: "\(folder)/\(file.name)") }
            _ = try ImportRegister(database: database)(folder: folder, through: .page)
            return files.map { TakenFile(name: $0.name) }
        } catch {
            let refusal = RunFailure.words(for: error)
            return files.map { TakenFile(name: $0.name, refusal: refusal) }
        }
    }
}
