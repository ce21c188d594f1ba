/// An implementation of an operator with its constants packed, shared by plans: independent of shapes but for its form, see
/// ``Backend/form(of:settings:)``.
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
  /// Inputs that need no copying if they lie in result 0 from the start. The launch compares addresses: they may lie elsewhere.
  var placedInputs: [PlacedInput] { get }
  /// The name of the algorithm, for profiles: `gemm 14x32 avx512`.
  var algorithm: String { get }
  /// What numbers it computes with, for people, where its operands' types do not say: `bytes by 4 bits, blocks of 32`.
  var arithmetic: String { get }
  /// Multiplications and additions of one run, for profiles; 0 if that says nothing.
  var floatingPointOperations: Int { get }
  func run(_ arguments: LaunchArguments) throws(RunError)
}

/// An input that is a part of a result, as of a concatenation's.
public struct PlacedInput: Sendable, Hashable {
  /// Index into the node's inputs.
  public var input: Int
  /// Where the part begins in the result, a multiple of 64 bytes.
  public var byteOffset: Int

  public init(input: Int, byteOffset: Int) {
    self.input = input
    self.byteOffset = byteOffset
  }
}

extension Kernel {
  public var packedInputs: [Int] { [] }
  public var packedByteCount: Int { 0 }
}

extension Launch {
  public var scratchByteCount: Int { 0 }
  public var inPlaceInputs: [Int] { [] }
  public var placedInputs: [PlacedInput] { [] }
  public var algorithm: String { "" }
  public var arithmetic: String { "" }
  public var floatingPointOperations: Int { 0 }
}

/// Where a launch finds its operands. Valid only during ``Launch/run(_:)``.
///
/// Holds plain addresses into the running session's tables, so that passing it on counts no references.
public struct LaunchArguments {
  /// The host addresses of the inputs, the results and the scratch memory, nil where absent or not the host's.
  let addresses: UnsafePointer<UnsafeMutableRawPointer?>
  /// The slots of the same, negative where absent.
  let slots: UnsafePointer<Int>
  /// All buffers of the running session, by slot.
  let table: UnsafePointer<BufferReference?>
  let inputCount: Int
  let resultCount: Int
  /// How many threads the launch may use.
  public let threads: Int

  private func buffer(_ index: Int) -> BufferReference? { slots[index] < 0 ? nil : table[slots[index]] }

  /// The buffer of an input; nil if the input is absent. For backends with memory of their own: where all memory is the host's,
  /// the caller's tensors have addresses only.
  public func input(_ index: Int) -> BufferReference? { index < inputCount ? buffer(index) : nil }

  public func result(_ index: Int) -> BufferReference? { index < resultCount ? buffer(inputCount + index) : nil }

  public var scratch: BufferReference? { buffer(inputCount + resultCount) }

  /// The host address of an input; nil if it is absent.
  public func inputAddress(_ index: Int) -> UnsafeRawPointer? {
    index < inputCount ? addresses[index].map { UnsafeRawPointer($0) } : nil
  }
  public func resultAddress(_ index: Int) -> UnsafeMutableRawPointer? {
    index < resultCount ? addresses[inputCount + index] : nil
  }
  public var scratchAddress: UnsafeMutableRawPointer? { addresses[inputCount + resultCount] }
}
