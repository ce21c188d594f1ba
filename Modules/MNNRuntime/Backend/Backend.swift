public import MNNGraph

/// A device that runs operators: which it supports, how it rewrites a graph for itself, its kernels and its memory.
///
/// A backend knows nothing of files, of other backends or of placement; ``Planner`` asks it. There is no method per
/// operator: adding an operator to a backend adds a kernel, not a requirement.
public protocol Backend: Sendable {
  /// Lower-case, unique among the backends of a program: `cpu`, `opencl`, `vulkan`.
  var name: String { get }

  /// True if kernels read and write host memory, which backends of that kind share.
  var usesHostMemory: Bool { get }

  /// Whether the backend computes this operator on these types, with a reason if not.
  func support(for request: KernelRequest) -> Support

  /// What rewrites a graph that this backend will run whole, in order: fuses nodes, chooses layouts. Types are concrete. New nodes
  /// may use operators that only this backend knows; inputs and outputs keep their types. What is not supported afterwards falls
  /// back as anywhere else, so that any of the passes may be left out.
  ///
  /// The default makes the fused operators of MNNGraph that the backend supports.
  func pipelines(settings: ExecutionSettings) -> [PassPipeline]

  /// What the kernel of a request depends on beside operator, element types and constants: numbers that follow from sizes, as which
  /// algorithm its weights are packed for. A kernel may depend on nothing else of the request, as it is kept for other sizes whose
  /// form is equal: then a result depends on the sizes of its own run, and never on those that came before.
  func form(of request: KernelRequest, settings: ExecutionSettings) -> [Int]

  /// A kernel, its weights packed. Kept and shared by all plans of a model that ask for an equal one, of equal form.
  func makeKernel(for request: KernelRequest, settings: ExecutionSettings) throws(RunError) -> any Kernel

  /// What of the settings a launch does not honor, and why, for people; nil if nothing.
  func shortfall(of launch: any Launch, for request: KernelRequest, settings: ExecutionSettings) -> String?

  /// Memory of this backend, 64-byte aligned.
  func allocate(byteCount: Int) throws(RunError) -> any DeviceBuffer

  /// Copies host bytes into a buffer.
  func upload(_ source: UnsafeRawBufferPointer, to target: BufferReference) throws(RunError)

  /// Copies a buffer into host bytes, after the work that writes it.
  func download(_ source: BufferReference, to target: UnsafeMutableRawBufferPointer) throws(RunError)

  /// Called on the running thread before the first step of a run, for what must be set per run.
  ///
  /// - Returns: what ``endRun(_:)`` needs to set it back.
  func beginRun(settings: ExecutionSettings) -> UInt64

  /// Called on the running thread after the last step of a run, failed runs included.
  func endRun(_ state: UInt64)

  /// Waits until all launched work is done.
  func synchronize() throws(RunError)
}

extension Backend {
  public var usesHostMemory: Bool { false }
  public func pipelines(settings: ExecutionSettings) -> [PassPipeline] { [.fusion(claims), .chains(claims)] }

  /// What the backend supports, as fusion asks for it.
  public var claims: Claim {
    { op, operands, results in
      support(for: KernelRequest(op: op, nodeName: "", operands: operands, results: results)).isSupported
    }
  }

  public func form(of request: KernelRequest, settings: ExecutionSettings) -> [Int] { [] }
  public func shortfall(of launch: any Launch, for request: KernelRequest, settings: ExecutionSettings) -> String? { nil }
  public func beginRun(settings: ExecutionSettings) -> UInt64 { 0 }
  public func endRun(_ state: UInt64) {}
  public func synchronize() throws(RunError) {}
}

/// A node as a backend sees it.
public struct KernelRequest: Sendable {
  public var op: any Operator
  public var nodeName: String
  /// One per input, nil where absent. Sizes are numbers. Weights have their contents.
  public var operands: Operands
  public var results: [TensorType]

  public init(op: any Operator, nodeName: String, operands: Operands, results: [TensorType]) {
    self.op = op
    self.nodeName = nodeName
    self.operands = operands
    self.results = results
  }
}

/// A backend's answer about one node.
public enum Support: Sendable, Hashable {
  case supported
  /// Why not, for people: `float16 needs cl_khr_fp16`.
  case unsupported(String)

  public var isSupported: Bool { self == .supported }
}

/// What a program asks of the runtime for all nodes alike.
public struct ExecutionSettings: Sendable, Hashable {
  public enum Precision: String, Sendable, Hashable, CaseIterable {
    case normal, high, low, lowBF16

    /// True where fewer bits than float32's are asked for.
    public var isLow: Bool { self == .low || self == .lowBF16 }
  }
  public enum Memory: String, Sendable, Hashable, CaseIterable { case normal, high, low }
  public enum Power: String, Sendable, Hashable, CaseIterable { case normal, high, low }

  /// At least 1.
  public var threads: Int
  public var precision: Precision
  public var memory: Memory
  public var power: Power

  public init(
    threads: Int = 1, precision: Precision = .normal, memory: Memory = .normal, power: Power = .normal
  ) {
    self.threads = threads
    self.precision = precision
    self.memory = memory
    self.power = power
  }
}

/// Memory of a device.
public protocol DeviceBuffer: AnyObject, Sendable {
  var byteCount: Int { get }
  /// The address if the host can read and write the memory, else nil.
  var hostAddress: UnsafeMutableRawPointer? { get }
}

/// A place in a buffer.
public struct BufferReference: Sendable {
  public var buffer: any DeviceBuffer
  /// In bytes.
  public var offset: Int

  public init(buffer: any DeviceBuffer, offset: Int = 0) {
    self.buffer = buffer
    self.offset = offset
  }

  public var hostAddress: UnsafeMutableRawPointer? { buffer.hostAddress.map { $0 + offset } }
}
