import Dispatch
public import MNNGraph

/// A model ready to run.
///
/// A module may be called from many tasks at once: the graph and the packed weights are immutable and shared, and each call
/// borrows its own working memory.
public final class Module: Sendable {
  /// An input or output as users see it.
  public struct Port: Sendable, Hashable {
    public var name: String
    /// nil if the shape is known only while running.
    public var type: TensorType?
  }

  public let inputs: [Port]
  public let outputs: [Port]
  /// How users see the axes of image inputs.
  public let format: DataFormat
  public let metadata: [String: String]
  private let program: Program
  private let acceptsOtherSizes: Bool

  /// - Parameters:
  ///   - inputs: names of values to feed, in the order of ``forward(_:)-([Tensor])``; empty for the graph's own.
  ///   - outputs: names of values to give out; empty for the graph's own. Any value of the graph can be named.
  ///   - shapeMutable: false if the shapes will not change: the plan is then made now, and only the last one is kept.
  ///   - passes: what is done to the graph before it is planned.
  ///   - budget: what that may take, if reading the graph has spent from it already; nil for one of its own.
  /// - Throws: ``RunError`` for names that do not exist, or if the graph cannot be planned.
  public init(
    graph: Graph, inputs: [String] = [], outputs: [String] = [], runtime: RuntimeManager, shapeMutable: Bool = true,
    passes: PassPipeline = .simplify, budget: WorkBudget? = nil
  ) throws(RunError) {
    var graph = inputs.isEmpty && outputs.isEmpty ? graph : try graph.cut(inputs: inputs, outputs: outputs)
    format = graph.format
    metadata = graph.metadata
    acceptsOtherSizes = shapeMutable
    self.inputs = graph.inputs.map { Port(name: graph[$0].name, type: graph[$0].type) }
    self.outputs = graph.outputs.map { Port(name: graph[$0].name, type: graph[$0].type) }
    // What a model states of its inputs is an example: nothing may be folded that another size would change.
    let files = graph.mappedFiles
    var (runtime, control) = (runtime, runtime.passes)
    let limits = WorkBudget.Limits.conversion.scaled(by: runtime.workFactor).adding(bytes: graph.constantByteCount)
    try (budget ?? WorkBudget.current ?? WorkBudget(limits)).run { () throws(RunError) in
      if shapeMutable, let open = graph.withOpenSizes() { graph = open }
      _ = try asRunError { () throws(GraphError) in
        try PassPipeline.expansion(for: runtime.settings).run(on: &graph, under: &control)
        try passes.run(on: &graph, under: &control)
      }
    }
    runtime.passes = control
    program = Program(
      graph, runtime: runtime, kernels: KernelCache(), files: files, capacity: shapeMutable ? nil : 1,
      workFactor: runtime.workFactor.isFinite ? runtime.workFactor : nil)
    let types = self.inputs.compactMap(\.type).filter { $0.shape.sizes != nil }
    if !shapeMutable, types.count == self.inputs.count { _ = try program.entry(for: types.map { Operand($0) }) }
  }

  /// Runs the model.
  ///
  /// - Parameter inputs: one tensor per input, in order. Integers of another width and floats of another precision are
  ///   converted if no value is lost (floats: rounded).
  /// - Returns: one tensor per output, in order.
  /// - Throws: ``RunError`` naming the input or the node.
  public func forward(_ inputs: [Tensor]) throws(RunError) -> [Tensor] {
    try program.run(try bind(inputs))
  }

  /// As ``forward(_:)-([Tensor])``, with the time of every step recorded.
  public func forward(_ inputs: [Tensor], profiler: Profiler) throws(RunError) -> [Tensor] {
    try program.run(try bind(inputs), profiler: profiler)
  }

  /// Runs the model on tensors by name.
  public func forward(_ inputs: [String: Tensor]) throws(RunError) -> [String: Tensor] {
    var list: [Tensor] = []
    for port in self.inputs {
      guard let tensor = inputs[port.name] else {
        throw RunError(
          .inputName, "input \"\(port.name)\" is missing", expected: self.inputs.map(\.name).joined(separator: ", "),
          found: inputs.keys.sorted().joined(separator: ", "))
      }
      list.append(tensor)
    }
    let known = Set(self.inputs.map(\.name))
    if let unknown = inputs.keys.filter({ !known.contains($0) }).min() {
      throw RunError(
        .inputName, "the model has no input \"\(unknown)\"",
        expected: self.inputs.map(\.name).joined(separator: ", "))
    }
    return Dictionary(zip(outputs.map(\.name), try forward(list)), uniquingKeysWith: { first, _ in first })
  }

  /// Runs the model away from the cooperative thread pool, so that other tasks go on. Between two steps it looks whether the
  /// task was cancelled.
  ///
  /// - Throws: ``RunError``; its code is ``RunError/Code/cancelled`` if the task was.
  public func forward(_ inputs: [Tensor]) async throws -> [Tensor] {
    let cancellation = Cancellation()
    return try await withTaskCancellationHandler {
      try cancellation.check()
      return try await withCheckedThrowingContinuation { continuation in
        Module.queue.async {
          continuation.resume(
            with: Cancellation.$current.withValue(cancellation) { Result { try self.forward(inputs) as [Tensor] } })
        }
      }
    } onCancel: {
      cancellation.cancel()
    }
  }

  private static let queue = DispatchQueue(label: "mnn.forward", attributes: .concurrent)

