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

  private let entries = Mutex<[Key: Entry]>([:])

  /// The kernel of an equal earlier request, or what `make` makes.
  func kernel(
    backend: String, _ request: KernelRequest, form: [Int], make: () throws(RunError) -> any Kernel
  ) throws(RunError) -> any Kernel {
    let key = Key(
      backend: backend, op: request.op, dtypes: request.operands.list.map { $0?.type.dtype },
      constants: request.operands.list.map { $0?.constant }, form: form)
    if let known = entries.withLock({ $0[key]?.kernel }) { return known }
    let kernel = try make()
    entries.withLock { entries in
      entries = entries.filter { $0.value.kernel != nil }
      entries[key] = Entry(kernel: kernel)
    }
    return kernel
  }
}
