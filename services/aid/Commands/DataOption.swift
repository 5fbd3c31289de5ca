import ArgumentParser

/// The data folder, shared by every command that opens the database.
struct DataOption: ParsableArguments {
    @Option(name: .customLong("data"), help: "The data folder of the service.")
    var folder = "data"

    func open() throws -> AidDatabase {
        try AidDatabase(DataFolder(folder))
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
