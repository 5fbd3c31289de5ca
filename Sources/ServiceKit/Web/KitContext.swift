package import Hummingbird
import NIOCore

/// What every request of a service carries.
package struct KitContext: RequestContext {
    package var coreContext: CoreRequestContextStorage
    package var language = Language.zh
    /// Large-type mode: 20 px, one column.
    package var isLarge = false
    /// Taken from the caller where it is well formed, made here otherwise; logged and sent back.
    package var requestID = ""
    package var trace: TraceParent?
    /// Who asks; nil before sign-in.
    package var caller: Caller?
    /// The address of the gateway as the service knows it; empty without sign-in.
    var gatewaySetting = ""
    /// The name under which the reader reaches this service.
    var authority: String?
    /// What forms on the answer's pages carry.
    package var formToken: String?
    /// An upload must show the form's token before it is read.
    package var awaitsFormToken = false
    /// The other end of the connection.
    package var remoteAddress: String?

    /// The address of the gateway as this reader reaches it; empty without sign-in.
    package var gateway: String {
        gatewaySetting.isEmpty ? "" : SignInMiddleware.gateway(gatewaySetting, for: authority)
    }

    package init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        remoteAddress = source.channel.remoteAddress?.ipAddress
    }
}
