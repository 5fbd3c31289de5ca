/// What the loop's thread is given to do.
struct TransferJob: Sendable {
    enum Sink: Sendable {
        case whole(@Sendable (Result<ClientResponse, ClientFault>) -> Void)
        case stream(DownloadChannel)
    }

    let id: UInt64
    let request: ClientRequest
    let address: ServerAddress
    let headerLines: [String]
    let timeouts: ClientOptions.Timeouts
    /// When the time for the whole call is over.
    let end: ContinuousClock.Instant
    let upload: UploadChannel?
    let sink: Sink
}

extension TransferJob {
    /// Ends it before it began.
    func refuse(_ fault: ClientFault) {
        upload?.close()
        switch sink {
        case .whole(let deliver): deliver(.failure(fault))
        case .stream(let channel): channel.end(.failure(fault))
        }
    }
}
