/// An implementation of an operator with its constants packed: independent of shapes, shared by plans.
public protocol Kernel: AnyObject, Sendable {
  /// Inputs, as indices, whose contents the kernel keeps in its own form: they need not stay in memory for it.
  var packedInputs: [Int] { get }
  /// Bytes of what the kernel keeps.
  var packedByteCount: Int { get }
  /// Chooses the algorithm for one set of shapes and says how much scratch memory it needs.
  func prepare(for request: KernelRequest, settings: ExecutionSettings) throws(RunError) -> any Launch
}

/// A kernel bound to shapes. Running it allocates nothing.
public protocol Launch: Sendable {
  /// Bytes of scratch memory during ``run(_:)``.
  var scratchByteCount: Int { get }
  /// Inputs, as indices into the node's inputs, over which result 0 may be written.
  var inPlaceInputs: [Int] { get }
  /// The name of the algorithm, for profiles: `gemm 14x32 avx512`.
  var algorithm: String { get }
  /// Multiplications and additions of one run, for profiles; 0 if that says nothing.
  var floatingPointOperations: Int { get }
  func run(_ arguments: LaunchArguments) throws(RunError)
}

extension Kernel {
  public var packedInputs: [Int] { [] }
  public var packedByteCount: Int { 0 }
}

extension Launch {
  public var scratchByteCount: Int { 0 }
  public var inPlaceInputs: [Int] { [] }
  public var algorithm: String { "" }
  public var floatingPointOperations: Int { 0 }
}

/// Where a launch finds its operands. Valid only during ``Launch/run(_:)``.
public struct LaunchArguments {
  /// All buffers of the running session.
  let table: [BufferReference?]
  let inputSlots: [Int?]
  let resultSlots: [Int]
  let scratchSlot: Int?
  /// How many threads the launch may use.
  public let threads: Int

  /// The buffer of an input; nil if the input is absent.
  public func input(_ index: Int) -> BufferReference? {
    guard index < inputSlots.count, let slot = inputSlots[index] else { return nil }
    return table[slot]
  }

  public func result(_ index: Int) -> BufferReference? { table[resultSlots[index]] }

  public var scratch: BufferReference? { scratchSlot.flatMap { table[$0] } }

  /// The host address of an input; nil if it is absent.
  public func inputAddress(_ index: Int) -> UnsafeRawPointer? { input(index)?.hostAddress.map { UnsafeRawPointer($0) } }
  public func resultAddress(_ index: Int) -> UnsafeMutableRawPointer? { result(index)?.hostAddress }
  public var scratchAddress: UnsafeMutableRawPointer? { scratch?.hostAddress }
}
