package import Hummingbird

/// What every request of a service carries.
package struct KitContext: RequestContext {
    package var coreContext: CoreRequestContextStorage
    package var language = Language.zh
    /// Large-type mode: 20 px, one column.
    package var isLarge = false
    /// Taken from the caller where it is well formed, made here otherwise; logged and sent back.
    package var requestID = ""

    package init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
    }
}
