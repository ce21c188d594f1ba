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

    init(
      kernel: any Kernel, launch: any Launch, node: String, operatorName: String, backend: Int, inputs: [Int?], results: [Int],
      scratch: Int?, operands: Operands, resultTypes: [TensorType]
    ) {
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
  let outputs: [Output]
  let placement: Placement
  let settings: ExecutionSettings
  /// The backends that at least one step runs on.
  let usedBackends: [any Backend]
  /// The slots that every run binds anew.
  let boundSlots: [Int]
  private let idle = Mutex<[Session]>([])
  private static let idleLimit = 16

  init(
    backends: [any Backend], steps: [Step], slots: [Slot], arenas: [(backend: Int, byteCount: Int)], outputs: [Output],
    placement: Placement, settings: ExecutionSettings
  ) {
    self.backends = backends
    self.steps = steps
    self.slots = slots
    self.arenas = arenas
    self.outputs = outputs
    self.placement = placement
    self.settings = settings
    boundSlots = slots.indices.filter { index in
      switch slots[index] {
      case .input, .output: true
      case .arena, .constant: false
      }
    }
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
    let results = try session.run(self, inputs, profiler: profiler)
    idle.withLock { if $0.count < Plan.idleLimit { $0.append(session) } }
    return results
  }
}

/// The memory of one running request. Used by one caller at a time.
final class Session: @unchecked Sendable {
  // Unchecked: the pool hands a session to one caller at a time.
  private var table: [BufferReference?]

  init(_ plan: Plan) throws(RunError) {
    var buffers: [(any DeviceBuffer)?] = []
    for arena in plan.arenas {
      buffers.append(arena.byteCount == 0 ? nil : try plan.backends[arena.backend].allocate(byteCount: arena.byteCount))
    }
    table = plan.slots.map { slot in
      switch slot {
      case .arena(let space, let offset): buffers[space].map { BufferReference(buffer: $0, offset: offset) }
      case .constant(let reference): reference
      case .input, .output: nil
      }
    }
  }

  func run(_ plan: Plan, _ inputs: [Tensor], profiler: Profiler?) throws(RunError) -> [Tensor] {
    var results: [Tensor?] = plan.outputs.map { output in
      switch output {
      case .input(let index): inputs[index]
      case .constant(let tensor): tensor
      case .slot: nil
      }
    }
    for index in plan.boundSlots {
      switch plan.slots[index] {
      case .input(let i): table[index] = BufferReference(buffer: HostBuffer(inputs[i]))
      case .output(let i):
        guard case .slot(_, let type) = plan.outputs[i] else { continue }
        let tensor = try asRunError { () throws(GraphError) in
          try Tensor(uninitialized: type.dtype, shape: type.shape.concreteSizes())
        }
        results[i] = tensor
        table[index] = BufferReference(buffer: HostBuffer(tensor))
      case .arena, .constant: continue
      }
    }
    defer {
      for index in plan.boundSlots { table[index] = nil }
    }
    let states = plan.usedBackends.map { $0.beginRun(settings: plan.settings) }
    defer {
      for (backend, state) in zip(plan.usedBackends, states).reversed() { backend.endRun(state) }
    }
    let cancellation = Cancellation.current
    for step in plan.steps {
      if let cancellation { try cancellation.check() }
      try run(step, plan, profiler)
    }
    // Outputs that share a slot share a tensor.
    for (i, output) in plan.outputs.enumerated() where results[i] == nil {
      guard case .slot(let slot, _) = output, case .output(let first) = plan.slots[slot] else { continue }
      results[i] = results[first]
    }
    return results.compactMap { $0 }
  }

  private func run(_ step: Plan.Step, _ plan: Plan, _ profiler: Profiler?) throws(RunError) {
    switch step {
    case .launch(let step):
      let arguments = LaunchArguments(
        table: table, inputSlots: step.inputs, resultSlots: step.results, scratchSlot: step.scratch,
        threads: plan.settings.threads)
      guard let profiler else { return try step.launch.run(arguments) }
      let start = ContinuousClock.now
      try step.launch.run(arguments)
      try plan.backends[step.backend].synchronize()
      profiler.record(step, backend: plan.backends[step.backend].name, from: start, to: .now)
    case .upload(let source, let target, let backend, let byteCount):
      guard let from = table[source]?.hostAddress, let to = table[target] else { return }
      try plan.backends[backend].upload(UnsafeRawBufferPointer(start: from, count: byteCount), to: to)
    case .download(let source, let target, let backend, let byteCount):
      guard let from = table[source], let to = table[target]?.hostAddress else { return }
      try plan.backends[backend].download(from, to: UnsafeMutableRawBufferPointer(start: to, count: byteCount))
    }
  }
}
