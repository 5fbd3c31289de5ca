@testable import AidService

/// A scope for expressions by themselves: ints `i j`, doubles `d e`, texts `s t`, their nullable kin in `household`.
enum ExpressionsSample {
    enum Value {
        case int(Int64)
        case double(Double)
        case text(String)
        case null
    }

    static let names = ["i", "j", "d", "e", "s", "t", "household.n", "household.x", "household.name"]

    static let scope: ExpressionScope = {
        typealias Variable = ExpressionScope.Variable
        var scope = ExpressionScope()
        for (slot, (name, type)) in [
            ("i", ValueType.int), ("j", .int), ("d", .double), ("e", .double), ("s", .text), ("t", .text),
        ].enumerated() { scope.variables[name] = Variable(slot: slot, type: type) }
        scope.groups["household"] = ExpressionScope.Group(
            variables: [
                "n": Variable(slot: 6, type: .int.orNull), "x": Variable(slot: 7, type: .double.orNull),
                "name": Variable(slot: 8, type: .text.orNull),
            ], allowsHas: true)
        scope.groups["param"] = ExpressionScope.Group()
        return scope
    }()

    static func program(_ source: String) throws -> Program {
        try Program(compiling: source, in: scope)
    }

    static func evaluate(_ source: String, _ values: [String: Value] = [:]) throws -> Truth {
        let program = try program(source)
        return withFrame(values) { program.evaluate($0) }
    }

    static func trace(_ source: String, _ values: [String: Value]) throws -> [String] {
        let program = try program(source)
        return withFrame(values) { frame in program.trace(frame).map { "\($0.source) | \($0.value)" } }
    }

    /// The fault, or nil where the expression is taken.
    static func fault(_ source: String) -> ExpressionFault? {
        do throws(ExpressionFault) {
            _ = try Program(compiling: source, in: scope)
            return nil
        } catch {
            return error
        }
    }

    private static func withFrame<Result>(
        _ values: [String: Value], _ body: (UnsafePointer<Slot>) -> Result
    ) -> Result {
        let frame = UnsafeMutablePointer<Slot>.allocate(capacity: names.count)
        var texts: [UnsafeMutablePointer<UInt8>] = []
        defer {
            frame.deallocate()
            for text in texts { text.deallocate() }
        }
        for (slot, name) in names.enumerated() {
            let given: Slot
            switch values[name] {
            case .int(let value): given = .int(value)
            case .double(let value): given = .double(value)
            case .text(let value):
                let bytes = UnsafeMutablePointer<UInt8>.allocate(capacity: max(1, value.utf8.count))
                _ = UnsafeMutableBufferPointer(start: bytes, count: value.utf8.count).initialize(from: value.utf8)
                texts.append(bytes)
                given = .text(bytes, count: value.utf8.count)
            case .null: given = .null
            case nil: given = slot < 6 ? Slot(bits: 0) : .null
            }
            (frame + slot).initialize(to: given)
        }
        return body(frame)
    }
}
