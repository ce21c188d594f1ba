import Synchronization

/// One change that a pass made to a graph.
public struct AppliedPatch: Sendable, Hashable {
  /// Counted from 1, over all pipelines that run under one control.
  public var number: Int
  public var pass: String
  /// The node that the pass changed.
  public var node: String

  public init(number: Int, pass: String, node: String) {
    self.number = number
    self.pass = pass
    self.node = node
  }
}

/// Keeps what passes changed.
public final class PatchLog: Sendable {
  private let storage = Mutex<[AppliedPatch]>([])

  public init() {}

  /// In the order in which they were applied. Where a model makes several plans, numbers come again.
  public var patches: [AppliedPatch] { storage.withLock { $0 } }

  func append(_ patch: AppliedPatch) { storage.withLock { $0.append(patch) } }
}

/// Which passes run, and how many changes they may make, whoever they belong to: simplifying, planning, backends.
///
/// Counting goes on from one pipeline to the next. Where a model is planned several times, each plan goes on from where loading ended.
public struct PassControl: Sendable {
  /// Names of passes to leave out.
  public var disabled: Set<String>
  /// How many changes may be made in all. Halving it finds the one that breaks a model: ``Bisection``.
  public var patchLimit: Int
  public var log: PatchLog?
  /// How many have been made.
  public internal(set) var patchCount = 0

  public init(disabled: Set<String> = [], patchLimit: Int = .max, log: PatchLog? = nil) {
    self.disabled = disabled
    self.patchLimit = patchLimit
    self.log = log
  }
}
