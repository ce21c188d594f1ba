import MNNGraph

/// Turns a graph of known types into a plan: lower, place, let backends rewrite, make kernels, lay out memory.
struct Planner {
  let backends: [any Backend]
  let settings: ExecutionSettings
  let kernels: KernelCache

  /// Which passes run, and how many changes are left to them.
  private var passes: PassControl
  private var steps: [Plan.Step] = []
  private var slots: [SlotDraft] = []
  private var placement = Placement()
  /// The slots in which a value of the whole graph can be found, by memory space.
  private var locations: [Value.ID: [Int: Int]] = [:]

  init(backends: [any Backend], settings: ExecutionSettings, kernels: KernelCache, passes: PassControl) {
    self.passes = passes
    self.backends = backends
    self.settings = settings
    self.kernels = kernels
  }

  /// A slot whose place is not decided yet.
  private struct SlotDraft {
    enum Kind {
      case arena
      case input(Int)
      case output(Int)
      case constant(BufferReference)
    }
    var kind: Kind
    var space: Int
    var byteCount: Int
    /// Steps, both included.
    var first: Int
    var last: Int
    /// The slot whose memory this one shares, itself if none.
    var root: Int
    /// Where it begins in the root's memory, in bytes.
    var offset = 0
  }

  mutating func plan(_ source: Graph) throws(RunError) -> Plan {
    let backends = backends
    var graph = source
    let segments = try asRunError { () throws(GraphError) in
      try graph.lower(for: backends)
      return try graph.segments(over: backends)
    }
    for (i, id) in graph.inputs.enumerated() {
      locations[id] = [0: newSlot(.input(i), space: 0, byteCount: try byteCount(graph[id].type))]
    }
    for segment in segments { try add(segment) }
    let outputs = try placeOutputs(of: graph)
    placePartsOfResults()
    shareMemoryInPlace()
    let (final, arenas) = layOut()
    return Plan(
      backends: backends, steps: steps, slots: final, arenas: arenas, liveByteCounts: liveByteCounts(), outputs: outputs,
      placement: placement, settings: settings)
  }

  // MARK: Steps

  /// The memory space of a backend: 0 for all that use host memory, otherwise its own.
  private func space(of backend: Int) -> Int { backends[backend].usesHostMemory ? 0 : backend + 1 }

  private mutating func newSlot(_ kind: SlotDraft.Kind, space: Int, byteCount: Int) -> Int {
    let step = steps.count
    slots.append(
      SlotDraft(kind: kind, space: space, byteCount: byteCount, first: step, last: step, root: slots.count))
    return slots.count - 1
  }

  private mutating func use(_ slot: Int) { slots[slot].last = max(slots[slot].last, steps.count) }

  private func byteCount(_ type: TensorType?) throws(RunError) -> Int {
    try asRunError { () throws(GraphError) in
      guard let type else { throw GraphError(.dependsOnData, "a type is not known") }
      return try checkedElementCount(type.shape.concreteSizes()) * type.dtype.byteCount
    }
  }

  private mutating func add(_ segment: Segment) throws(RunError) {
    let backend = backends[segment.backend]
    var graph = segment.graph
    let settings = settings
    passes = try asRunError { [passes] () throws(GraphError) in
      var passes = passes
      for pipeline in backend.pipelines(settings: settings) { try pipeline.run(on: &graph, under: &passes) }
      try graph.lower(for: [backend, ReferenceBackend()])
      return passes
    }
    let space = space(of: segment.backend)
    var local: [Value.ID: Int] = [:]
    for (outer, inner) in zip(segment.inputs, graph.inputs) {
      local[inner] = try slot(of: outer, in: space, backend: segment.backend, type: graph[inner].type)
    }
    for node in graph.nodes { try add(node, of: graph, on: segment.backend, &local) }
    for (outer, inner) in zip(segment.outputs, graph.outputs) {
      if let slot = local[inner] {
        locations[outer, default: [:]][space] = slot
      } else if let tensor = graph.constant(inner) {
        locations[outer, default: [:]][0] = newSlot(
          .constant(BufferReference(buffer: HostBuffer(tensor))), space: 0, byteCount: tensor.byteCount)
      }
    }
  }