  /// What a run with inputs of these types will use, before it runs. Types are converted as ``forward(_:)-([Tensor])`` does.
  public func plan(forInputs types: [TensorType]) throws(RunError) -> PlanSummary {
    var operands: [Operand] = []
    for (i, type) in types.enumerated() { operands.append(Operand(i < inputs.count ? try inputs[i].accept(type) : type)) }
    let entry = try program.entry(for: operands)
    return PlanSummary(entry.plan, isPartial: entry.rest != nil)
  }

  private func bind(_ tensors: [Tensor]) throws(RunError) -> [Tensor] {
    guard tensors.count == inputs.count else {
      throw RunError(
        .inputCount, "wrong number of inputs",
        expected: "\(inputs.count) (\(inputs.map(\.name).joined(separator: ", ")))", found: "\(tensors.count)")
    }
    var result: [Tensor] = []
    for (port, tensor) in zip(inputs, tensors) {
      if !acceptsOtherSizes { try port.requireStatedSizes(tensor) }
      result.append(try port.accept(tensor))
    }
    return result
  }
}

extension Module.Port {
  /// Throws if the tensor has other sizes than the model states.
  func requireStatedSizes(_ tensor: Tensor) throws(RunError) {
    guard let type, tensor.rank == type.shape.rank else { return }
    guard zip(type.shape.dimensions, tensor.shape).allSatisfy({ $0.value == nil || $0.value == $1 }) else {
      throw RunError(
        .inputShape, "input \"\(name)\" has other sizes than the model states", expected: "\(type.shape)",
        found: "\(tensor.shape)", advice: "load the model with shapeMutable true")
    }
  }

  /// The type that a tensor of type `found` is converted to, or an error that names the input.
  func accept(_ found: TensorType) throws(RunError) -> TensorType {
    guard let type else { return found }
    guard found.shape.rank == type.shape.rank else {
      throw RunError(
        .inputShape, "input \"\(name)\" has the wrong number of axes", expected: "\(type.shape)", found: "\(found.shape)")
    }
    guard found.dtype == type.dtype || found.dtype.isFloatingPoint == type.dtype.isFloatingPoint else {
      throw RunError(
        .inputType, "input \"\(name)\" has the wrong element type", expected: "\(type.dtype)", found: "\(found.dtype)",
        advice: "convert the tensor")
    }
    return TensorType(type.dtype, found.shape)
  }

  /// The tensor as the model's type, or an error that names the input.
  func accept(_ tensor: Tensor) throws(RunError) -> Tensor {
    let type = try accept(tensor.type)
    if tensor.dtype == type.dtype { return tensor }
    return try asRunError { () throws(GraphError) in
      let converted = try tensor.converted(to: type.dtype)
      if !type.dtype.isFloatingPoint, try converted.scalars(as: Int64.self) != tensor.scalars(as: Int64.self) {
        throw GraphError(
          .indexOutOfRange, "input \"\(name)\" has values that its type cannot hold", expected: "\(type.dtype)",
          found: "\(tensor.dtype)")
      }
      return converted
    }
  }
}

extension Graph {
  /// The graph with the sizes of its inputs left open, those of the first axes if all cannot be, or nil if it does not allow other
  /// sizes or states none.
  func withOpenSizes() -> Graph? {
    guard inputs.contains(where: { self[$0].type?.shape.dimensions.contains { $0.value != nil } ?? false }) else { return nil }
    return opening { _ in true } ?? opening { $0 == 0 }
  }

  private func opening(_ isOpened: (_ axis: Int) -> Bool) -> Graph? {
    var copy = self
    for id in inputs {
      guard let type = self[id].type else { continue }
      let sizes = type.shape.dimensions.enumerated().map { axis, size in
        size.value == nil || !isOpened(axis) ? size : Dimension.symbol("\(self[id].name).\(axis)")
      }
      copy.setType(TensorType(type.dtype, Shape(sizes)), of: id)
    }
    do throws(GraphError) { try copy.inferTypes() } catch { return nil }
    return copy
  }

  /// The part between the named values.
  func cut(inputs: [String], outputs: [String]) throws(RunError) -> Graph {
    let names = valuesByName
    func find(_ name: String, _ code: RunError.Code, _ kind: String, _ known: [Value.ID]) throws(RunError) -> Value.ID {
      guard let id = names[name] else {
        throw RunError(
          code, "the model has no value \"\(name)\" to use as \(kind)",
          expected: known.map { self[$0].name }.joined(separator: ", "))
      }
      return id
    }
    var sources = self.inputs
    if !inputs.isEmpty {
      sources = []
      for name in inputs { sources.append(try find(name, .inputName, "input", self.inputs)) }
    }
    var targets = self.outputs
    if !outputs.isEmpty {
      targets = []
      for name in outputs { targets.append(try find(name, .outputName, "output", self.outputs)) }
    }
    var needed: Set<Node.ID> = []
    var pending = targets
    let stops = Set(sources)
    while let id = pending.popLast() {
      if stops.contains(id) { continue }
      if let node = producer(of: id) {
        if needed.insert(node.id).inserted { pending += node.inputs.compactMap { $0 } }
      } else if constant(id) == nil {
        throw RunError(
          .inputName, "the outputs need input \"\(self[id].name)\", which is not among the inputs",
          expected: self.inputs.map { self[$0].name }.joined(separator: ", "), found: inputs.joined(separator: ", "))
      }
    }
    let nodes = nodes.filter { needed.contains($0.id) }
    var result = try asRunError { () throws(GraphError) in
      try extracting(nodes, inputs: sources, outputs: targets)
    }
    result.metadata = metadata
    return result
  }
}
