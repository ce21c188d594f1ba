import MNNGraph

/// The memory of one running request. Used by one caller at a time.
final class Session: @unchecked Sendable {
  // Unchecked: the pool hands a session to one caller at a time.
  /// The buffer of each slot.
  private let table: UnsafeMutableBufferPointer<BufferReference?>
  /// The host address of each of the plan's operands.
  private let addresses: UnsafeMutableBufferPointer<UnsafeMutableRawPointer?>
  /// The slot of each of the plan's operands.
  private let slots: UnsafeMutableBufferPointer<Int>
  /// What the last run gave out, by result: used again once the caller has let go of it.
  private var made: [TensorStorage?]

  init(_ plan: Plan) throws(RunError) {
    var buffers: [(any DeviceBuffer)?] = []
    for arena in plan.arenas {
      buffers.append(arena.byteCount == 0 ? nil : try plan.backends[arena.backend].allocate(byteCount: arena.byteCount))
    }
    table = .allocate(capacity: plan.slots.count)
    for (index, slot) in plan.slots.enumerated() {
      let reference: BufferReference? =
        switch slot {
        case .arena(let space, let offset): buffers[space].map { BufferReference(buffer: $0, offset: offset) }
        case .constant(let reference): reference
        case .input, .output: nil
        }
      table.initializeElement(at: index, to: reference)
    }
    made = [TensorStorage?](repeating: nil, count: plan.results.count)
    slots = .allocate(capacity: plan.operandSlots.count)
    addresses = .allocate(capacity: plan.operandSlots.count)
    for (index, slot) in plan.operandSlots.enumerated() {
      slots.initializeElement(at: index, to: slot)
      addresses.initializeElement(at: index, to: slot < 0 ? nil : table[slot]?.hostAddress)
    }
  }

  deinit {
    table.deinitialize().deallocate()
    addresses.deallocate()
    slots.deallocate()
  }

  func run(_ plan: Plan, _ inputs: [Tensor], threads: Int, profiler: Profiler?) throws(RunError) -> [Tensor] {
    for binding in plan.inputBindings { bind(binding, to: inputs[binding.index], plan) }
    var results: [Tensor] = []
    results.reserveCapacity(plan.results.count)
    for i in plan.results.indices {
      switch plan.results[i] {
      case .made(let dtype, let shape, let binding):
        let storage = isKnownUniquelyReferenced(&made[i]) ? made[i] : nil
        let tensor = try asRunError { () throws(GraphError) in
          guard let storage else { return try Tensor(uninitialized: dtype, shape: shape) }
          return try Tensor(dtype: dtype, shape: shape, storage: storage)
        }
        made[i] = tensor.storage
        bind(binding, to: tensor, plan)
        results.append(tensor)
      case .input(let index): results.append(inputs[index])
      case .constant(let tensor): results.append(tensor)
      case .result(let index): results.append(results[index])
      }
    }
    defer { if plan.usesDevices { unbind(plan) } }
    let states = plan.usedBackends.map { $0.beginRun(settings: plan.settings) }
    defer {
      for (backend, state) in zip(plan.usedBackends, states).reversed() { backend.endRun(state) }
    }
    let cancellation = Cancellation.current
    for index in plan.steps.indices {
      if let cancellation { try cancellation.check() }
      try run(index, plan, threads: threads, profiler)
    }
    return results
  }

  private func bind(_ binding: Plan.Binding, to tensor: Tensor, _ plan: Plan) {
    let address = tensor.mutableBytes.baseAddress
    for operand in binding.operands { addresses[operand] = address }
    if plan.usesDevices { table[binding.slot] = BufferReference(buffer: HostBuffer(tensor)) }
  }

  /// Lets go of the caller's tensors.
  private func unbind(_ plan: Plan) {
    for binding in plan.inputBindings { table[binding.slot] = nil }
    for case .made(_, _, let binding) in plan.results { table[binding.slot] = nil }
  }

  private func run(_ index: Int, _ plan: Plan, threads: Int, _ profiler: Profiler?) throws(RunError) {
    switch plan.steps[index] {
    case .launch(let step):
      let first = plan.firstOperands[index]
      guard let addresses = addresses.baseAddress, let slots = slots.baseAddress, let table = table.baseAddress else { return }
      let arguments = LaunchArguments(
        addresses: addresses + first, slots: slots + first, table: table, inputCount: step.inputs.count,
        resultCount: step.results.count, threads: threads)
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
