import Synchronization

/// Whether a running request is still wanted.
final class Cancellation: Sendable {
  /// That of the request that the current thread runs.
  @TaskLocal static var current: Cancellation?

  private let isCancelled = Atomic(false)

  func cancel() { isCancelled.store(true, ordering: .relaxed) }

  /// - Throws: ``RunError/Code/cancelled``.
  func check() throws(RunError) {
    if isCancelled.load(ordering: .relaxed) { throw RunError(.cancelled, "the task was cancelled") }
  }
}
