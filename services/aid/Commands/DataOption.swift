import ArgumentParser
import Storage

/// The data folder, shared by every command that opens the database.
struct DataOption: ParsableArguments {
    @Option(name: .customLong("data"), help: "The data folder of the service.")
    var folder = "data"

    @Option(
        name: .customLong("database"),
        help: "sqlite:///path or postgres://user@host/name; aid.sqlite in the data folder if it is not given.")
    var address: String?

    @Option(
        name: .customLong("keys"),
        help: "The file with the keys of sealed fields; keys/aid.keys in the data folder if it is not given.")
    var keys: String?

    func open() throws -> AidDatabase {
        try AidDatabase(DataFolder(folder), address: address.map { text in try DatabaseAddress(text) }, keys: keys)
    }
}

/// How a command tells its result, shared by every command that has one.
struct OutputOption: ParsableArguments {
    enum Form: String, ExpressibleByArgument, CaseIterable {
        case table
        case json
        case quiet
    }

    @Option(name: .customLong("output"), help: "How to tell the result: table, json or quiet.")
    var form = Form.table
}
