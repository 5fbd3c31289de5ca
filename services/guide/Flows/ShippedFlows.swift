import Foundation
import Storage

/// The flows that are shipped beside the demonstration catalogue.
enum ShippedFlows {
    static let names = ["open-restaurant", "newborn", "retirement"]

    static func json(_ name: String, in folder: String) throws -> String {
        try String(contentsOfFile: "\(folder)/flows/\(name).json", encoding: .utf8)
    }

    /// Publishes those that are not there yet.
    static func load(from folder: String, into database: Database, at time: String) throws {
        let flows = try names.map { name in
            let json = try json(name, in: folder)
            return (flow: try FlowStore.flow(json), json: json)
        }
        try database.writeBlocking { db in
            for one in flows { try FlowStore.addShipped(one.flow, json: one.json, at: time, in: db) }
        }
    }
}
