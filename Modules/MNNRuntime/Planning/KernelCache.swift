import MNNGraph
import Synchronization

/// The kernels of a model that some plan uses, so that plans for other shapes share packed weights.
final class KernelCache: Sendable {
  private struct Key: Hashable {
    let backend: String
    let op: any Operator
    let dtypes: [DType?]
    let constants: [Tensor?]
    let form: [Int]
    /// Computed once: tables hash their keys again when they grow, and hashing reads contents, whose pages were given back.
    private let hash: Int

    init(backend: String, op: any Operator, dtypes: [DType?], constants: [Tensor?], form: [Int]) {
      self.form = form
      self.backend = backend
      self.op = op
      self.dtypes = dtypes
      self.constants = constants
      var hasher = Hasher()
      hasher.combine(op)
      hasher.combine(constants)
      hash = hasher.finalize()
    }

    static func == (a: Key, b: Key) -> Bool {
      a.hash == b.hash && a.backend == b.backend && a.dtypes == b.dtypes && a.form == b.form && a.op.isEqual(to: b.op)
        && a.constants == b.constants
    }
    func hash(into hasher: inout Hasher) { hasher.combine(hash) }
  }

  private struct Entry: Sendable { weak var kernel: (any Kernel)? }

  private struct Table {
    var entries: [Key: Entry] = [:]
    /// How many entries to have before those whose kernel is gone are dropped: in all, one look per insertion.
    var limit = 64
  }

  private let table = Mutex(Table())

  /// The kernel of an equal earlier request, or what `make` makes.
  func kernel(
    backend: String, _ request: KernelRequest, form: [Int], make: () throws(RunError) -> any Kernel
  ) throws(RunError) -> any Kernel {
    let key = Key(
      backend: backend, op: request.op, dtypes: request.operands.list.map { $0?.type.dtype },
      constants: request.operands.list.map { $0?.constant }, form: form)
    if let known = table.withLock({ $0.entries[key]?.kernel }) { return known }
    let kernel = try make()
    table.withLock { table in
      if table.entries.count >= table.limit {
        table.entries = table.entries.filter { $0.value.kernel != nil }
        table.limit = max(64, 2 * table.entries.count)
      }
      table.entries[key] = Entry(kernel: kernel)
    }
    return kernel
  }
}
