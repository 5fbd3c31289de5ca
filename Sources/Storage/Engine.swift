/// The database program behind a `Database`.
package enum Engine: String, Hashable, Sendable, CaseIterable {
    case sqlite
    case postgres
}
