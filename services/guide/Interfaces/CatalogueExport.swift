/// The whole published catalogue in pieces of text, in the words of others.
struct CatalogueExport: Sendable {
    enum Format: String, CaseIterable, Sendable {
        case turtle = "cpsv-ttl"
        case jsonLD = "cpsv-jsonld"
        /// A list of nested services.
        case hsds = "hsds-json"
    }

    let services: PublishedServices
    let addresses: GuideAddresses
    let format: Format

    /// The number of items.
    @discardableResult
    func write(_ body: (String) async throws -> Void) async throws -> Int {
        switch format {
        case .turtle: try await write(TurtleWriter(), body)
        case .jsonLD: try await write(JSONLDWriter(), body)
        case .hsds: try await writeHSDS(body)
        }
    }

    private func write(_ writer: some RDFWriter, _ body: (String) async throws -> Void) async throws -> Int {
        var catalogue = CPSVCatalogue(addresses: addresses, authorities: try await services.authorities())
        var isFirst = true
        try await body(writer.head)
        let count = try await pieces { piece in
            var text = ""
            for service in piece {
                for node in catalogue.describe(service) {
                    text += writer.text(of: node, isFirst: isFirst)
                    isFirst = false
                }
            }
            try await body(text)
        }
        try await body(writer.tail)
        return count
    }

    private func writeHSDS(_ body: (String) async throws -> Void) async throws -> Int {
        let authorities = try await services.authorities()
        var separator = "[\n"
        let count = try await pieces { piece in
            var text = ""
            for service in piece {
                text +=
                    separator
                    + HSDSService(
                        service: service, authority: authorities[service.item.content.department], addresses: addresses
                    ).json
                separator = ",\n"
            }
            try await body(text)
        }
        try await body(count == 0 ? "[]\n" : "\n]\n")
        return count
    }

    private func pieces(_ body: ([PublishedService]) async throws -> Void) async throws -> Int {
        var (last, count) = (Int64.min, 0)
        while true {
            let piece = try await services.services(after: last)
            guard let end = piece.last else { return count }
            try await body(piece)
            (last, count) = (end.item.id, count + piece.count)
        }
    }
}
