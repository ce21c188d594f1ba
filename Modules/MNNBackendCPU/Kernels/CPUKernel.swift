import CKernels
import MNNGraph
import MNNKernels
import MNNRuntime

/// A kernel of this backend for one operator type. `init` packs what is constant, once.
protocol CPUKernel: Kernel {
  associatedtype Op: Operator

  /// Whether it computes the operator on these types, with a reason if not. Sizes are numbers.
  static func support(_ op: Op, _ request: KernelRequest, on processor: Processor) -> Support

  /// What ``init(_:_:on:settings:)`` takes from sizes that are not those of constants, see ``Backend/form(of:settings:)``.
  static func form(_ op: Op, _ request: KernelRequest, on processor: Processor) -> [Int]

  init(_ op: Op, _ request: KernelRequest, on processor: Processor, settings: ExecutionSettings) throws(RunError)

  /// The launch for one set of shapes, none of whose results is empty.
  func launch(for request: KernelRequest, settings: ExecutionSettings) throws(RunError) -> any Launch
}

extension CPUKernel {
  static func form(_ op: Op, _ request: KernelRequest, on processor: Processor) -> [Int] { [] }

  func prepare(for request: KernelRequest, settings: ExecutionSettings) throws(RunError) -> any Launch {
    let isEmpty = request.results.allSatisfy { $0.shape.sizes?.contains(0) ?? false }
    return isEmpty ? CPULaunch("empty") { _ in } : try launch(for: request, settings: settings)
  }
}

/// A kernel that keeps nothing but the operator.
class StatelessKernel<Op: Operator>: @unchecked Sendable {
  // Unchecked: subclasses are final and add no state.
  let op: Op
  let processor: Processor

  required init(_ op: Op, _ request: KernelRequest, on processor: Processor, settings: ExecutionSettings) throws(RunError) {
    self.op = op
    self.processor = processor
  }
}

/// A launch whose work is a closure.
struct CPULaunch: Launch {
  typealias Body = @Sendable (LaunchArguments) throws(RunError) -> Void

  var scratchByteCount = 0
  var inPlaceInputs: [Int] = []
  var placedInputs: [PlacedInput] = []
  var algorithm: String
  var floatingPointOperations = 0
  var arithmetic = ""
  let body: Body

  init(
    _ algorithm: String, scratch: Int = 0, inPlace: [Int] = [], placed: [PlacedInput] = [], operations: Int = 0,
    body: @escaping Body
  ) {
    self.algorithm = algorithm
    scratchByteCount = scratch
    inPlaceInputs = inPlace
    placedInputs = placed
    floatingPointOperations = operations
    self.body = body
  }

  func run(_ arguments: LaunchArguments) throws(RunError) { try body(arguments) }
}

extension LaunchArguments {
  /// The elements of an input that must be there.
  func input<T>(_ index: Int, as type: T.Type = T.self) throws(RunError) -> UnsafePointer<T> {
    guard let address = inputAddress(index) else { throw RunError(.device, "input \(index) of a kernel has no memory") }
    return address.assumingMemoryBound(to: T.self)
  }

  /// The elements of an input, nil if it is absent.
  func optionalInput<T>(_ index: Int, as type: T.Type = T.self) -> UnsafePointer<T>? {
    inputAddress(index)?.assumingMemoryBound(to: T.self)
  }

  func rawInput(_ index: Int) throws(RunError) -> UnsafeRawPointer {
    guard let address = inputAddress(index) else { throw RunError(.device, "input \(index) of a kernel has no memory") }
    return address
  }

  func result<T>(_ index: Int, as type: T.Type = T.self) throws(RunError) -> UnsafeMutablePointer<T> {
    try rawResult(index).assumingMemoryBound(to: T.self)
  }

  func rawResult(_ index: Int) throws(RunError) -> UnsafeMutableRawPointer {
    guard let address = resultAddress(index) else { throw RunError(.device, "result \(index) of a kernel has no memory") }
    return address
  }

  var floatScratch: UnsafeMutablePointer<Float>? { scratchAddress?.assumingMemoryBound(to: Float.self) }

