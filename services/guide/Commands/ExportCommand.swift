import ArgumentParser
import Foundation
import ServiceKit

/// `export`: the catalogue as a file.
struct ExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Write the catalogue to a file. 导出事项库。",
        subcommands: [ExportItemsCommand.self, ExportStandardCommand.self])
}

/// `export standard`: the published catalogue for other systems.
struct ExportStandardCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "standard", abstract: "Write the published catalogue for other systems. 导出已发布的事项库。",
        discussion:
            "CPSV-AP 3.2.0 as Turtle or JSON-LD, HSDS 3.0 as nested services. The file appears when it is whole. Exit codes: 0 written, "
            + "64 usage, 74 cannot be read or written.")

    @Option(help: "cpsv-ttl, cpsv-jsonld or hsds-json.") var format: CatalogueExport.Format
    @Option(help: "The file to write.") var out: String
    @Option(help: "The address that the service is known under, https://hall.example.") var publicAddress: String?
    @Flag(help: "The high-frequency items only.") var onlyFrequent = false
    @OptionGroup var data: GuideFolder

    func validate() throws { try PublicAddressOption.check(publicAddress) }

    func run() async throws {
        try await Told.run {
            let store = try data.open()
            let export = CatalogueExport(
                services: PublishedServices(database: store.database, isOnlyFrequent: onlyFrequent),
                addresses: GuideAddresses(base: publicAddress ?? "http://127.0.0.1:\(ServeCommand.port)"),
                format: format)
            let part = out + ".part"
            try Data().write(to: URL(fileURLWithPath: part))
            let file = try FileHandle(forWritingTo: URL(fileURLWithPath: part))
            let count = try await export.write { text in try file.write(contentsOf: Data(text.utf8)) }
            try file.synchronize()
            try file.close()
            guard rename(part, out) == 0 else { throw CocoaError(.fileWriteUnknown) }
            print("\(count) items 已导出 \(count) 项")
        }
    }
}

extension CatalogueExport.Format: ExpressibleByArgument {}

/// The check of `--public-address`, for the commands that take one.
enum PublicAddressOption {
    static func check(_ address: String?) throws {
        guard let address else { return }
        guard let url = URL(string: address), let scheme = url.scheme, ["http", "https"].contains(scheme),
            url.host != nil, url.path.isEmpty, url.query == nil, url.fragment == nil
        else { throw ValidationError("--public-address is an address such as https://hall.example, without a path") }
    }
}