  private mutating func add(
    _ node: Node, of graph: Graph, on index: Int, _ local: inout [Value.ID: Int]
  ) throws(RunError) {
    guard let request = graph.request(for: node) else {
      throw RunError(.unsupported, "the types of \(node.op.name) \"\(node.name)\" are not known")
    }
    // A node that a backend's rewriting left behind runs by reference if it can share the backend's memory.
    let reference = backends.count - 1
    let runsHere = backends[index].support(for: request).isSupported
    guard runsHere || backends[index].usesHostMemory else {
      throw RunError(.unsupported, "backend \(backends[index].name) made an operator it does not run", found: node.op.name)
    }
    let owner = runsHere ? index : reference
    let backend = backends[owner]
    let settings = settings
    let form = backend.form(of: request, settings: settings)
    let kernel = try kernels.kernel(backend: backend.name, request, form: form) { () throws(RunError) in
      try backend.makeKernel(for: request, settings: settings)
    }
    let launch = try kernel.prepare(for: request, settings: settings)
    let space = space(of: index)
    var inputs: [Int?] = []
    for (i, input) in node.inputs.enumerated() {
      guard let input, !kernel.packedInputs.contains(i) || graph.constant(input) == nil else {
        inputs.append(nil)
        continue
      }
      if local[input] == nil, let tensor = graph.constant(input) {
        local[input] = newSlot(.constant(try resident(tensor, backend: index)), space: space, byteCount: tensor.byteCount)
      }
      guard let slot = local[input] else {
        throw RunError(.graph, "value \"\(graph[input].name)\" is used before it is computed")
      }
      use(slot)
      inputs.append(slot)
    }
    for i in kernel.packedInputs {
      guard i < node.inputs.count, let tensor = graph.constant(node.inputs[i]) else { continue }
      tensor.storage.releasePages(of: tensor.byteOffset..<tensor.byteOffset + tensor.byteCount)
    }
    var results: [Int] = []
    for (id, type) in zip(node.results, request.results) {
      let slot = newSlot(.arena, space: space, byteCount: try byteCount(type))
      local[id] = slot
      results.append(slot)
    }
    let scratch = launch.scratchByteCount > 0 ? newSlot(.arena, space: space, byteCount: launch.scratchByteCount) : nil
    steps.append(
      .launch(
        Plan.LaunchStep(
          kernel: kernel, launch: launch, node: node.name, operatorName: node.op.name, backend: owner, inputs: inputs,
          results: results, scratch: scratch, operands: request.operands.withoutContents, resultTypes: request.results,
          work: request.op.work(for: request.operands, results: request.results),
          shortfall: backend.shortfall(of: launch, for: request, settings: settings))))
    var refusals: [String: String] = [:]
    for preferred in backends[..<owner] {
      if case .unsupported(let reason) = preferred.support(for: request) { refusals[preferred.name] = reason }
    }
    placement.entries.append(
      Placement.Entry(node: node.name, operatorName: node.op.name, backend: backend.name, refusals: refusals))
  }

  /// A constant where the backend can read it.
  private func resident(_ tensor: Tensor, backend: Int) throws(RunError) -> BufferReference {
    if backends[backend].usesHostMemory { return BufferReference(buffer: HostBuffer(tensor)) }
    let reference = BufferReference(buffer: try backends[backend].allocate(byteCount: tensor.byteCount))
    try tensor.withUnsafeBytes { bytes throws(RunError) in try backends[backend].upload(bytes, to: reference) }
    return reference
  }

  /// The slot in which a value lies in a memory space, after a copy if it is elsewhere.
  private mutating func slot(of id: Value.ID, in space: Int, backend: Int, type: TensorType?) throws(RunError) -> Int {
    guard let known = locations[id] else { throw RunError(.graph, "a value is used before it is computed") }
    if let slot = known[space] { return slot }
    let byteCount = try byteCount(type)
    if space != 0, known[0] == nil { _ = try slot(of: id, in: 0, backend: backend, type: type) }
    guard let source = locations[id]?[0] ?? known.first?.value else {
      throw RunError(.graph, "a value is used before it is computed")
    }
    let target = newSlot(.arena, space: space, byteCount: byteCount)
    use(source)
    if space == 0 {
      let owner = (known.keys.first ?? 1) - 1
      steps.append(.download(from: source, to: target, backend: owner, byteCount: byteCount))
    } else {
      steps.append(.upload(from: source, to: target, backend: backend, byteCount: byteCount))
    }
    locations[id, default: [:]][space] = target
    return target
  }

  // MARK: Memory

  private mutating func placeOutputs(of graph: Graph) throws(RunError) -> [Plan.Output] {
    var outputs: [Plan.Output] = []
    let inputs = Dictionary(zip(graph.inputs, graph.inputs.indices), uniquingKeysWith: { first, _ in first })
    for (i, id) in graph.outputs.enumerated() {
      if let tensor = graph.constant(id) {
        outputs.append(.constant(tensor))
      } else if let input = inputs[id] {
        outputs.append(.input(input))
      } else {
        let slot = try slot(of: id, in: 0, backend: 0, type: graph[id].type)
        guard let type = graph[id].type else { throw RunError(.graph, "the type of output \(i) is not known") }
        switch slots[slot].kind {
        case .arena: slots[slot].kind = .output(i)
        case .input(let index):
          outputs.append(.input(index))
          continue
        case .constant, .output: break
        }
        if case .constant(let reference) = slots[slot].kind {
          outputs.append(.constant(try copy(reference, type)))
        } else {
          outputs.append(.slot(slot, type))
        }
      }
    }
    return outputs
  }

