import MNNGraph
import Synchronization

/// Everything decided for one set of input shapes: steps with their kernels, places in memory. Immutable; sessions run it.
final class Plan: Sendable {
  enum Step: Sendable {
    case launch(LaunchStep)
    /// Between host memory and a backend's own.
    case upload(from: Int, to: Int, backend: Int, byteCount: Int)
    case download(from: Int, to: Int, backend: Int, byteCount: Int)

    var backend: Int {
      switch self {
      case .launch(let step): step.backend
      case .upload(_, _, let backend, _), .download(_, _, let backend, _): backend
      }
    }
  }

  /// A class, because a run goes through the steps and should not copy what they hold.
  final class LaunchStep: Sendable {
    /// Kept so that plans for other shapes find it, and its packed weights, in the model's ``KernelCache``.
    let kernel: any Kernel
    let launch: any Launch
    let node: String
    let operatorName: String
    let backend: Int
    let inputs: [Int?]
    let results: [Int]
    let scratch: Int?
    let operands: Operands
    let resultTypes: [TensorType]
    /// What the operator takes by its own meaning, tables on the way included.
    let work: Work
    /// What of the settings it does not honor, and why.
    let shortfall: String?

    init(
      kernel: any Kernel, launch: any Launch, node: String, operatorName: String, backend: Int, inputs: [Int?], results: [Int],
      scratch: Int?, operands: Operands, resultTypes: [TensorType], work: Work, shortfall: String?
    ) {
      self.shortfall = shortfall
      self.work = work
      self.kernel = kernel
      self.launch = launch
      self.node = node
      self.operatorName = operatorName
      self.backend = backend
      self.inputs = inputs
      self.results = results
      self.scratch = scratch
      self.operands = operands
      self.resultTypes = resultTypes
    }
  }

  /// Where a slot's bytes are.
  enum Slot: Sendable {
    case arena(space: Int, offset: Int)
    case input(Int)
    case output(Int)
    case constant(BufferReference)
  }

  /// A slot whose bytes are the caller's tensor of an index, with the steps' operands that it is.
  struct Binding: Sendable {
    let slot: Int
    let index: Int
    let operands: [Int]
  }

  /// Where a tensor that a run gives out comes from.
  enum Result: Sendable {
    case made(DType, [Int], Binding)
    case input(Int)
    case constant(Tensor)
    /// The same tensor as an earlier result.
    case result(Int)
  }

  enum Output: Sendable {
    case slot(Int, TensorType)
    case input(Int)
    case constant(Tensor)
  }

  let backends: [any Backend]
  let steps: [Step]
  let slots: [Slot]
  /// Size and owner of each memory space's arena; space 0 is the host's.
  let arenas: [(backend: Int, byteCount: Int)]
  /// Bytes of arena memory in use during each step.
  let liveByteCounts: [Int]
  let outputs: [Output]
  let placement: Placement
  let settings: ExecutionSettings
  /// The backends that at least one step runs on.
  let usedBackends: [any Backend]
  /// The slots of each step's inputs, results and scratch memory in turn, -1 where absent.
  let operandSlots: [Int]
  /// Where each step's operands begin in ``operandSlots``.
  let firstOperands: [Int]
  /// What every run binds anew: the inputs, and the results it makes.
  let inputBindings: [Binding]
  let results: [Result]
  /// Whether some step goes through buffers instead of host addresses.
  let usesDevices: Bool
  private let idle = Mutex<[Session]>([])
  private static let idleLimit = 16

  init(
    backends: [any Backend], steps: [Step], slots: [Slot], arenas: [(backend: Int, byteCount: Int)],
    liveByteCounts: [Int], outputs: [Output], placement: Placement, settings: ExecutionSettings
  ) {
    self.backends = backends
    self.steps = steps
    self.slots = slots
    self.arenas = arenas
    self.liveByteCounts = liveByteCounts
    self.outputs = outputs
    self.placement = placement
    self.settings = settings
    var operandSlots: [Int] = []
    var firstOperands: [Int] = []
    for step in steps {
      firstOperands.append(operandSlots.count)
      guard case .launch(let step) = step else { continue }
      operandSlots += step.inputs.map { $0 ?? -1 } + step.results + [step.scratch ?? -1]
    }
    self.operandSlots = operandSlots
    self.firstOperands = firstOperands
    var uses: [Int: [Int]] = [:]
    for (operand, slot) in operandSlots.enumerated() where slot >= 0 {
      if case .arena = slots[slot] { continue }
      uses[slot, default: []].append(operand)
    }
    func binding(_ slot: Int, _ index: Int) -> Binding { Binding(slot: slot, index: index, operands: uses[slot] ?? []) }
    inputBindings = slots.indices.compactMap { slot in
      if case .input(let index) = slots[slot] { binding(slot, index) } else { nil }
    }
    results = outputs.enumerated().map { i, output in
      switch output {
      case .input(let index): .input(index)
      case .constant(let tensor): .constant(tensor)
      case .slot(let slot, let type):
        if case .output(let first) = slots[slot], first != i {
          .result(first)
        } else {
          .made(type.dtype, type.shape.sizes ?? [], binding(slot, i))
        }
      }
    }
    usesDevices = steps.contains { !backends[$0.backend].usesHostMemory }
    usedBackends = Set(steps.map(\.backend)).sorted().map { backends[$0] }
  }

  /// Bytes of all arenas of one session.
  var arenaByteCount: Int { arenas.reduce(0) { $0 + $1.byteCount } }

  /// Bytes of what the plan's kernels keep, each counted once.
  var packedByteCount: Int {
    var kernels: [ObjectIdentifier: Int] = [:]
    for case .launch(let step) in steps { kernels[ObjectIdentifier(step.kernel)] = step.kernel.packedByteCount }
    return kernels.values.reduce(0, +)
  }

  /// Bytes of the tensors that a run gives out.
  var outputByteCount: Int {
    outputs.reduce(0) { sum, output in
      guard case .slot(_, let type) = output, let sizes = type.shape.sizes else { return sum }
      return sum + sizes.reduce(1, &*) * type.dtype.byteCount
    }
  }

  /// Runs on a session of the pool, or a new one.
  func run(_ inputs: [Tensor], profiler: Profiler?) throws(RunError) -> [Tensor] {
    let session: Session
    if let waiting = idle.withLock({ $0.popLast() }) { session = waiting } else { session = try Session(self) }
    let threads = Cores.shared.take(settings.threads)
    defer { Cores.shared.giveBack(threads) }
    let results = try session.run(self, inputs, threads: threads, profiler: profiler)
    idle.withLock { if $0.count < Plan.idleLimit { $0.append(session) } }
    return results
  }
}