  var threadCount: Int32 { Int32(threads) }
}

extension KernelRequest {
  func operandType(_ index: Int) throws(RunError) -> TensorType {
    guard let operand = operands[optional: index] else {
      throw RunError(.graph, "input \(index) of \(op.name) \"\(nodeName)\" is missing")
    }
    return operand.type
  }

  /// The sizes of an input that must be there.
  func sizes(_ index: Int) throws(RunError) -> [Int] {
    let type = try operandType(index)
    return try asRunError { () throws(GraphError) in try type.shape.concreteSizes() }
  }

  func resultSizes(_ index: Int = 0) throws(RunError) -> [Int] {
    let type = results[index]
    return try asRunError { () throws(GraphError) in try type.shape.concreteSizes() }
  }

  func dtype(_ index: Int) -> DType? { operands[optional: index]?.type.dtype }

  func constant(_ index: Int) -> Tensor? { operands[optional: index]?.constant }

  func has(_ index: Int) -> Bool { operands[optional: index] != nil }
}

/// The elements of a constant, 64-byte aligned, kept by a kernel in a form of its own.
final class PackedStorage: @unchecked Sendable {
  // Unchecked: written by its maker before it is shared.
  private let storage: TensorStorage
  let byteCount: Int

  init(byteCount: Int) throws(RunError) {
    storage = try asRunError { () throws(GraphError) in try TensorStorage.allocateLasting(byteCount: byteCount) }
    self.byteCount = byteCount
  }

  private init(_ storage: TensorStorage, byteCount: Int) {
    self.storage = storage
    self.byteCount = byteCount
  }

  /// Weights in the form of a kernel: from the cache of the model that is being planned if it has them, else what `pack` writes.
  ///
  /// - Parameters:
  ///   - others: what else is packed with them.
  ///   - form: everything, beside the weights, on which the packed bytes depend: kernel, sizes, strides.
  static func packing(
    _ weights: Tensor, with others: [Tensor?] = [], as form: String, _ numbers: [Int], byteCount: Int,
    _ pack: (UnsafeMutablePointer<Float>) -> Void
  ) throws(RunError) -> PackedStorage {
    guard let cache = WeightCache.current else {
      let packed = try PackedStorage(byteCount: byteCount)
      pack(packed.floats)
      return packed
    }
    var key = ContentHash()
    key.combine(form)
    key.combine(numbers)
    key.combine(weights.shape)
    weights.withUnsafeBytes { key.combine(bytes: $0) }
    for other in others {
      key.combine(other?.shape ?? [-1])
      other?.withUnsafeBytes { key.combine(bytes: $0) }
    }
    if let known = cache.storage(for: key, byteCount: byteCount) { return PackedStorage(known, byteCount: byteCount) }
    let packed = try PackedStorage(byteCount: byteCount)
    pack(packed.floats)
    // Weights that went between the two readings must not be kept under the key of what they were.
    if weights.storage.mappedFile?.isDamaged != true { cache.insert(packed.storage, byteCount: byteCount, for: key) }
    return packed
  }

  var floats: UnsafeMutablePointer<Float> { storage.base.assumingMemoryBound(to: Float.self) }
  var integers: UnsafeMutablePointer<Int32> { storage.base.assumingMemoryBound(to: Int32.self) }
  var bytes: UnsafeMutablePointer<Int8> { storage.base.assumingMemoryBound(to: Int8.self) }

  /// A copy of `values`, zeros up to `count`.
  convenience init<T: TensorScalar>(_ values: [T], paddedTo count: Int? = nil) throws(RunError) {
    let count = max(count ?? values.count, values.count)
    try self.init(byteCount: count * MemoryLayout<T>.stride)
    let target = storage.base.assumingMemoryBound(to: T.self)
    UnsafeMutableRawPointer(target).initializeMemory(as: UInt8.self, repeating: 0, count: byteCount)
    values.withUnsafeBufferPointer { source in
      if let base = source.baseAddress { target.update(from: base, count: source.count) }
    }
  }
}