  private func copy(_ reference: BufferReference, _ type: TensorType) throws(RunError) -> Tensor {
    try asRunError { () throws(GraphError) in
      let tensor = try Tensor(uninitialized: type.dtype, shape: type.shape.concreteSizes())
      if let address = reference.hostAddress {
        tensor.mutableBytes.copyMemory(from: UnsafeRawBufferPointer(start: address, count: tensor.byteCount))
      }
      return tensor
    }
  }

  /// Lets a node write its result into its place in the result of a later one, where that launch allows it.
  private mutating func placePartsOfResults() {
    // Last first: what a result is a part of is known before its own parts are placed.
    for case .launch(let step) in steps.reversed() {
      guard let result = step.results.first, case .arena = slots[result].kind else { continue }
      for part in step.launch.placedInputs {
        guard part.input < step.inputs.count, let input = step.inputs[part.input], case .arena = slots[input].kind,
          input != result, slots[input].root == input, slots[input].space == slots[result].space,
          part.byteOffset % MemoryPlan.alignment == 0, part.byteOffset + slots[input].byteCount <= slots[result].byteCount
        else { continue }
        let root = slots[result].root
        slots[input].root = root
        slots[input].offset = slots[result].offset + part.byteOffset
        slots[root].first = min(slots[root].first, slots[input].first)
        slots[root].last = max(slots[root].last, slots[input].last)
      }
    }
  }

  /// Lets a result take the memory of an input that dies with the step, where the launch allows it.
  private mutating func shareMemoryInPlace() {
    for (index, step) in steps.enumerated() {
      guard case .launch(let step) = step, let result = step.results.first, case .arena = slots[result].kind,
        slots[result].root == result
      else { continue }
      for i in step.launch.inPlaceInputs {
        guard i < step.inputs.count, let input = step.inputs[i], case .arena = slots[input].kind else { continue }
        let root = slots[input].root
        guard slots[root].last == index, slots[input].last == index,
          slots[root].byteCount - slots[input].offset >= slots[result].byteCount
        else {
          continue
        }
        // A kernel that still reads the memory through another operand would see its own results.
        let isReadElsewhere = step.inputs.enumerated().contains { other, slot in
          other != i && slot.map { slots[$0].root == root } ?? false
        }
        if isReadElsewhere { continue }
        slots[result].root = root
        slots[result].offset = slots[input].offset
        slots[root].last = slots[result].last
        break
      }
    }
  }

  /// Bytes of arena memory in use during each step.
  private func liveByteCounts() -> [Int] {
    var changes = [Int](repeating: 0, count: steps.count + 2)
    for (i, slot) in slots.enumerated() where slot.root == i {
      guard case .arena = slot.kind else { continue }
      changes[slot.first] += slot.byteCount
      changes[slot.last + 1] -= slot.byteCount
    }
    var live = 0
    return steps.indices.map { step in
      live += changes[step]
      return live
    }
  }

  private func layOut() -> (slots: [Plan.Slot], arenas: [(backend: Int, byteCount: Int)]) {
    var offsets = [Int](repeating: 0, count: slots.count)
    var arenas: [(backend: Int, byteCount: Int)] = []
    for space in 0...backends.count {
      let members = slots.indices.filter { i in
        if case .arena = slots[i].kind { slots[i].space == space && slots[i].root == i } else { false }
      }
      let plan = MemoryPlan(
        members.map { Lifetime(byteCount: slots[$0].byteCount, first: slots[$0].first, last: slots[$0].last) })
      for (slot, offset) in zip(members, plan.offsets) { offsets[slot] = offset }
      let host = backends.firstIndex { $0.usesHostMemory } ?? backends.count - 1
      arenas.append((space == 0 ? host : space - 1, members.isEmpty ? 0 : plan.byteCount))
    }
    let final = slots.map { slot -> Plan.Slot in
      switch slot.kind {
      case .arena: .arena(space: slot.space, offset: offsets[slot.root] + slot.offset)
      case .input(let i): .input(i)
      case .output(let i): .output(i)
      case .constant(let reference): .constant(reference)
      }
    }
    return (final, arenas)
  }
}
