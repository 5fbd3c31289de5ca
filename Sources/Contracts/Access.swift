/// Who may use a route.
package enum Access: Hashable, Sendable {
    /// Everyone, without sign-in.
    case open
    /// Whoever has signed in.
    case signedIn
    /// Whoever has one of these roles in a service.
    case roles(Set<String>, service: String)
    /// Another service, by a token that it signed itself.
    case services
}
