package import CoreMetrics

/// The way out to other servers, over libcurl. A process makes one; its connections are kept and shared.
package final class HTTPClient: Sendable {
    private let options: ClientOptions
    private let loop: TransferLoop
    private let breaker: CircuitBreaker
    private let policy: RetryPolicy
    private let metrics: ClientMetrics
    private let clock = ContinuousClock()

    /// `factory` is the process's own where none is given.
    package init(options: ClientOptions = ClientOptions(), metrics factory: (any MetricsFactory)? = nil) {
        self.options = options
        metrics = ClientMetrics(factory: factory)
        loop = TransferLoop(options: options)
        breaker = CircuitBreaker(options.breaker)
        policy = RetryPolicy(settings: options.retries)
    }

    deinit { loop.stop() }

    /// Ends what is under way and returns when every connection is closed.
    package func close() async {
        await loop.stopped()
    }

    /// The whole answer, whatever its status. Cancelling the task ends the transfer.
    package func send(_ request: ClientRequest) async throws(ClientFault) -> ClientResponse {
        let call = try Call(request, options: options)
        return try await withSource(of: call) { upload in
            await self.retrying(call) { end in
                await self.whole(call, upload: upload, end: end)
            } head: {
                ($0.status, $0.headers)
            } drop: { _ in
            }
        }.get()
    }

    /// The answer's body as it comes; the server waits while the reader does. The transfer ends with the closure.
    package func stream<Value: Sendable>(
        _ request: ClientRequest, _ read: @Sendable (ResponseStream) async throws -> Value
    ) async throws -> Value {
        let call = try Call(request, options: options)
        return try await withSource(of: call) { upload -> Result<Value, any Error> in
            let answer = await self.retrying(call) { end in
                await self.open(call, upload: upload, end: end)
            } head: {
                ($0.stream.status, $0.stream.headers)
            } drop: {
                self.loop.cancel($0.id)
            }
            do {
                let (id, stream) = try answer.get()
                defer {
                    self.loop.cancel(id)
                    self.noteEnd(of: stream, from: call.address.name)
                }
                return try await withTaskCancellationHandler {
                    .success(try await read(stream))
                } onCancel: {
                    self.loop.cancel(id)
                }
            } catch {
                return .failure(error)
            }
        }.get()
    }

    // MARK: - Parts of a call

    private typealias Upload = (id: UInt64, channel: UploadChannel)

    /// Runs the source of a streamed body beside its transfer.
    private func withSource<Outcome: Sendable>(
        of call: Call, _ body: @Sendable (Upload?) async -> Outcome
    ) async -> Outcome {
        guard case .stream(let length, let source) = call.request.body else { return await body(nil) }
        let id = loop.nextID()
        let channel = UploadChannel(length: length) { [loop] in loop.resume(id) }
        return await withTaskGroup(of: Void.self) { group in
            group.addTask {
                do {
                    try await source(BodyWriter(channel: channel))
                    channel.finish(isComplete: true)
                } catch {
                    channel.finish(isComplete: false)
                }
            }
            let outcome = await body((id, channel))
            channel.close()
            group.cancelAll()
            return outcome
        }
    }

    private func whole(
        _ call: Call, upload: Upload?, end: ContinuousClock.Instant
    ) async -> Result<ClientResponse, ClientFault> {
        let id = upload?.id ?? loop.nextID()
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                loop.start(call.job(id, upload?.channel, end, .whole { continuation.resume(returning: $0) }))
                // A cancellation before the start has found nothing to end.
                if Task.isCancelled { loop.cancel(id) }
            }
        } onCancel: {
            loop.cancel(id)
        }
    }

    private func open(
        _ call: Call, upload: Upload?, end: ContinuousClock.Instant
    ) async -> Result<(id: UInt64, stream: ResponseStream), ClientFault> {
        let id = upload?.id ?? loop.nextID()
        let channel = DownloadChannel { [loop] in loop.resume(id) }
        return await withTaskCancellationHandler {
            loop.start(call.job(id, upload?.channel, end, .stream(channel)))
            if Task.isCancelled { loop.cancel(id) }
            do throws(ClientFault) {
                let head = try await channel.head()
                return .success((id, ResponseStream(status: head.status, headers: head.headers, channel: channel)))
            } catch {
                return .failure(error)
            }
        } onCancel: {
            loop.cancel(id)
        }
    }

    private func retrying<Answer: Sendable>(
        _ call: Call, _ attempt: @Sendable (ContinuousClock.Instant) async -> Result<Answer, ClientFault>,
        head: @Sendable (Answer) -> (status: Int, headers: HeaderList), drop: @Sendable (Answer) -> Void
    ) async -> Result<Answer, ClientFault> {
        let host = call.address.name
        let end = clock.now + call.timeouts.total
        var tries = 0
        while true {
            let start = clock.now
            guard breaker.admits(host, at: start) else {
                metrics.note(ClientFault.circuitOpen(host: host).code, of: host, after: .zero)
                return .failure(.circuitOpen(host: host))
            }
            tries += 1
            let result = await attempt(end)
            let failure = note(result.map(head), of: host, after: clock.now - start)
            guard let failure, call.request.isRetried, !Task.isCancelled,
                let wait = policy.wait(
                    after: failure, tries: tries, chance: .random(in: 0...1), now: RetryPolicy.secondsSince1970),
                clock.now + wait < end
            else { return result }
            if case .success(let answer) = result { drop(answer) }
            do {
                try await Task.sleep(for: wait)
            } catch {
                return .failure(.cancelled)
            }
            metrics.noteRetry(of: host)
        }
    }

    /// Of a body that breaks off, the head's success was all that was noted.
    private func noteEnd(of stream: ResponseStream, from host: String) {
        guard let fault = stream.channel.fault, fault.isHostFailure else { return }
        metrics.noteBreak(fault.code, of: host)
        if breaker.note(.failure, of: host, at: clock.now) { metrics.noteOpening(of: host) }
    }

    /// Tells breaker and metrics; nil where nothing failed.
    private func note(
        _ result: Result<(status: Int, headers: HeaderList), ClientFault>, of host: String, after duration: Duration
    ) -> RetryPolicy.Failure? {
        let outcome: CircuitBreaker.Outcome
        let failure: RetryPolicy.Failure?
        switch result {
        case .success((let status, let headers)):
            metrics.note("\(status / 100)xx", of: host, after: duration)
            let isPassing = RetryPolicy.isPassing(status)
            // A server that asks for less works.
            outcome = isPassing && status != 429 ? .failure : .success
            failure = isPassing ? .status(status, retryAfter: headers["Retry-After"]) : nil
        case .failure(let fault):
            metrics.note(fault.code, of: host, after: duration)
            outcome = fault.isHostFailure ? .failure : .none
            failure = .fault(fault)
        }
        if breaker.note(outcome, of: host, at: clock.now) { metrics.noteOpening(of: host) }
        return failure
    }
}
